import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../errors.js";
import { isRunFolderName } from "../ledger/run-folder.js";
import { removeOwnFile } from "../owned-file.js";
import { isOwnFolder, removeEmpty } from "../owned-folder.js";
import { isProbeName, removeProbe } from "./left-probes.js";
import { isPartialCopyName, readResumableName } from "./resumable-copy.js";

/** What was cut off and is not gone on with for so long is not wanted any more. */
const UNFINISHED_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

export interface StagingFile {
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** The remains of a copy that was cut off: never whole, never a photo's only copy. */
  readonly isPartial: boolean;
}

/** Removes the folders of a run that are empty by now, with its own. Call it when nothing is copied any more. */
export async function removeEmptyRunFolder(runFolder: string): Promise<void> {
  if (!isOwnFolder(runFolder)) return;
  for (const entry of await readdir(runFolder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeEmptyRunFolder(join(runFolder, entry.name));
  removeEmpty(runFolder);
}

/** Every regular file below a folder, which itself may be a link; nothing where it is not there. */
export async function* stagingFiles(folder: string): AsyncGenerator<StagingFile> {
  for (const entry of await entriesIn(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* stagingFiles(path);
    else if (entry.isFile())
      yield { path, sizeBytes: (await lstat(path)).size, isPartial: isPartialCopyName(entry.name) };
  }
}

/** The same as {@link removePartialCopies} in every run's folder of a staging folder, and nowhere else in it. */
export async function removePartialCopiesOfRuns(stagingFolder: string): Promise<void> {
  for (const { name } of await entriesIn(stagingFolder))
    if (isRunFolderName(name)) await removePartialCopies(join(stagingFolder, name));
}

/**
 * Removes what a killed run left half written, known by names that nobody else gives, but not what the next one can go
 * on with. Other users' files stay, and what a link leads to. Call it only while no other Rollcall is at work.
 */
export async function removePartialCopies(folder: string, now = new Date()): Promise<number> {
  if (!isOwnFolder(folder)) return 0;
  let removed = 0;
  for (const entry of await entriesIn(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && isProbeName(entry.name)) removeProbe(path);
    else if (entry.isDirectory()) removed += await removePartialCopies(path, now);
    if (!entry.isFile() || !isPartialCopyName(entry.name)) continue;
    if (readResumableName(path) !== null && (await isYoung(path, now))) continue;
    if (removeOwnFile(path)) removed += 1;
  }
  return removed;
}

async function entriesIn(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  });
}

async function isYoung(path: string, now: Date): Promise<boolean> {
  const { mtimeMs } = await lstat(path);
  return now.getTime() - mtimeMs < UNFINISHED_KEPT_MS;
}
