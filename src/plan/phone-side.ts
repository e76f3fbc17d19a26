import type { Plan } from "./decision.js";

/**
 * The items of a plan, without those that it answers `in-trash`, as the phone's own Photos app counts them. `shown` is
 * the phone's own number; with what is not in its grid it adds up to the plan's number, but for what is unexplained.
 */
export interface PhoneSide {
  /** What its grid shows, by its own library. */
  readonly shown: number;
  readonly hidden: number;
  /** In Recently Deleted now, and imported (or marked as known) before that. */
  readonly trashed: number;
  /** Frames of bursts that nobody picked: in the library, and not in the grid. */
  readonly burstFrames: number;
  /** Files that only lie there. */
  readonly notInLibrary: number;
  /** Files that the phone will not describe, or has not, and that are not in its grid. */
  readonly unreadable: number;
  /** Videos that stood for half a Live Photo until their bytes were read: the library has one photo for the two. */
  readonly apart: number;
  /** How many more its grid shows than answer here, or fewer. 0 unless something is not understood. */
  readonly unexplained: number;
  /** Of all of them, how many are in the iCloud Shared Photo Library. */
  readonly inSharedLibrary: number;
  /** Of its database, and none of them: what others shared. */
  readonly ofOthers: number;
}

/** @returns null where the phone's library was not read */
export function phoneSideOf({ decisions, catalogue }: Plan): PhoneSide | null {
  const { phoneLibrary, cloudOnly } = catalogue;
  if (phoneLibrary === null) return null;
  const side = { hidden: 0, trashed: 0, burstFrames: 0, notInLibrary: 0, unreadable: 0, apart: 0 };
  const keys = new Set(catalogue.items.map(({ key }) => key));
  let inGrid = 0;
  for (const decision of decisions) {
    if (decision.action === "leave" && decision.answer === "in-trash") continue;
    const { item } = decision;
    if (item.library !== null && !keys.has(item.key)) side.apart += 1;
    else if (item.trashed) side.trashed += 1;
    else if (item.hidden) side.hidden += 1;
    else if (item.library === null) side.notInLibrary += 1;
    else if (!item.library.shown) side.burstFrames += 1;
    else inGrid += 1;
  }
  for (const away of cloudOnly) {
    if (away.trashed) continue;
    if (away.hidden) side.hidden += 1;
    else if (!away.shown) side.burstFrames += 1;
    else inGrid += 1;
  }
  for (const { isInGrid } of catalogue.unreadable) {
    if (isInGrid) inGrid += 1;
    else side.unreadable += 1;
  }
  const { shownCount: shown, sharedLibraryCount: inSharedLibrary, ofOthersCount: ofOthers } = phoneLibrary;
  return { shown, ...side, unexplained: shown - inGrid, inSharedLibrary, ofOthers };
}
