import type { PhotosItem } from "../photos/photos-item.js";

/**
 * The small album of ours through which every batch enters Photos, as the import stage sees it: what a
 * batch became is found in here and nowhere else.
 */
export interface Journal {
  /** The album's id; the album is made when there is none. */
  open(signal?: AbortSignal): Promise<string>;
  /**
   * Everything in it.
   * @param options.withoutSizes one event less, and each size is null
   * @throws RollcallError PHOTOS_LIBRARY_SWITCHED when its id no longer resolves
   */
  contents(options?: { readonly withoutSizes?: boolean }, signal?: AbortSignal): Promise<PhotosItem[]>;
  /** Puts items in that Photos imported without doing so. */
  add(ids: readonly string[], signal?: AbortSignal): Promise<void>;
}
