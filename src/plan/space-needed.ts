import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";

/** Room left free on every volume, for the database and for whatever else the computer is doing. */
export const RESERVE_BYTES = 256 * 1024 * 1024;

/** Bytes that will be written below one folder. */
export interface SpaceNeed {
  /** What the person calls it: "the staging folder". */
  readonly what: string;
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Adds up needs by volume and compares with what is free, before the first byte is copied.
 * A folder that is not there yet counts as its nearest existing parent.
 * @throws RollcallError NOT_ENOUGH_SPACE
 */
export async function requireSpace(
  needs: readonly SpaceNeed[],
  /** Besides freeing some: what else helps, as the end of a sentence. */
  remedy: string,
  freeBytesOf: (folder: string) => Promise<{ volume: string; freeBytes: number }> = freeSpace,
): Promise<void> {
  const volumes = new Map<string, { needed: number; free: number; what: string[]; folder: string }>();
  for (const need of needs) {
    if (need.bytes === 0) continue;
    const { volume, freeBytes } = await freeBytesOf(need.folder);
    const seen = volumes.get(volume) ?? { needed: 0, free: freeBytes, what: [], folder: need.folder };
    seen.needed += need.bytes;
    seen.what.push(need.what);
    volumes.set(volume, seen);
  }
  for (const { needed, free, what, folder } of volumes.values()) {
    if (needed + RESERVE_BYTES <= free) continue;
    throw new RollcallError("NOT_ENOUGH_SPACE", {
      message: `Not enough space for ${what.join(" and ")}: ${inGB(needed + RESERVE_BYTES)} needed, ${inGB(free)} free.`,
      why: `${inGB(needed)} are to be written below ${folder}, and ${inGB(RESERVE_BYTES)} stay free. Nothing was copied now.`,
      remedy: `Free some space, ${remedy}.`,
    });
  }
}

/** Free bytes of the volume that holds a folder, or would hold it once made. */
export async function freeSpace(folder: string): Promise<{ volume: string; freeBytes: number }> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { dev } = await stat(at);
      const { bavail, bsize } = await statfs(at);
      return { volume: String(dev), freeBytes: bavail * bsize };
    } catch (error) {
      if (!hasErrno(error, "ENOENT") || dirname(at) === at) throw error;
    }
  }
}

/** "0.25 GB", "3.1 GB" */
export function inGB(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)} GB`;
}
