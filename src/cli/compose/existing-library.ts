import { RollcallError } from "../../errors.js";
import type { LibraryAccess } from "../../photos/library-access.js";
import { isSystemsLibrary } from "../../photos/systems-library.js";
import { typedPath } from "../process/typed-path.js";

/**
 * A library package that a person named, absolute. A receipt must not name one that is not there. One that does not
 * answer is believed to be there.
 * @param what where it was named: `--library`
 * @throws RollcallError BAD_USAGE, STOPPED
 */
export async function existingLibrary(
  what: string,
  named: string,
  access: Pick<LibraryAccess, "locate">,
  signal?: AbortSignal,
): Promise<string> {
  const absolute = typedPath(what, named);
  const { kind, path } = await access.locate(absolute, signal);
  if (isSystemsLibrary(path)) {
    throw new RollcallError("BAD_USAGE", {
      message: `${what}: ${path} is "Shared with You", a library of the system's own, which takes no photos.`,
      remedy: "Name the .photoslibrary that Photos shows you, or leave it out.",
    });
  }
  if (kind === "folder" || kind === "silent") return absolute;
  throw new RollcallError("BAD_USAGE", {
    message: `${what}: there is no library package at ${absolute}.`,
    remedy: "Name the .photoslibrary that Photos has open, or leave it out.",
  });
}
