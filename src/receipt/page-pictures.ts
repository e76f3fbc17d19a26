import { readFileSync, statSync } from "node:fs";
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
/** And so many bytes of them: in base64 21 MiB, which most mail still takes. */
const IN_PAGE_BYTES = 16 * 1024 * 1024;

/**
 * Puts the pictures beyond the first 500, or the first 16 MiB, into a folder beside the page, which appears whole or not at all and takes
 * the place of an earlier one. No name from the phone becomes a name there.
 * @param folder named after the receipt; not made where it would be empty
 * @returns where the page finds the picture of an item; the ones in the page are read when they are asked for
 */
export async function layOutPictures(thumbnails: Thumbnails, folder: string): Promise<PictureOf> {
  const partial = `${folder}.partial`;
  const inPage = howManyInPage(thumbnails);
  const besides = [...thumbnails].slice(inPage);
  const urls = new Map<string, string>();
  await rm(partial, { recursive: true, force: true });
  if (besides.length > 0) makeFolder(partial);
  for (const [at, [item, { type, filePath }]] of besides.entries()) {
    const name = `${String(inPage + at + 1).padStart(4, "0")}.${type === "jpeg" ? "jpg" : "png"}`;
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

/** From the first one on, so that the page shows at its top what lies in it. */
function howManyInPage(thumbnails: Thumbnails): number {
  let count = 0;
  let bytes = 0;
  for (const { filePath } of thumbnails.values()) {
    bytes += statSync(filePath).size;
    if (count === IN_PAGE || bytes > IN_PAGE_BYTES) break;
    count += 1;
  }
  return count;
}
