import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat } from "node:fs/promises";
import { ORIGINAL_ROLES } from "../catalogue/file-roles.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import { removeStaged } from "../ledger/run-folder.js";
import { REFERENCED } from "./verdict-from-library.js";

/** FAT keeps times to two seconds, HFS+ to one. */
const COARSEST_TIME_MS = 2_000;

/**
 * Deletes the staged copies of an item whose content was read inside the library. The ledger has said so before, so
 * a run that is cut off here finds the rest and reads it again.
 * @param item as the ledger has it now
 * @param readInLibrary paths on the phone of the files whose equal was read just now
 * @returns how many copies are gone
 */
export async function deleteProvedCopies(
  item: LedgerItem,
  readInLibrary: ReadonlySet<string>,
): Promise<number> {
  const isProved = ({ path, answer }: LedgerFile) => answer === "proved" && readInLibrary.has(path);
  const isWhole = item.files.every((file) => !ORIGINAL_ROLES.has(file.role) || isProved(file));
  // A reference means that a staged file of this item is the photo: then all of them stay.
  if (!isWhole || item.files.some(({ reason }) => reason?.code === REFERENCED)) return 0;
  let gone = 0;
  for (const file of item.files) {
    if (!isProved(file) || !(await isUntouchedCopy(file))) continue;
    if (remove(file.copyPath)) gone += 1;
  }
  return gone;
}

/** What cannot be removed stays, which costs space and nothing else. */
function remove(copyPath: string): boolean {
  try {
    return removeStaged(copyPath);
  } catch {
    return false;
  }
}

/**
 * True where the copy is still there as it was made. One that somebody changed since is somebody's. One that bears
 * another time than the phone's may have been dated for Photos: then its bytes tell.
 */
export async function isUntouchedCopy(file: LedgerFile): Promise<boolean> {
  const { copyPath, sizeBytes, modifiedAtMs, sha256 } = file;
  const found = await lstat(copyPath).catch(() => null);
  if (found?.isFile() !== true || found.size !== sizeBytes) return false;
  if (Math.abs(found.mtimeMs - modifiedAtMs) <= COARSEST_TIME_MS) return true;
  return (await hashOf(copyPath).catch(() => null)) === sha256;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
