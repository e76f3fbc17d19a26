import { open } from "node:fs/promises";
import type { FileRole } from "../catalogue/media-item.js";
import { hasErrno } from "../errors.js";

/** Photos gives an editor 2 MB for its data, which base64 makes longer: what is larger is no recipe. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Formats of edits that Photos was seen to take (osxphotos, pull request 1113). */
const FORMATS_TAKEN = ["com.apple.photo", "com.apple.video"] as const;

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
    const bytes = size > MOST_BYTES ? null : await file.readFile();
    return bytes !== null && FORMATS_TAKEN.some((format) => names(bytes, format)) ? "taken" : "other";
  } catch (error) {
    return hasErrno(error, "ENOENT") ? "gone" : "other"; // whoever sends it finds out why
  }
}

/** As the value of `adjustmentFormatIdentifier` in an XML property list, or as any text of a binary one. */
function names(bytes: Buffer, format: string): boolean {
  const isBinary = bytes.toString("latin1", 0, 6) === "bplist";
  // A text of 15 characters and more, in ASCII: 0x5f, its length as an integer of one byte (0x10), the characters.
  if (isBinary)
    return bytes.includes(Buffer.concat([Buffer.of(0x5f, 0x10, format.length), Buffer.from(format)]));
  const key = "<key>adjustmentFormatIdentifier</key>";
  const at = bytes.indexOf(key);
  const value = at < 0 ? "" : bytes.toString("utf8", at + key.length, at + key.length + 300);
  return value.trimStart().startsWith(`<string>${format}</string>`);
}
