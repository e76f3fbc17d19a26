import { open } from "node:fs/promises";
import { refusalOfRecipe } from "../catalogue/edit-recipe.js";
import type { FileRole } from "../catalogue/media-item.js";
import { hasErrno } from "../errors.js";

/** What is larger is no recipe. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Whether the edit of an item is one that Photos is known to take. iPhones write others too (`ScreenshotServices`), and
 * what becomes of those nobody saw: they go alone, and say nothing of batches. A wrong answer costs events, no photo.
 * @returns "gone" where its staged recipe is not there any more: its content was read inside the library
 */
export async function editFormat(
  files: readonly { readonly role: FileRole; readonly copyPath: string }[],
): Promise<"taken" | "other" | "gone"> {
  const recipe = files.find(({ role }) => role === "adjustments");
  if (recipe === undefined) return "other";
  try {
    await using file = await open(recipe.copyPath, "r");
    const { size } = await file.stat();
    return size <= MOST_BYTES && refusalOfRecipe(await file.readFile()) === null ? "taken" : "other";
  } catch (error) {
    return hasErrno(error, "ENOENT") ? "gone" : "other"; // whoever sends it finds out why
  }
}
