import { type Candidate, type ItemDraft, joined, onlyOne, originalOf } from "./item-draft.js";

/** The files of one folder that may belong to the edit of one stem. */
export interface EditFiles {
  /** `IMG_0001.AAE` */
  readonly adjustments: readonly Candidate[];
  /** `IMG_O0001.AAE` */
  readonly originalAdjustments: readonly Candidate[];
  /** `IMG_E0001.HEIC` */
  readonly editedStills: readonly Candidate[];
  /** `IMG_E0001.MOV` */
  readonly editedMovies: readonly Candidate[];
}

/**
 * Adds to an item what belongs to its edit. Rules of Photos' import, as osxphotos found them (PR #1113, #1464):
 * the AAE with its photo applies the edit; IMG_E is taken for the edited version only beside original **and**
 * AAE, so without the AAE it stays an item of its own; IMG_O goes with its photo.
 *
 * Where the stem has no item, or two, or one whose bytes cannot be had, nothing is added.
 * @returns the items with the edit added. Files that are in none of them were not used.
 */
export function joinEdits(items: readonly ItemDraft[], edit: EditFiles): readonly ItemDraft[] {
  const [item] = items;
  if (item === undefined || items.length > 1 || originalOf(item).file === null) return items;
  let whole = item;

  const adjustments = onlyOne(edit.adjustments);
  if (adjustments !== null) whole = joined(whole, "adjustments", adjustments);
  const cameraAdjustments = onlyOne(edit.originalAdjustments);
  if (cameraAdjustments !== null) whole = joined(whole, "original-adjustments", cameraAdjustments);
  if (adjustments === null) return [whole];

  const still = onlyOne(edit.editedStills);
  const movie = onlyOne(edit.editedMovies);
  if (originalOf(item).kind === "video") {
    // A still cannot be the edited version of a film.
    if (movie !== null) whole = joined(whole, "edited", movie);
    return [whole];
  }
  if (still === null) return [whole];
  whole = joined(whole, "edited", still);
  const isLive = item.parts.some((part) => part.role === "live-movie");
  if (isLive && movie?.extension === "mov") whole = joined(whole, "edited-live-movie", movie);
  return [whole];
}
