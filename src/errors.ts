import type { ReasonCode } from "./reason-codes.js";
import type { ImportOption, Remedy } from "./remedy.js";

/**
 * The one kind of error that a person can cause. It stops the run; what happens to a single photo
 * is a value ({@link Reason}), not an exception.
 */
export class RollcallError extends Error {
  /** Stable, searchable, never renamed: `PHONE_LOCKED`. */
  readonly code: ErrorCode;
  /** Why it happened, one sentence; absent where the message already says it. */
  readonly why: string | undefined;
  /** What the person can do now. */
  readonly remedy: Remedy;
  /** What of the request is wrong, where it is one part of it. */
  readonly option: ImportOption | undefined;

  constructor(
    code: ErrorCode,
    parts: {
      message: string;
      why?: string | undefined;
      remedy: Remedy;
      option?: ImportOption | undefined;
      cause?: unknown;
    },
  ) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "RollcallError";
    this.code = code;
    this.why = parts.why;
    this.remedy = parts.remedy;
    this.option = parts.option;
  }
}

/** Why one file or item has the answer it has; or, with codes of another set, why something is as it is. */
export interface Reason<Code extends string = ReasonCode> {
  readonly code: Code;
  readonly message: string;
  readonly remedy: Remedy;
}

/** The codes that end a run. Each belongs to one exit status (see `cli/process/exit-status.ts`). */
export type ErrorCode =
  // the phone
  | "NO_PHONE"
  | "PHONE_NOT_FOUND"
  | "SEVERAL_PHONES"
  | "USBMUXD_ABSENT"
  | "USBMUXD_TROUBLE"
  | "PHONE_LOCKED"
  | "PHONE_NOT_TRUSTED"
  | "PHONE_TRUST_PENDING"
  | "PHONE_TRUST_REFUSED"
  | "PHONE_TRUST_LOST"
  | "PHONE_NOT_PROVED"
  | "PHONE_CABLE_ONLY"
  | "PHONE_NETWORK_ONLY"
  | "PHONE_BUSY"
  | "PHONE_SILENT"
  | "PHONE_REFUSED"
  | "PHONE_GONE"
  | "PHONE_PROTOCOL"
  | "PHONE_LIBRARY_UNREADABLE"
  | "PHONE_NOT_APPROVED"
  // Photos
  | "NOT_MACOS"
  | "PHOTOS_NOT_PERMITTED"
  | "PHOTOS_UNAVAILABLE"
  | "PHOTOS_LIBRARY_SWITCHED"
  | "LIBRARY_UNREADABLE"
  | "LIBRARY_NOT_PERMITTED"
  | "OSASCRIPT_ABSENT"
  | "SCRIPT_FAILED"
  // this computer
  | "NOT_ENOUGH_SPACE"
  | "DISK_FULL"
  | "FOLDER_NOT_WRITABLE"
  | "FOLDER_NOT_OURS"
  | "FOLDER_OF_OTHER_PHONE"
  | "SETUP_FAILED"
  | "LEDGER_DAMAGED"
  | "LEDGER_FROM_THE_FUTURE"
  | "ANOTHER_ROLLCALL"
  // what the person typed or gave
  | "BAD_USAGE"
  | "BAD_CONFIG"
  | "NO_SUCH_ALBUM"
  | "NO_SUCH_FOLDER"
  | "RECEIPT_NOT_FOUND"
  | "RECEIPT_UNREADABLE"
  | "RECEIPT_FROM_THE_FUTURE"
  // ends that are nobody's fault
  | "STOPPED"
  | "DECLINED"
  // ours
  | "BUG";

/** A promise of Rollcall's own was broken. Says so plainly, and asks for a report. */
export function bug(message: string, cause?: unknown): RollcallError {
  return new RollcallError("BUG", {
    message: `Rollcall has a bug: ${message}`,
    remedy: "Nothing was deleted. Please report this with the command you ran.",
    cause,
  });
}

/** Thrown when a run ends because somebody asked it to (Ctrl-C, SIGTERM, a caller's AbortSignal). */
export function stopped(signal: AbortSignal): RollcallError {
  return new RollcallError("STOPPED", {
    message: "Stopped, as asked.",
    remedy: "Run the same command again: it resumes where it stopped.",
    cause: signal.reason,
  });
}

/**
 * Errors that the system has a number for and Node has no name: errno.h of Linux and of macOS. Node says
 * "Unknown system error -122".
 */
const UNNAMED: Readonly<Record<string, string>> =
  process.platform === "darwin" ? { 69: "EDQUOT", 70: "ESTALE" } : { 116: "ESTALE", 122: "EDQUOT" };

/** True where an operating system call failed with this errno name. */
export function hasErrno(error: unknown, ...names: string[]): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const code = String(error.code);
  const number = /^Unknown system error -(\d+)$/.exec(code)?.[1];
  return names.includes(number === undefined ? code : (UNNAMED[number] ?? code));
}
