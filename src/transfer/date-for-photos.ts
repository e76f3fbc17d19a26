import type { MediaItem } from "../catalogue/media-item.js";

/** Before this there was no photography to speak of, and Core Data has its "never" (year 1). */
const FIRST_MS = Date.UTC(1850, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
/** What a database holds that was never told a date: 1970 and 2001, where Unix and Core Data begin. */
const NEVER_MS = [0, Date.UTC(2001, 0, 1)];
/** A camera writes its file some moments later; that is no other date. */
const SAME_MS = 60_000;

/**
 * What the files of an item are dated for Photos, which takes the times of a file that has no date in it: when it was
 * taken, by the phone's own library, rather than when a backup was restored. On APFS a modification time before the
 * creation takes the creation along (unverified on a Mac).
 * @param nowMs by the clock of the run, in milliseconds since 1970
 * @returns milliseconds since 1970; null where the library says nothing plausible, or the file says the same
 */
export function dateForPhotos({ takenAtMs, files }: MediaItem, nowMs: number): number | null {
  if (takenAtMs === null || NEVER_MS.includes(takenAtMs)) return null;
  if (takenAtMs < FIRST_MS || takenAtMs > nowMs + DAY_MS) return null;
  const [original] = files;
  if (original === undefined || Math.abs(original.file.modifiedAtMs - takenAtMs) <= SAME_MS) return null;
  return takenAtMs;
}
