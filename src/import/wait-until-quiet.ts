import type { Clock } from "../clock.js";
import { PhotosEventError, type PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosMinder } from "./photos-minder.js";

const BETWEEN_LOOKS_MS = 5_000;
const QUIET_LOOKS = 6;
const LONGEST_MS = 20 * 60_000;

/**
 * Waits while Photos may still be at work on an event that was given up on: until the journal album has
 * kept its length for half a minute, at most about twenty minutes. A look that Photos does not answer
 * counts as one that saw no change: after a time-out it refuses events for a while.
 */
export async function waitUntilQuiet(
  albumId: string,
  parts: {
    readonly photos: PhotosLibrary;
    readonly minder: PhotosMinder;
    readonly clock: Clock;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { photos, minder, clock, signal } = parts;
  const endsAtMs = clock.now().getTime() + LONGEST_MS;
  let last = -1;
  let quiet = 0;
  while (quiet < QUIET_LOOKS && clock.now().getTime() < endsAtMs) {
    await clock.wait(BETWEEN_LOOKS_MS, signal);
    const album = await photos.describeAlbum(albumId, signal).catch(async (error: unknown) => {
      if (!(error instanceof PhotosEventError)) throw error;
      await minder.reopen(signal);
      return null;
    });
    const length = album?.length ?? last;
    quiet = length === last ? quiet + 1 : 0;
    last = length;
  }
}
