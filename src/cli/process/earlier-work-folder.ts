import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  adoptFolder,
  isFolderOf,
  isMarked,
  isOwnFolder,
  isPassingName,
  removeFrom,
  removeIfEmpty,
  removeOwnTree,
} from "../../owned-folder.js";

/** What `rollcall-work` was called by an earlier version. */
export const EARLIER_WORK_FOLDER = "work";

/** What an earlier version left there when it was killed: copies of a photo database, and names with a UUID. */
function isEarlierEntry(entry: Dirent): boolean {
  return isPassingName(entry) || isEarlierCopy(entry);
}

function isEarlierCopy(entry: Dirent): boolean {
  if (!entry.isDirectory() || !/^(phone-)?library-[A-Za-z0-9]{6}$/.test(entry.name)) return false;
  const path = join(entry.parentPath, entry.name);
  const isDatabase = (file: Dirent) =>
    file.isFile() && /^Photos\.sqlite(-wal|-shm|-journal)?$/.test(file.name);
  return isOwnFolder(path) && readdirSync(path, { withFileTypes: true }).every(isDatabase);
}

/** Whether that folder holds something, and nothing but what an earlier version left there. */
export function isEarlierWork(entry: Dirent): boolean {
  return isFolderOf(entry, isEarlierEntry);
}

/**
 * Removes what a killed run of an earlier version left, which may be gigabytes, from a data folder that is marked. Best
 * effort. Only while no other Rollcall is at work.
 */
export function removeEarlierWork(dataFolder: string): void {
  const work = join(dataFolder, EARLIER_WORK_FOLDER);
  try {
    if (!isMarked(dataFolder) || !isOwnFolder(work)) return;
    adoptFolder(work, isEarlierEntry);
    if (!isMarked(work)) return;
    for (const entry of readdirSync(work, { withFileTypes: true }))
      if (isEarlierCopy(entry)) removeOwnTree(join(work, entry.name));
    removeFrom(work, isPassingName);
    removeIfEmpty(work);
  } catch {
    // it stays, and is looked at again by the next run
  }
}
