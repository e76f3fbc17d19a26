import { hasErrno, RollcallError } from "../errors.js";
import { advise, COPY } from "../remedy.js";

/** What Node calls what it asked the system for, where that can have been to read alone. */
const READS = ["scandir", "opendir", "stat", "lstat", "read", "readlink", "realpath"];

/** Turns a full disk or a missing right into an error a person can act on; passes anything else through. */
export function explainWriteError(error: unknown, folder: string): unknown {
  if (hasErrno(error, "ENOSPC", "EDQUOT")) {
    return new RollcallError("DISK_FULL", {
      message: "The disk is full.",
      why: `No more could be written below ${folder}. What was copied is whole and kept.`,
      remedy: "Free some space, then run the same command again: it resumes where it stopped.",
      cause: error,
    });
  }
  const refusals = [
    "EACCES",
    "EPERM",
    "EROFS",
    "ENOTDIR",
    "EEXIST",
    "EISDIR",
    "ENOENT",
    "EIO",
    "ENXIO",
    "ENODEV",
    "ESTALE",
    "EINVAL",
    "ENAMETOOLONG",
    "EILSEQ",
  ];
  if (hasErrno(error, ...refusals)) {
    const isRead = error instanceof Error && "syscall" in error && READS.includes(String(error.syscall));
    return new RollcallError("FOLDER_NOT_WRITABLE", {
      message: isRead ? `Rollcall cannot read ${folder}.` : `Rollcall cannot write to ${folder}.`,
      why: error instanceof Error ? error.message : String(error),
      remedy: advise`Make it ${isRead ? "readable" : "writable"} for you, or use another folder: ROLLCALL_STAGING names one for staging, ${COPY} takes one.`,
      cause: error,
    });
  }
  return error;
}
