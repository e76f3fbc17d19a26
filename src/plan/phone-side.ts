import type { Plan } from "./decision.js";

/**
 * The items of a plan, without those that it answers `in-trash`, as the phone's own Photos app counts them: all of
 * these but `inSharedLibrary` add up to the plan's number.
 */
export interface PhoneSide {
  /** What its grid shows, by its own library. */
  readonly shown: number;
  readonly hidden: number;
  /** In Recently Deleted now, and brought (or marked as known) before that. */
  readonly trashed: number;
  /** Frames of bursts that nobody picked: in the library, and not in the grid. */
  readonly burstFrames: number;
  /** Files that only lie there. */
  readonly notInLibrary: number;
  /**
   * What is left, nearly always 0: files that the phone will not describe count here, and below 0 are pairs of a
   * picture and its RAW or movie that the phone counts as two.
   */
  readonly otherwise: number;
  /** Of all of them, how many are in the iCloud Shared Photo Library. */
  readonly inSharedLibrary: number;
}

/** @returns null where the phone's library was not read */
export function phoneSideOf({ decisions, catalogue }: Plan): PhoneSide | null {
  const { phoneLibrary, cloudOnly, unreadable } = catalogue;
  if (phoneLibrary === null) return null;
  let [items, hidden, trashed, burstFrames, notInLibrary] = [unreadable.length, 0, 0, 0, 0];
  for (const decision of decisions) {
    if (decision.action === "leave" && decision.answer === "in-trash") continue;
    const { item } = decision;
    items += 1;
    if (item.trashed) trashed += 1;
    else if (item.hidden) hidden += 1;
    else if (item.library === null) notInLibrary += 1;
    else if (!item.library.shown) burstFrames += 1;
  }
  for (const away of cloudOnly) {
    if (away.trashed) continue;
    items += 1;
    if (away.hidden) hidden += 1;
    else if (!away.shown) burstFrames += 1;
  }
  const { shownCount: shown, sharedLibraryCount: inSharedLibrary } = phoneLibrary;
  const otherwise = items - shown - hidden - trashed - burstFrames - notInLibrary;
  return { shown, hidden, trashed, burstFrames, notInLibrary, otherwise, inSharedLibrary };
}
