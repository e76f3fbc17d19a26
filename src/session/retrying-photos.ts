import type { Clock } from "../clock.js";
import { stopped } from "../errors.js";
import { PhotosEventError, type PhotosLibrary, PhotosRefusesAllError } from "../photos/photos-library.js";
import type { PhotosSupervisor } from "./photos-supervisor.js";

/** After an event that timed out Photos was seen to break off others for half a minute. */
const BETWEEN_TRIES_MS = 15_000;
const MOST_TRIES = 5;

/**
 * A PhotosLibrary whose questions are asked again: first after a while, then when Photos was started anew,
 * or the person had time to look at it. What changes the library passes as it is, and is never repeated here.
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
  return {
    makeReady: (signal) => photos.makeReady(signal),
    createAlbum: (name, signal) => photos.createAlbum(name, signal),
    renameAlbum: (id, name, signal) => photos.renameAlbum(id, name, signal),
    deleteAlbum: (id, signal) => photos.deleteAlbum(id, signal),
    importFiles: (paths, options) => photos.importFiles(paths, options),
    addToAlbum: (itemIds, albumId, signal) => photos.addToAlbum(itemIds, albumId, signal),
    findAlbums: (name, signal) => ask(() => photos.findAlbums(name, signal), signal),
    describeAlbum: (id, signal) => ask(() => photos.describeAlbum(id, signal), signal),
    albumContents: (id, signal, options) => ask(() => photos.albumContents(id, signal, options), signal),
    countItems: (signal) => ask(() => photos.countItems(signal), signal),
    describeItems: (ids, signal) => ask(() => photos.describeItems(ids, signal), signal),
  };
}
