import type { PhotosInstance } from "../photos/photos-process.js";

/** An event sent to a Photos that had just ended starts another one within this time. */
export const STARTS_WITHIN_MS = 10_000;

/**
 * True when whatever Photos got an event has ended: nothing more can arrive from it.
 * @param sentTo the one that ran when the event was written down; null where nobody could tell
 * @param running the one that runs now
 * @param until when the event cannot have been sent any more. One that was started before then may have been
 *   started by the event itself, in place of one that had just ended
 */
export function hasEnded(
  sentTo: PhotosInstance | null,
  running: PhotosInstance | null | "unknown",
  until: Date,
): boolean {
  if (running === null) return true;
  if (running === "unknown" || sentTo === null) return false;
  const isSame = running.pid === sentTo.pid && running.startedAt.getTime() === sentTo.startedAt.getTime();
  return !isSame && running.startedAt > until;
}
