import { hasErrno, RollcallError } from "../errors.js";
import type { LibraryTrouble } from "../photos/library-package.js";
import { advise, choose, VERIFY } from "../remedy.js";

/** The library is there, and cannot be read: damaged, half copied, or of a make that we do not know. */
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

/** What `open` takes on a Mac, from macOS 13; the name of the switch follows. */
const PRIVACY_SETTINGS = "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?";

/** Which switch lets a program read photo libraries, the smaller right first, each with what opens it. */
const SWITCHES =
  "In System Settings > Privacy & Security > Photos, switch on the program that runs rollcall (Terminal, for " +
  `instance): open "${PRIVACY_SETTINGS}Privacy_Photos". If it is not listed there, or that is not enough: Full ` +
  `Disk Access, open "${PRIVACY_SETTINGS}Privacy_AllFiles".`;

/** Nobody knows which library is open, so none can be read. */
export const LIBRARY_NOT_KNOWN: LibraryTrouble = {
  code: "LIBRARY_NOT_KNOWN",
  message: "It is not known which library Photos has open, so no file inside it could be read.",
  remedy: advise`Name it with ${choose("library")} or ROLLCALL_PHOTOS_LIBRARY; ${VERIFY} then compares the bytes.`,
};

/**
 * The first touch of a library waits, perhaps for a person whom macOS asks about it.
 * @param app that macOS asks about; null where nobody knows
 */
export function libraryNotAnswered(libraryPath: string, app: string | null): LibraryTrouble {
  const who = app ?? "this program";
  return {
    code: "LIBRARY_NOT_ANSWERED",
    message:
      `The Photos library ${libraryPath} has not answered. macOS may be asking whether ${who} may access your ` +
      "photos: look behind the windows.",
    remedy: advise`Allow it there; ${VERIFY} then compares the bytes. ${SWITCHES}`,
  };
}

/** An error of reading a library as a value: a run goes on with what Photos says by script. */
export function reasonOf(error: unknown): LibraryTrouble {
  if (isLibraryNotPermitted(error) && error instanceof RollcallError && hasErrno(error.cause, "EPERM")) {
    const remedy = advise`${SWITCHES} Restart that program; ${VERIFY} then compares the bytes.`;
    return { code: error.code, message: error.message, remedy };
  }
  if (error instanceof RollcallError) {
    const message = error.why === undefined ? error.message : `${error.message} ${error.why}`;
    return { code: error.code, message, remedy: error.remedy };
  }
  const message = `The Photos library could not be read: ${messageOf(error)}`;
  return {
    code: "LIBRARY_UNREADABLE",
    message,
    remedy: advise`${{ action: "doctor" }} shows what is missing.`,
  };
}

/**
 * Reading files inside the package failed with `cause`. EPERM is how macOS refuses a program that was given no
 * access to photos; EACCES is an ordinary right of the file system, which no switch lifts.
 */
export function readingFailed(libraryPath: string, cause: unknown): RollcallError {
  if (!hasErrno(cause, "EPERM", "EACCES"))
    return libraryUnreadable(libraryPath, `The system says: ${messageOf(cause)}`, cause);
  const isPrivacy = hasErrno(cause, "EPERM");
  return new RollcallError("LIBRARY_NOT_PERMITTED", {
    message: `The Photos library ${libraryPath} may not be read by this program.`,
    why: isPrivacy
      ? "macOS keeps photo libraries from programs that were not given access to them."
      : "It belongs to another user of this computer, or its rights keep this one out.",
    remedy: isPrivacy
      ? `${SWITCHES} Then restart that program and run the same command again.`
      : "Run Rollcall as the user whose library it is, or have that user let you read it.",
    cause,
  });
}

/** True where it was a missing right, and not the library, that kept us out. */
export function isLibraryNotPermitted(error: unknown): boolean {
  return error instanceof RollcallError && error.code === "LIBRARY_NOT_PERMITTED";
}

export function notALibrary(
  path: string,
  why: string,
  cause?: unknown,
  remedy = "Name a package that ends in .photoslibrary, made or upgraded by Photos on macOS 10.15 or later.",
): RollcallError {
  return new RollcallError("BAD_USAGE", {
    message: `${path} is not a Photos library that can be read.`,
    why,
    remedy,
    cause,
  });
}

export function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
}
