import { type CandidateFile, type ItemDraft, joined, onlyOne, originalOf } from "./item-draft.js";

/** The files of one folder that may belong to the edit of one stem. */
interface EditFiles {
  /** `IMG_0001.AAE` */
  readonly adjustments: readonly CandidateFile[];
  /** `IMG_O0001.AAE` */
  readonly originalAdjustments: readonly CandidateFile[];
  /** `IMG_E0001.HEIC` */
  readonly editedStills: readonly CandidateFile[];
  /** `IMG_E0001.MOV` */
  readonly editedVideos: readonly CandidateFile[];
}

/**
 * Adds to an item what belongs to its edit. Rules of Photos' import, as osxphotos found them (PR #1113, #1464):
 * the AAE with its photo applies the edit; IMG_E is taken for the edited version only beside original **and**
 * AAE, so without the AAE it stays an item of its own; IMG_O goes with its photo.
 *
 * Where the stem has no item, or two of which the phone's library does not call one alone edited, or one whose bytes
 * cannot be had, nothing is added. A file with a row of its own in that library is nobody's edit.
 * @returns the items with the edit added. Files that are in none of them were not used.
 */
export function joinEdits(items: readonly ItemDraft[], edit: EditFiles): readonly ItemDraft[] {
  const edited = items.filter((item) => originalOf(item).row?.edited === true);
  const [item, another] = edited.length === 1 ? edited : items;
  if (item === undefined || another !== undefined || originalOf(item).file === null) return items;
  const whole = withEdit(item, {
    adjustments: onlyOne(withoutRow(edit.adjustments)),
    cameraAdjustments: onlyOne(withoutRow(edit.originalAdjustments)),
    still: onlyOne(withoutRow(edit.editedStills)),
    video: onlyOne(withoutRow(edit.editedVideos)),
  });
  return items.map((each) => (each === item ? whole : each));
}

function withoutRow(candidates: readonly CandidateFile[]): readonly CandidateFile[] {
  return candidates.filter(({ row }) => row === null);
}

function withEdit(
  item: ItemDraft,
  edit: Record<"adjustments" | "cameraAdjustments" | "still" | "video", CandidateFile | null>,
): ItemDraft {
  const { adjustments, cameraAdjustments, still, video } = edit;
  let whole = item;
  if (adjustments !== null) whole = joined(whole, "adjustments", adjustments);
  if (cameraAdjustments !== null) whole = joined(whole, "original-adjustments", cameraAdjustments);
  if (adjustments === null) return whole;
  // A still cannot be the edited version of a video.
  if (originalOf(item).kind === "video") return video === null ? whole : joined(whole, "edited", video);
  if (still === null) return whole;
  whole = joined(whole, "edited", still);
  const isLive = item.parts.some((part) => part.role === "live-movie");
  return isLive && video?.extension === "mov" ? joined(whole, "edited-live-movie", video) : whole;
}
