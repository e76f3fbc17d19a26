import type { Clock } from "../clock.js";
import { PhotosEventError } from "../photos/photos-library.js";
import type { SupervisedPhotos } from "./photos-supervisor.js";
import { slowestMs } from "./slowest-disk.js";

const BETWEEN_LOOKS_MS = { first: 5_000, most: 30_000 } as const;
/** Each look is a process of its own: who waits an hour for a video need not look every few seconds. */
const LOOKS_A_WAIT = 20;
const QUIET_MS = 60_000;
const LONGEST_MS = 20 * 60_000;
/** After a time-out Photos was seen to break off events for half a minute. */
const DEAF_MS = 2 * 60_000;

interface QuietDeps {
  readonly session: Pick<SupervisedPhotos, "askOnce" | "reopen">;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Asked when the album has changed; true ends the wait. */
  readonly hasAll?: () => Promise<boolean>;
}

/**
 * Waits while Photos may still be busy on an event that was given up on: until the journal album has
 * kept its length for a minute and as long as a slow disk takes for the bytes, at most about twenty minutes
 * and that. A look that Photos does not answer counts as one that saw no change: after a time-out it refuses events
 * for a while.
 * @returns isDeaf: it answered no look at all, for minutes
 */
export async function waitUntilQuiet(
  albumId: string,
  bytes: number,
  { session, clock, signal, hasAll = async () => false }: QuietDeps,
): Promise<{ readonly isDeaf: boolean }> {
  const quietMs = QUIET_MS + slowestMs(bytes);
  const startedMs = clock.now().getTime();
  const waitedMs = () => clock.now().getTime() - startedMs;
  const endsAtMs = startedMs + LONGEST_MS + quietMs;
  let last = -1;
  let quietSinceMs = startedMs;
  let answers = 0;
  while (clock.now().getTime() < Math.min(quietSinceMs + quietMs, endsAtMs)) {
    await clock.wait(
      Math.min(BETWEEN_LOOKS_MS.first + waitedMs() / LOOKS_A_WAIT, BETWEEN_LOOKS_MS.most),
      signal,
    );
    let length = last;
    try {
      length = (await session.askOnce.describeAlbum(albumId, signal))?.length ?? last;
      answers += 1;
    } catch (error) {
      if (!(error instanceof PhotosEventError)) throw error;
      await session.reopen(signal);
    }
    if (length === last) continue;
    last = length;
    quietSinceMs = clock.now().getTime();
    if (await hasAll()) break;
  }
  return { isDeaf: answers === 0 && waitedMs() >= DEAF_MS };
}
