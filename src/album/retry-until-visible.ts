import { PhotosEventError, PhotosRefusesAllError } from "../photos/photos-library.js";

const MOST_TRIES = 3;

/**
 * Sends a change that does no harm when it is made twice. An event that failed may have done its work: that
 * is looked at before it is sent again.
 * @throws PhotosEventError what the last try ended with
 */
export async function retryUntilVisible(
  change: () => Promise<void>,
  isSeen: () => Promise<boolean>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (!(error instanceof PhotosEventError) || error instanceof PhotosRefusesAllError) throw error;
      if (await isSeen()) return;
      if (tries >= MOST_TRIES) throw error;
    }
  }
}
