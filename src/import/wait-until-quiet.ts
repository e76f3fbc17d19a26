import type { Clock } from "../clock.js";
import { PhotosEventError, type PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosMinder } from "./photos-minder.js";

const BETWEEN_LOOKS_MS = { first: 5_000, most: 30_000 } as const;
/** Each look is a process of its own: who waits an hour for a film need not look every few seconds. */
const LOOKS_A_WAIT = 20;
const QUIET_MS = 60_000;
/** As long as a slow disk takes for a film: an album that stays as it is need not mean that nothing is under way. */
const SLOWEST_BYTES_PER_MS = 2_000;
const LONGEST_MS = 20 * 60_000;

/**
 * Waits while Photos may still be at work on an event that was given up on: until the journal album has
 * kept its length for a minute and as long as a slow disk takes for the bytes, at most about twenty minutes
 * and that. A look that Photos does not answer
 * counts as one that saw no change: after a time-out it refuses events for a while.
 */
export async function waitUntilQuiet(
  albumId: string,
  bytes: number,
  parts: {
    readonly photos: PhotosLibrary;
    readonly minder: Pick<PhotosMinder, "reopen">;
    readonly clock: Clock;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { photos, minder, clock, signal } = parts;
  const quietMs = QUIET_MS + bytes / SLOWEST_BYTES_PER_MS;
  const endsAtMs = clock.now().getTime() + LONGEST_MS + quietMs;
  let last = -1;
  const startedMs = clock.now().getTime();
  let quietSinceMs = startedMs;
  while (clock.now().getTime() < Math.min(quietSinceMs + quietMs, endsAtMs)) {
    const waitedMs = clock.now().getTime() - startedMs;
    await clock.wait(
      Math.min(BETWEEN_LOOKS_MS.first + waitedMs / LOOKS_A_WAIT, BETWEEN_LOOKS_MS.most),
      signal,
    );
    const album = await photos.describeAlbum(albumId, signal).catch(async (error: unknown) => {
      if (!(error instanceof PhotosEventError)) throw error;
      await minder.reopen(signal);
      return null;
    });
    const length = album?.length ?? last;
    if (length !== last) quietSinceMs = clock.now().getTime();
    last = length;
  }
}
