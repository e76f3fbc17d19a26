import type { Clock } from "../clock.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import { findAlbumConfirmed } from "./find-album-confirmed.js";
import { retryUntilVisible } from "./retry-until-visible.js";

const MOST_TRIES = 3;

/**
 * Deletes an album of ours; its photos stay. One that Photos says it does not have is looked for again before
 * that is believed: it would stay behind, and nobody would know of it.
 * @returns whether it is gone
 */
export async function deleteAlbumConfirmed(
  photos: PhotosLibrary,
  id: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const lookForSure = () => findAlbumConfirmed(photos, id, clock, signal);
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    let wasThere = true;
    const remove = async () => {
      wasThere = await photos.deleteAlbum(id, signal);
    };
    await retryUntilVisible(remove, async () => (await lookForSure()) === null);
    if ((wasThere ? await photos.describeAlbum(id, signal) : await lookForSure()) === null) return true;
  }
  return false;
}
