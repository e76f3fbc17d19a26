import type { ErrorCode, RollcallError } from "../../errors.js";

/** Every exit status of every command, named once. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  wrongAnswers: 3,
  notPermitted: 4,
  phone: 5,
  space: 6,
  photos: 7,
  anotherRollcall: 8,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** What each status means, for `--help`. */
export const STATUS_MEANINGS: Readonly<Record<ExitStatus, string>> = {
  0: "all answered, nothing wrong (nothing new, too)",
  1: "unexpected trouble, a set-up that did not succeed, a data folder that cannot be used, or you declined",
  2: "usage: a flag, a date, a setting or a receipt that cannot be used",
  3: "finished, but some files failed, differ, are missing or unknown, or new photos stayed in iCloud Photos",
  4: "a permission of macOS is missing",
  5: "no phone, or it is locked, not trusted, or gone",
  6: "not enough space",
  7: "Photos cannot be used",
  8: "another Rollcall is running here",
  130: "stopped by Ctrl-C; the same command resumes where it stopped",
  143: "stopped by SIGTERM; the same command resumes where it stopped",
};

const BY_CODE: Readonly<Record<Exclude<ErrorCode, "STOPPED">, ExitStatus>> = {
  NO_PHONE: EXIT.phone,
  PHONE_NOT_FOUND: EXIT.phone,
  SEVERAL_PHONES: EXIT.phone,
  USBMUXD_ABSENT: EXIT.phone,
  USBMUXD_TROUBLE: EXIT.phone,
  PHONE_LOCKED: EXIT.phone,
  PHONE_NOT_TRUSTED: EXIT.phone,
  PHONE_TRUST_PENDING: EXIT.phone,
  PHONE_TRUST_REFUSED: EXIT.phone,
  PHONE_TRUST_LOST: EXIT.phone,
  PHONE_NOT_PROVED: EXIT.phone,
  PHONE_CABLE_ONLY: EXIT.phone,
  PHONE_NETWORK_ONLY: EXIT.phone,
  PHONE_BUSY: EXIT.phone,
  PHONE_SILENT: EXIT.phone,
  PHONE_REFUSED: EXIT.phone,
  PHONE_GONE: EXIT.phone,
  PHONE_PROTOCOL: EXIT.phone,
  PHONE_LIBRARY_UNREADABLE: EXIT.phone,
  PHONE_NOT_APPROVED: EXIT.phone,
  NOT_MACOS: EXIT.photos,
  PHOTOS_NOT_PERMITTED: EXIT.notPermitted,
  PHOTOS_UNAVAILABLE: EXIT.photos,
  PHOTOS_LIBRARY_SWITCHED: EXIT.photos,
  LIBRARY_UNREADABLE: EXIT.photos,
  LIBRARY_NOT_PERMITTED: EXIT.notPermitted,
  OSASCRIPT_ABSENT: EXIT.photos,
  SCRIPT_FAILED: EXIT.photos,
  NOT_ENOUGH_SPACE: EXIT.space,
  DISK_FULL: EXIT.space,
  FOLDER_NOT_WRITABLE: EXIT.unexpected,
  FOLDER_NOT_OURS: EXIT.unexpected,
  FOLDER_OF_OTHER_PHONE: EXIT.usage,
  SETUP_FAILED: EXIT.unexpected,
  LEDGER_DAMAGED: EXIT.unexpected,
  LEDGER_FROM_THE_FUTURE: EXIT.unexpected,
  ANOTHER_ROLLCALL: EXIT.anotherRollcall,
  BAD_USAGE: EXIT.usage,
  BAD_CONFIG: EXIT.usage,
  NO_SUCH_ALBUM: EXIT.usage,
  NO_SUCH_FOLDER: EXIT.usage,
  RECEIPT_NOT_FOUND: EXIT.usage,
  RECEIPT_UNREADABLE: EXIT.usage,
  RECEIPT_FROM_THE_FUTURE: EXIT.usage,
  DECLINED: EXIT.unexpected,
  BUG: EXIT.unexpected,
};

/**
 * The status of a command that ended with this error.
 * @param stoppedBy the signal that asked it to stop, if one did
 */
export function statusOfError(error: RollcallError, stoppedBy: NodeJS.Signals | null): ExitStatus {
  if (error.code !== "STOPPED") return BY_CODE[error.code];
  return statusOfSignal(stoppedBy ?? "SIGINT");
}

/** SIGHUP, a closed terminal, counts as SIGTERM does: nobody is there any more to press anything. */
export function statusOfSignal(signal: NodeJS.Signals): ExitStatus {
  return signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
}
