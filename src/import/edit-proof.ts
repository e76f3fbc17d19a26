import type { PhotosItem } from "../photos/photos-item.js";

/**
 * What the library's own rows say of edited photos that came in by one event. The import stage wishes it; whoever may
 * read the package fulfils it.
 */
export interface EditRows {
  /** @throws RollcallError STOPPED */
  look(batch: EditedBatch): Promise<EditsInRows>;
}

/** One event's edited photos, each as the one item that Photos lists of it. */
export interface EditedBatch {
  readonly photosIds: readonly string[];
  /** The names of all files that the event carried. */
  readonly names: readonly string[];
}

export interface EditsInRows {
  /**
   * - "right": each is a row of its own, complete and edited, and the event made no other of these names
   * - "not-edited": rows without an edit, seen twice; `photosIds` says which
   * - "extra": the event made items of these names that no script shows
   * - "cannot-say": the database cannot be read, or has not all of the rows: they may come late
   */
  readonly verdict: "right" | "not-edited" | "extra" | "cannot-say";
  readonly photosIds: readonly string[];
  readonly extra: readonly Pick<PhotosItem, "id" | "filename">[];
}
