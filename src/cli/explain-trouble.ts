import { hasErrno, RollcallError } from "../errors.js";
import { explainWriteError } from "../transfer/copy-file.js";

/** SQLite's primary result codes (sqlite3.h) that say something a person can act on. */
const SQLITE = { busy: 5, locked: 6, corrupt: 11, full: 13, notADatabase: 26 } as const;

/**
 * Whatever ended a command, as the error that a person is shown.
 * @returns null for what nobody foresaw
 */
export function explainTrouble(error: unknown, isStopped: boolean): RollcallError | null {
  if (error instanceof RollcallError) return error;
  if (!(error instanceof Error)) return null;
  if (isStopped && (error.name === "AbortError" || error.name === "CanceledError")) {
    return new RollcallError("STOPPED", {
      message: "Stopped, as asked.",
      remedy: "Run the same command again: it goes on where it stopped.",
      cause: error,
    });
  }
  // By name, so that the modules of phone and Photos need not be loaded to say so.
  if (error.name === "PhotosEventError") {
    return new RollcallError("PHOTOS_UNAVAILABLE", {
      message: "Photos did not do what it was asked.",
      why: error.message,
      remedy:
        "Look whether Photos shows a message, then run the same command again: it goes on where it stopped.",
      cause: error,
    });
  }
  if (error.name === "PhoneFileError") {
    return new RollcallError("PHONE_REFUSED", {
      message: "The iPhone would not give a file that Rollcall needs.",
      why: error.message,
      remedy: "Unlock it and run the same command again.",
      cause: error,
    });
  }
  const database = explainDatabase(error);
  if (database !== null) return database;
  const place = "path" in error && typeof error.path === "string" ? error.path : "its folder";
  if (hasErrno(error, "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENOTDIR")) {
    const explained = explainWriteError(error, place);
    return explained instanceof RollcallError ? explained : null;
  }
  return null;
}

function explainDatabase(error: Error): RollcallError | null {
  if (!("errcode" in error) || typeof error.errcode !== "number") return null;
  const why = error.message;
  switch (error.errcode & 0xff) {
    case SQLITE.busy:
    case SQLITE.locked:
      return new RollcallError("ANOTHER_ROLLCALL", {
        message: "Another Rollcall is writing to the ledger.",
        why,
        remedy: "Wait until it has ended, then run this again.",
        cause: error,
      });
    case SQLITE.full:
      return new RollcallError("DISK_FULL", {
        message: "The disk is full.",
        why: `The ledger could not be written (${why}).`,
        remedy: "Free some space, then run the same command again: it goes on where it stopped.",
        cause: error,
      });
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return new RollcallError("LEDGER_DAMAGED", {
        message: "The ledger, Rollcall's memory of what it brought, cannot be read.",
        why,
        remedy:
          "It was left as it is. Restore it from a backup, or move it away and use rollcall plan --mark-known.",
        cause: error,
      });
    default:
      return null;
  }
}
