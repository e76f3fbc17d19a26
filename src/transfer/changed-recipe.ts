import { readFile } from "node:fs/promises";
import { refusalOfRecipe } from "../catalogue/edit-recipe.js";
import type { ItemFile, MediaItem } from "../catalogue/media-item.js";
import { MUTATIONS } from "../catalogue/phone-edits.js";
import { hasRenderingBesideIt } from "../catalogue/rendering-apart.js";
import type { Reason } from "../errors.js";
import { MOST_ADJUSTMENTS_BYTES, readAdjustments } from "../media/adjustments-plist.js";
import { advise, COPY } from "../remedy.js";
import type { PartialCopy } from "./copy-file.js";

/**
 * A recipe that the phone keeps beside the rendering was read for the plan. Photos gets what was copied: that is read
 * again, because an edit may be made in between.
 * @returns why the edit cannot go along; null where it can
 */
export async function changedRecipe(item: MediaItem, copies: readonly PartialCopy[]): Promise<Reason | null> {
  const at = item.files.findIndex((each) => isRecipeOfPhone(each));
  if (at < 0) return null;
  const { file, partialPath } = copies[at]!;
  // What is larger is refused for that alone.
  const isLarge = file.sizeBytes > MOST_ADJUSTMENTS_BYTES;
  const message = isLarge ? RECIPE_TOO_LARGE : refusalOfRecipe(await readFile(partialPath));
  if (message === null) return null;
  return {
    code: "EDIT_NOT_CARRIED",
    message,
    remedy: advise`It is on the phone. ${COPY} copies it as a file.`,
  };
}

const RECIPE_TOO_LARGE = "It belongs to an edit whose recipe is larger than any edit.";

/** The recipe of an edit that lies beside the rendering, as phones on iOS 26 keep it. */
export function isRecipeOfPhone({ role, file }: ItemFile): boolean {
  return role === "adjustments" && file.path.startsWith(`${MUTATIONS}/`);
}

/**
 * A damaged AAE beside the rendering of its edit: Photos takes a rendering as the edit with a sound recipe only.
 * @param copies of the files of the item, in their order
 */
export async function isRecipeDamaged(item: MediaItem, copies: readonly PartialCopy[]): Promise<boolean> {
  if (!hasRenderingBesideIt(item)) return false;
  const { file, partialPath } = copies[item.files.findIndex(({ role }) => role === "adjustments")]!;
  return file.sizeBytes > MOST_ADJUSTMENTS_BYTES || "why" in readAdjustments(await readFile(partialPath));
}
