import { closeSync, fsyncSync, openSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { partialBeside, removeOwnFile } from "../owned-file.js";
import { advise } from "../remedy.js";

/** SQLite's primary result codes (sqlite3.h) that say something a person can act on. */
const SQLITE = {
  permission: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

/** What SQLite threw. `systemErrno`: what the system answered it, where that was the trouble. */
interface DatabaseError extends Error {
  readonly errcode: number;
  readonly systemErrno?: number;
}

/** SQL that is wrong, and calls that are (SQLITE_ERROR, MISUSE, RANGE): faults of Rollcall's own. */
const OURS = [1, 21, 25];

/** Whether SQLite threw it, and the file or its disk is the trouble. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  if (!(error instanceof Error && "errcode" in error)) return false;
  return typeof error.errcode === "number" && !OURS.includes(error.errcode & 0xff);
}

/**
 * Whatever went wrong with the ledger's file, by the code of SQLite or of the system and never by a text. Damaged is
 * only what SQLite calls so, or what a check of ours found.
 * @param path undefined where the ledger is not known by now
 */
export function explainLedgerTrouble(path: string | undefined, error: unknown): RollcallError {
  if (error instanceof RollcallError) return error;
  const place = path ?? "the ledger";
  if (path !== undefined && isFolder(path)) return ledgerDamaged(path, "it is a folder", error);
  const cause = isDatabaseError(error) ? asSystemError(error) : error;
  const primary = isDatabaseError(error) ? error.errcode & 0xff : null;
  if (primary === SQLITE.corrupt || primary === SQLITE.notADatabase)
    return ledgerDamaged(path, textOf(error), error);
  if (primary === SQLITE.busy || primary === SQLITE.locked || primary === SQLITE.protocol)
    return anotherWrites(error);
  if (primary === SQLITE.full || hasErrno(cause, "ENOSPC", "EDQUOT")) return diskFull(place, error);
  if (hasErrno(cause, "EMFILE", "ENFILE")) return tooManyOpen(place, error);
  if (hasErrno(cause, "EACCES", "EPERM", "EROFS"))
    return notWritable(path === undefined ? place : dirname(path), error);
  if (hasErrno(cause, "EIO", "ESTALE", "ENXIO", "ENODEV", "ETIMEDOUT")) return diskTrouble(place, error);
  // SQLite does not always say what the system answered: then it is asked here.
  if (primary === SQLITE.ioError || primary === SQLITE.cantOpen) {
    if (path !== undefined && isDiskFull(dirname(path))) return diskFull(place, error);
    if (primary === SQLITE.ioError) return diskTrouble(place, error);
  }
  return notWritable(path === undefined ? place : dirname(path), error);
}

/** Names of the numbers that SQLite passes on, which are alike on Linux and macOS but for the last. */
const ERRNO: Readonly<Record<number, string>> = {
  1: "EPERM",
  5: "EIO",
  6: "ENXIO",
  13: "EACCES",
  19: "ENODEV",
  23: "ENFILE",
  24: "EMFILE",
  28: "ENOSPC",
  30: "EROFS",
};

function asSystemError({ message, systemErrno, errcode }: DatabaseError): Error {
  const readonly = [SQLITE.readonly, SQLITE.permission].some((code) => code === (errcode & 0xff));
  const number = systemErrno ?? 0;
  const code = ERRNO[number] ?? (readonly ? "EACCES" : `Unknown system error -${number}`);
  return Object.assign(new Error(message), { code });
}

/** A check of ours, or SQLite, says that the file is none of the ledger's. */
export function ledgerDamaged(path: string | undefined, why: string, cause?: unknown): RollcallError {
  return new RollcallError("LEDGER_DAMAGED", {
    message: "The ledger, Rollcall's memory of what it imported, cannot be read.",
    why: path === undefined ? why : `${path}: ${why}`,
    remedy: advise`It was left as it is. Restore it from a backup (Time Machine has it), or move it away: the next import knows photos by their bytes in the library, where it may read that (${{ action: "doctor" }}). Where it may not, it imports them again; ${{ action: "assume-imported" }}, with the day of your last import, prevents that.`,
    cause,
  });
}

function anotherWrites(cause: unknown): RollcallError {
  return new RollcallError("ANOTHER_ROLLCALL", {
    message: "Another Rollcall is writing to the ledger.",
    why: textOf(cause),
    remedy: "Wait until it has ended, then run this again.",
    cause,
  });
}

function diskFull(place: string, cause: unknown): RollcallError {
  return new RollcallError("DISK_FULL", {
    message: "The disk is full.",
    why: `Nothing more could be written to ${place} (${textOf(cause)}). What is in it is whole.`,
    remedy: "Free some space, then run the same command again: it resumes where it stopped.",
    cause,
  });
}

function diskTrouble(place: string, cause: unknown): RollcallError {
  return new RollcallError("FOLDER_NOT_WRITABLE", {
    message: `The disk failed a request: ${place}`,
    why: textOf(cause),
    remedy: "Nothing was changed. Check the disk and its connection, then run the same command again.",
    cause,
  });
}

function tooManyOpen(place: string, cause: unknown): RollcallError {
  return new RollcallError("FOLDER_NOT_WRITABLE", {
    message: `Too many files are open: ${place}`,
    why: textOf(cause),
    remedy: "Close other programs, or raise the limit (ulimit -n 4096), then run the same command again.",
    cause,
  });
}

/** The data folder cannot be written to; where its disk is full, that is said. */
export function notWritable(path: string, cause: unknown): RollcallError {
  if (hasErrno(cause, "ENOSPC", "EDQUOT")) return diskFull(path, cause);
  if (hasErrno(cause, "EMFILE", "ENFILE")) return tooManyOpen(path, cause);
  if (hasErrno(cause, "EIO", "ESTALE", "ENXIO", "ENODEV")) return diskTrouble(path, cause);
  return new RollcallError("FOLDER_NOT_WRITABLE", {
    message: `Rollcall cannot write to its data folder: ${path}`,
    why: `the system refused it (${textOf(cause)})`,
    remedy: "Make the folder writable for you, or name another one with ROLLCALL_HOME.",
    cause,
  });
}

/** What a commit of the ledger takes for its log and that log's index. */
const ROOM_BYTES = 256 * 1024;

/** Tries it, since a quota is seen in no other way. Nothing stays behind. */
export function isDiskFull(folder: string): boolean {
  const path = partialBeside(`${folder}/ledger.sqlite`);
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      // A call may write less than it was given: the next one says why.
      for (let left = ROOM_BYTES; left > 0; ) left -= writeSync(file, Buffer.alloc(left));
      fsyncSync(file);
      return false;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return hasErrno(error, "ENOSPC", "EDQUOT");
  } finally {
    removeOwnFile(path);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
