import { hasErrno, RollcallError } from "../errors.js";

/** The library is there, and cannot be read: not permitted, damaged, or of a make that we do not know. */
export function libraryUnreadable(libraryPath: string, why: string, cause?: unknown): RollcallError {
  return new RollcallError("LIBRARY_UNREADABLE", {
    message: `The Photos library ${libraryPath} could not be read.`,
    why,
    remedy:
      "Nothing in it was changed. Open it in Photos and wait until it is still, then run the same command again. " +
      "If Photos complains too, hold Option and Command while it starts: it offers to repair the library.",
    cause,
  });
}

/** Reading files inside the package failed with `cause`. */
export function readingFailed(libraryPath: string, cause: unknown): RollcallError {
  if (!hasErrno(cause, "EPERM", "EACCES"))
    return libraryUnreadable(libraryPath, `The system says: ${saidBy(cause)}`, cause);
  return new RollcallError("LIBRARY_UNREADABLE", {
    message: `The Photos library ${libraryPath} may not be read by this program.`,
    why: "macOS keeps photo libraries from programs that were not given access, or the folder belongs to somebody else.",
    remedy:
      "In System Settings, Privacy & Security, give the program that runs rollcall (Terminal, for instance) access to " +
      "Photos, or else Full Disk Access, start that program anew, and run the same command again.",
    cause,
  });
}

/** True where it was a missing right, and not the library, that kept us out. */
export function isLibraryNotPermitted(error: unknown): boolean {
  return (
    error instanceof RollcallError &&
    error.code === "LIBRARY_UNREADABLE" &&
    hasErrno(error.cause, "EPERM", "EACCES")
  );
}

export function notALibrary(path: string, why: string, cause?: unknown): RollcallError {
  return new RollcallError("BAD_USAGE", {
    message: `${path} is not a Photos library that can be read.`,
    why,
    remedy: "Name a package that ends in .photoslibrary, made or upgraded by Photos on macOS 10.15 or later.",
    cause,
  });
}

export function saidBy(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
}
