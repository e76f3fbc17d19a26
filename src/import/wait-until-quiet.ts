import type { Clock } from "../clock.js";
import { PhotosEventError } from "../photos/photos-library.js";
import type { Journal } from "./journal.js";

const BETWEEN_LOOKS_MS = 5_000;
const QUIET_LOOKS = 6;
const MOST_LOOKS = 240;

/**
 * Waits while Photos may still be at work on an event that was given up on: until the journal album has
 * kept its length for half a minute, at most twenty minutes. A look that Photos does not answer counts
 * as one that saw no change: after a time-out it refuses events for a while.
 */
export async function waitUntilQuiet(journal: Journal, clock: Clock): Promise<void> {
  let last = -1;
  let quiet = 0;
  for (let looks = 0; looks < MOST_LOOKS && quiet < QUIET_LOOKS; looks += 1) {
    await clock.wait(BETWEEN_LOOKS_MS);
    try {
      const length = await journal.length();
      quiet = length === last ? quiet + 1 : 0;
      last = length;
    } catch (error) {
      if (!(error instanceof PhotosEventError)) throw error;
    }
  }
}
