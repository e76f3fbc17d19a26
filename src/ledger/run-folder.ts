import { removeOwnFile } from "../owned-file.js";
import { isStraightBelow } from "../owned-folder.js";

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** In staging each run copies into a folder that bears its id; whatever else lies there is not Rollcall's. */
export function isRunFolderName(name: string): boolean {
  return RUN_ID.test(name);
}

/** The run's folder that a staged copy lies in: the first on the way to it that bears an id. Null where there is none. */
export function runFolderOf(copyPath: string): string | null {
  const parts = copyPath.split("/");
  const at = parts.slice(0, -1).findIndex(isRunFolderName);
  return at < 0 ? null : parts.slice(0, at + 1).join("/");
}

/**
 * Removes one file of a run from staging. What the ledger knows is the mark here: a run's folder gets no other, because
 * Photos may go on reading from it.
 * @returns false where it stays: another user's, a link, or reached by one, or in no run's folder
 * @throws the system's error
 */
export function removeStaged(path: string): boolean {
  const runFolder = runFolderOf(path);
  return runFolder !== null && isStraightBelow(runFolder, path) && removeOwnFile(path);
}
