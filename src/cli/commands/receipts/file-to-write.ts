import { RollcallError } from "../../../errors.js";
import { isOwnFile, whatIsAt } from "../../../owned-file.js";
import { typedPath } from "../../process/typed-path.js";

/**
 * A file that a person wants written, absolute. What has that name stays what it is, a link too, unless Rollcall made it.
 * @throws RollcallError BAD_USAGE
 */
export function fileToWrite(what: string, path: string, isRollcalls: (path: string) => boolean): string {
  const absolute = typedPath(what, path);
  if (whatIsAt(absolute) === undefined) return absolute;
  if (isOwnFile(absolute) && isRollcalls(absolute)) return absolute;
  throw new RollcallError("BAD_USAGE", {
    message: `${what}: ${absolute} already exists, and Rollcall did not make it.`,
    remedy: "Name a file that does not exist yet.",
  });
}
