import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { advise, type Remedy } from "../remedy.js";

/** Room left free on every volume, for the database and for whatever else the computer is doing. */
export const RESERVE_BYTES = 256 * 1024 * 1024;

/** Bytes that will be written below one folder. */
interface SpaceNeed {
  /** What the person calls it: "the staging folder". */
  readonly what: string;
  readonly folder: string;
  readonly bytes: number;
  /** How a person puts it on another volume, as a part of a sentence; absent where that cannot be done. */
  readonly elsewhere?: string;
}

/**
 * Adds up needs by volume and compares with what is free, before the first byte is copied.
 * A folder that is not there yet counts as its nearest existing parent.
 * @throws RollcallError NOT_ENOUGH_SPACE
 */
export async function requireSpace(
  needs: readonly SpaceNeed[],
  /** How a person imports less, as a part of a sentence. */
  less: Remedy,
  freeBytesOf: (folder: string) => Promise<{ volume: string; freeBytes: number }> = freeSpace,
): Promise<void> {
  const volumes = new Map<string, Volume>();
  for (const need of needs) {
    if (need.bytes === 0) continue;
    const { volume, freeBytes } = await freeBytesOf(need.folder);
    const seen = volumes.get(volume) ?? { needed: 0, free: freeBytes, needs: [] };
    seen.needed += need.bytes;
    seen.needs.push(need);
    volumes.set(volume, seen);
  }
  for (const volume of volumes.values()) {
    const { needed, free } = volume;
    if (needed + RESERVE_BYTES <= free) continue;
    const what = volume.needs.map((need) => need.what);
    const { folder } = volume.needs[0]!;
    const moving = waysToMove(volume).map((way) => `${way}, `);
    throw new RollcallError("NOT_ENOUGH_SPACE", {
      message: `Not enough space for ${what.join(" and ")}: ${inGB(needed + RESERVE_BYTES)} needed, ${inGB(free)} free.`,
      why: `${inGB(needed)} are to be written below ${folder}, and ${inGB(RESERVE_BYTES)} stay free. Nothing was copied now.`,
      remedy: advise`Free some space, ${moving.join("")}or ${less}.`,
    });
  }
}

interface Volume {
  needed: number;
  readonly free: number;
  readonly needs: SpaceNeed[];
}

/** What can go to another volume, where what is left here then fits. */
function waysToMove({ needed, free, needs }: Volume): string[] {
  return needs.flatMap(({ bytes, elsewhere }) => {
    const left = needed - bytes;
    return elsewhere !== undefined && (left === 0 || left + RESERVE_BYTES <= free) ? [elsewhere] : [];
  });
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
