import { hasErrno, RollcallError } from "../../errors.js";
import { explainLedgerTrouble, isDatabaseError } from "../../ledger/ledger-trouble.js";
import { explainWriteError } from "../../transfer/write-errors.js";
import { commandWords } from "../terminal/command-words.js";

/**
 * Whatever ended a command, as the error that a person is shown.
 * @returns null for what nobody foresaw
 */
export function explainTrouble(error: unknown, isStopped: boolean): RollcallError | null {
  if (error instanceof RollcallError) return withItsFlag(error);
  if (!(error instanceof Error)) return null;
  // Closing something failed after the work had failed: the first of the two is the trouble.
  if (isSuppressed(error))
    return explainTrouble(error.suppressed, isStopped) ?? explainTrouble(error.error, isStopped);
  if (isStopped && (error.name === "AbortError" || error.name === "CanceledError")) {
    return new RollcallError("STOPPED", {
      message: "Stopped, as asked.",
      remedy: "Run the same command again: it resumes where it stopped.",
      cause: error,
    });
  }
  // By name, so that the modules of phone and Photos need not be loaded to say so.
  if (error.name === "PhotosEventError") {
    return new RollcallError("PHOTOS_UNAVAILABLE", {
      message: "Photos did not do what it was asked.",
      why: error.message,
      remedy:
        "Look whether Photos shows a message, then run the same command again: it resumes where it stopped.",
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
  if (isDatabaseError(error)) return explainLedgerTrouble(undefined, error);
  const place = "path" in error && typeof error.path === "string" ? error.path : "its folder";
  if (
    hasErrno(error, "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENOTDIR", "EIO", "ESTALE") ||
    hasErrno(error, "EMFILE", "ENFILE")
  ) {
    const explained = explainWriteError(error, place);
    return explained instanceof RollcallError ? explained : null;
  }
  return null;
}

/** "--album: the phone has no album ...", where one part of what was asked for is wrong. */
function withItsFlag(error: RollcallError): RollcallError {
  const { code, message, why, remedy, option } = error;
  if (option === undefined) return error;
  const flag = commandWords({ action: "choose", by: option });
  const said = message.charAt(0).toLowerCase() + message.slice(1);
  return new RollcallError(code, { message: `${flag}: ${said}`, why, remedy, cause: error });
}

/** What `using` throws where both the work and the closing failed (ECMAScript, SuppressedError). */
export function isSuppressed(error: Error): error is Error & { error: unknown; suppressed: unknown } {
  return error.name === "SuppressedError" && "suppressed" in error && "error" in error;
}
