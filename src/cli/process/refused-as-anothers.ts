import { realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { hasErrno } from "../../errors.js";
import { inTheWay, isMine, whatIsAt, whatItIs } from "../../owned-file.js";
import type { Settings } from "./settings.js";

/** So many causes of causes are looked at. */
const MOST_CAUSES = 5;

/**
 * A command that was run with sudo leaves files of root among Rollcall's own, which the system then refuses to everybody
 * else. Such a refusal is told as what it is, with the line that helps. Of a folder that a person named
 * (`ROLLCALL_STAGING`, that of a copy) nothing is said: whose that is, is theirs to decide.
 * @returns the error itself for everything else
 */
export function refusedAsAnothers(
  error: unknown,
  { dataFolder, stagingFolder, carried }: Pick<Settings, "dataFolder" | "stagingFolder" | "carried">,
): unknown {
  const refused = refusedPath(error);
  if (refused === null) return error;
  const own = carried.ROLLCALL_STAGING === undefined ? [dataFolder, stagingFolder] : [dataFolder];
  for (const top of own) {
    const foreign = firstForeign(top, refused) ?? firstForeign(whereItLies(top), refused);
    if (foreign !== null) return inTheWay(foreign, whatItIs(foreign), error);
  }
  return error;
}

/** The path that the system refused for want of a right; null where that was not the trouble. */
function refusedPath(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < MOST_CAUSES; at = at.cause, depth += 1)
    if (hasErrno(at, "EACCES", "EPERM") && "path" in at && typeof at.path === "string") return at.path;
  return null;
}

/** The topmost on the way from a folder to what lies in it that another user owns; null where there is none, or a link. */
function firstForeign(top: string, path: string): string | null {
  const below = relative(top, path);
  if (below === ".." || below.startsWith(`..${sep}`)) return null;
  let at = top;
  for (const name of ["", ...below.split(sep)]) {
    at = join(at, name);
    const found = lookedAt(at);
    if (found === null || found.isSymbolicLink()) return null;
    if (!isMine(found)) return at;
  }
  return null;
}

function lookedAt(path: string) {
  try {
    return whatIsAt(path) ?? null;
  } catch {
    return null; // in a folder that is this user's and shut
  }
}

function whereItLies(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
