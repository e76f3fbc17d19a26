import { ORIGINAL_ROLES } from "../catalogue/file-roles.js";
import type { Reason } from "../errors.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import { escapeControls } from "../text/escape-controls.js";
import { lastName } from "../text/last-name.js";

/** The code of a half that Photos keeps as an item of its own, where the phone has one photo. */
export const HALVES_APART = "HALVES_APART";

/**
 * Photos goes by what is in the files: halves whose pairing cannot be read here are sent together, and may become two.
 * @returns why this file is an item of its own in Photos; null where it is part of its photo there
 */
export function cameApart(kept: LedgerFile, { files }: LedgerItem): Reason | null {
  const original = files.find(({ role }) => role === "original");
  if (original === undefined || original === kept || !ORIGINAL_ROLES.has(kept.role)) return null;
  if (kept.photosId === null || original.photosId === null || kept.photosId === original.photosId)
    return null;
  return {
    code: HALVES_APART,
    message: `Photos keeps it as an item of its own beside ${escapeControls(lastName(original.path))}; on the phone the two are one photo`,
    remedy: "Nothing to do: both are in Photos.",
  };
}

/** "1 photo of the phone is two items in Photos: ..." */
export function apartSentence(photos: number): string {
  return photos === 1
    ? "1 photo of the phone is two items in Photos: its halves were not taken as one."
    : `${photos.toLocaleString("en-US")} photos of the phone are two items each in Photos: their halves were not taken as one.`;
}
