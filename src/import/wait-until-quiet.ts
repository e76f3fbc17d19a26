import type { Clock } from "../clock.js";
import { PhotosEventError } from "../photos/photos-library.js";
import type { Journal } from "./journal.js";

const BETWEEN_LOOKS_MS = 5_000;
const QUIET_LOOKS = 6;
const LONGEST_MS = 20 * 60_000;

/**
 * Waits while Photos may still be at work on an event that was given up on: until the journal album has
 * kept its length for half a minute, at most about twenty minutes. A look that Photos does not answer
 * counts as one that saw no change: after a time-out it refuses events for a while.
 */
export async function waitUntilQuiet(journal: Journal, clock: Clock, signal?: AbortSignal): Promise<void> {
  const endsAtMs = clock.now().getTime() + LONGEST_MS;
  let last = -1;
  let quiet = 0;
  while (quiet < QUIET_LOOKS && clock.now().getTime() < endsAtMs) {
    await clock.wait(BETWEEN_LOOKS_MS, signal);
    const length = await journal.length(signal).catch((error: unknown) => {
      if (error instanceof PhotosEventError) return last;
      throw error;
    });
    quiet = length === last ? quiet + 1 : 0;
    last = length;
  }
}
