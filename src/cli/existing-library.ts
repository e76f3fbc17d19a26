import { statSync } from "node:fs";
import { resolve } from "node:path";
import { RollcallError } from "../errors.js";

/**
 * A library package that a person named, absolute. A receipt must not name one that is not there.
 * @param what where it was named: `--library`
 * @throws RollcallError BAD_USAGE
 */
export function existingLibrary(what: string, path: string): string {
  const absolute = resolve(path);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) return absolute;
  throw new RollcallError("BAD_USAGE", {
    message: `${what}: there is no library package at ${absolute}.`,
    remedy: "Name the .photoslibrary that Photos has open, or leave it out.",
  });
}
