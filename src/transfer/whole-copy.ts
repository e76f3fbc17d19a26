import { lstat, stat, utimes } from "node:fs/promises";
import { hashOf } from "./disk.js";

/** FAT keeps times to two seconds, HFS+ to one. */
const COARSEST_TIME_MS = 2_000;

/** A copy is synced and dated before it gets its name; size and time tell whether it is still that one. */
export async function isWhole(copyPath: string, sizeBytes: number, modifiedAtMs: number): Promise<boolean> {
  try {
    const found = await stat(copyPath);
    return found.isFile() && found.size === sizeBytes && isKeptTime(found.mtimeMs, modifiedAtMs);
  } catch {
    return false;
  }
}

/** A file that has the size of a copy; its date is another one, or is not looked at. */
export async function hasSizeOf(copy: Pick<MadeCopy, "copyPath" | "sizeBytes">): Promise<boolean> {
  return await lstat(copy.copyPath).then(
    (found) => found.isFile() && found.size === copy.sizeBytes,
    () => false,
  );
}

/** A copy as it was made. */
export interface MadeCopy {
  readonly copyPath: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly sha256: string;
}

/**
 * The same of a copy whose date the disk did not take, or somebody changed: its bytes are read, and it is dated again
 * where the disk takes that.
 * @throws RollcallError STOPPED
 */
export async function hasSameBytes(
  { copyPath, modifiedAtMs, sha256 }: MadeCopy,
  options: Parameters<typeof hashOf>[1],
): Promise<boolean> {
  try {
    if ((await hashOf(copyPath, options)) !== sha256) return false;
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    return false;
  }
  await dateAgain(copyPath, modifiedAtMs);
  return true;
}

/** Of a file with the right bytes: where the disk refuses the date, they are what counts. */
export async function dateAgain(path: string, modifiedAtMs: number): Promise<void> {
  await utimes(path, new Date(modifiedAtMs), new Date(modifiedAtMs)).catch(() => {});
}

/** FAT counts from here. */
const FAT_BEGINS_MS = Date.UTC(1980, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
const HALF_HOUR_MS = 30 * 60 * 1000;

/**
 * Whether a disk may show this for a time that was given to it. FAT keeps even seconds of the clock on the wall, which is
 * another one in summer and on a journey, and nothing before 1980.
 */
export function isKeptTime(shownMs: number, givenMs: number): boolean {
  const apartMs = Math.abs(shownMs - givenMs);
  if (apartMs <= COARSEST_TIME_MS) return true;
  if (shownMs % COARSEST_TIME_MS !== 0 || apartMs > DAY_MS + COARSEST_TIME_MS)
    return givenMs < FAT_BEGINS_MS && Math.abs(shownMs - FAT_BEGINS_MS) <= DAY_MS;
  const beside = apartMs % HALF_HOUR_MS;
  return Math.min(beside, HALF_HOUR_MS - beside) <= COARSEST_TIME_MS;
}
