import type { Clock } from "../clock.js";
import { stopped } from "../errors.js";
import { PhotosEventError, type PhotosLibrary, PhotosRefusesAllError } from "../photos/photos-library.js";
import type { PhotosSupervisor } from "./photos-supervisor.js";
import { wrapPhotos } from "./wrap-photos.js";

/** After an event that timed out Photos was seen to break off others for half a minute. */
const BETWEEN_TRIES_MS = 15_000;
const MOST_TRIES = 5;

/**
 * A PhotosLibrary whose questions are asked again: first after a while, then when Photos was restarted,
 * or the person had time to look at it. What changes the library passes as it is, and is never repeated.
 * After a stop nothing is asked again; a question under way is waited for until its own deadline.
 */
export function retryingPhotos(
  photos: PhotosLibrary,
  supervisor: PhotosSupervisor,
  { clock, signal: stop }: { readonly clock: Pick<Clock, "wait">; readonly signal?: AbortSignal | undefined },
): PhotosLibrary {
  const ask = async <Answer>(
    question: () => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> => {
    let isLast = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return await question();
      } catch (error) {
        if (!(error instanceof PhotosEventError) || error instanceof PhotosRefusesAllError) throw error;
        if (stop?.aborted) throw stopped(stop);
        if (isLast || tries >= MOST_TRIES) throw error;
      }
      // Whom nobody starts anew is asked once more: the person may have clicked a message away.
      if (tries > 1) isLast = !(await supervisor.relaunch("silent", signal));
      else {
        await clock.wait(BETWEEN_TRIES_MS, signal ?? stop).catch((error: unknown) => {
          throw stop?.aborted ? stopped(stop) : error;
        });
        await supervisor.reopen(signal);
      }
    }
  };
  return wrapPhotos(photos, { ask, change: (send) => send() });
}
