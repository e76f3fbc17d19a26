import type { Clock } from "../clock.js";
import type { PhotosAlbum } from "../photos/photos-item.js";
import type { PhotosLibrary } from "../photos/photos-library.js";

const BETWEEN_LOOKS_MS = 3_000;
const LOOKS = 5;

/** One album, or null when it is really not there. */
export function findAlbumConfirmed(
  photos: PhotosLibrary,
  id: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<PhotosAlbum | null> {
  return confirmAbsent(() => photos.describeAlbum(id, signal), clock, signal);
}

/**
 * Looks again before an absence is believed: a Photos that has just started was seen to answer, and to show
 * an empty library for a while.
 */
export async function confirmAbsent<Found>(
  look: () => Promise<Found | null>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Found | null> {
  for (let looked = 1; ; looked += 1) {
    const found = await look();
    if (found !== null || looked >= LOOKS) return found;
    await clock.wait(BETWEEN_LOOKS_MS, signal);
  }
}
