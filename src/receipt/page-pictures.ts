import { readFileSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeFolder } from "../make-folder.js";
import type { PictureOf } from "./html/contact-sheet.js";

/** A small picture of one item. Its bytes lie in a file until the receipt is written. */
export interface Thumbnail {
  readonly type: "jpeg" | "png";
  readonly filePath: string;
}

/** By the item's name in the receipt (`Answer.item`). The first ones come to lie in the page itself. */
export type Thumbnails = ReadonlyMap<string, Thumbnail>;

/** So many pictures are in the page itself, which stays one file that can be sent to somebody. */
const IN_PAGE = 500;

/**
 * Puts the pictures beyond the first 500 into a folder beside the page, which appears whole or not at all and takes
 * the place of an earlier one. No name from the phone becomes a name there.
 * @param folder named after the receipt; not made where it would be empty
 * @returns where the page finds the picture of an item; the ones in the page are read when they are asked for
 */
export async function layOutPictures(thumbnails: Thumbnails, folder: string): Promise<PictureOf> {
  const partial = `${folder}.partial`;
  const besides = [...thumbnails].slice(IN_PAGE);
  const urls = new Map<string, string>();
  await rm(partial, { recursive: true, force: true });
  if (besides.length > 0) makeFolder(partial);
  for (const [at, [item, { type, filePath }]] of besides.entries()) {
    const name = `${String(IN_PAGE + at + 1).padStart(4, "0")}.${type === "jpeg" ? "jpg" : "png"}`;
    await copyFile(filePath, join(partial, name));
    urls.set(item, `${encodeURIComponent(basename(folder))}/${name}`);
  }
  await rm(folder, { recursive: true, force: true });
  if (besides.length > 0) await rename(partial, folder);
  return (item) => {
    const url = urls.get(item);
    if (url !== undefined) return url;
    const thumbnail = thumbnails.get(item);
    if (thumbnail === undefined) return null;
    return `data:image/${thumbnail.type};base64,${readFileSync(thumbnail.filePath, "base64")}`;
  };
}
