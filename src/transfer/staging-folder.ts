import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../errors.js";
import { PARTIAL_SUFFIX, readUnfinishedName } from "./unfinished-copy.js";

/** What was cut off and is not gone on with for so long is not wanted any more. */
const UNFINISHED_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

export interface StagingFile {
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** The remains of a copy that was cut off: never whole, never a photo's only copy. */
  readonly isPartial: boolean;
}

/** Every regular file below a folder; nothing where the folder is not there. */
export async function* stagingFiles(folder: string): AsyncGenerator<StagingFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* stagingFiles(path);
    else if (entry.isFile())
      yield { path, sizeBytes: (await lstat(path)).size, isPartial: entry.name.endsWith(PARTIAL_SUFFIX) };
  }
}

/**
 * Removes what a killed run left half written, but not what the next one can go on with. Call it only while no other
 * Rollcall is at work.
 */
export async function removePartialCopies(folder: string, now = new Date()): Promise<number> {
  let removed = 0;
  for await (const { path, isPartial } of stagingFiles(folder)) {
    if (!isPartial || (readUnfinishedName(path) !== null && (await isYoung(path, now)))) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

async function isYoung(path: string, now: Date): Promise<boolean> {
  const { mtimeMs } = await lstat(path);
  return now.getTime() - mtimeMs < UNFINISHED_KEPT_MS;
}
