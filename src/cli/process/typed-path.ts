import { resolve } from "node:path";
import { RollcallError } from "../../errors.js";

/**
 * A path that a person typed, absolute. A `~` at its beginning means their home to a shell alone, and not inside quotes
 * or after an equals sign: taken as it is, it would make a folder called `~`.
 * @param what where it was typed: `--html`, `ROLLCALL_HOME`
 * @throws RollcallError BAD_USAGE
 */
export function typedPath(what: string, path: string): string {
  if (!path.startsWith("~")) return resolve(path);
  throw new RollcallError("BAD_USAGE", {
    message: `${what}: ${path} begins with ~, which only a shell turns into your home, and not inside quotes.`,
    remedy: `Write the whole path${/^~(\/|$)/.test(path) ? `, or $HOME${path.slice(1)}` : ""}; ./${path} is one called so.`,
  });
}
