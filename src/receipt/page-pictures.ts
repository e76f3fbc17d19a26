import { constants, readFileSync, statSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { claimFolder, type IsOwnEntry, removeFrom, removeIfEmpty } from "../owned-folder.js";
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

const isPicture: IsOwnEntry = (entry) => entry.isFile() && /^[0-9]{4,}\.(jpg|png)$/.test(entry.name);

/**
 * Puts the pictures beyond the first 500, or the first 16 MiB, into a folder beside the page, in place of those that a run
 * which was cut off left there. No name from the phone becomes a name there. The page that shows them is written after them.
 * @param folder named after the receipt; not made where it would be empty
 * @returns where the page finds the picture of an item; the ones in the page are read when they are asked for
 * @throws RollcallError FOLDER_NOT_OURS where something else than such pictures lies there
 */
export async function layOutPictures(thumbnails: Thumbnails, folder: string): Promise<PictureOf> {
  const inPage = howManyInPage(thumbnails);
  const besides = [...thumbnails].slice(inPage);
  const urls = new Map<string, string>();
  if (besides.length > 0) claimFolder(folder, isPicture);
  removeFrom(folder, isPicture);
  for (const [at, [item, { type, filePath }]] of besides.entries()) {
    const name = `${String(inPage + at + 1).padStart(4, "0")}.${type === "jpeg" ? "jpg" : "png"}`;
    await copyFile(filePath, join(folder, name), constants.COPYFILE_EXCL);
    urls.set(item, `${encodeURIComponent(basename(folder))}/${name}`);
  }
  if (besides.length === 0) removeIfEmpty(folder);
  return (item) => {
    const url = urls.get(item);
    if (url !== undefined) return url;
    const thumbnail = thumbnails.get(item);
    if (thumbnail === undefined) return null;
    return `data:image/${thumbnail.type};base64,${readFileSync(thumbnail.filePath, "base64")}`;
  };
}

/** Removes the folder of pictures beside a page; what else somebody put there stays, with the folder. */
export function removePictures(folder: string): void {
  removeFrom(folder, isPicture);
  removeIfEmpty(folder);
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
