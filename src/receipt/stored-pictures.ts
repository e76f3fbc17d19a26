import { createReadStream, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { isOwnFile, writeOwnFile } from "../owned-file.js";
import { laterPictures } from "./html/later-photos.js";
import { html } from "./html/markup.js";
import type { Thumbnail, Thumbnails } from "./page-pictures.js";
import { pagePathOf } from "./receipt-folder.js";

/** Of a page of ours, with 500 pictures in it, or 16 MiB of them: larger than any. */
const MOST_PAGE_BYTES = 256 * 1024 * 1024;
const MOST_PICTURES = 2_000;
const TILE =
  /^<li class="item"[^>]*><details><summary><img class="picture" src="([^"]{1,500000})" .*?<p class="path"><bdi>([^<]*)<\/bdi>/;
const LATER = /^<script type="application\/json" data-photos="[0-9]+">([^<]*)<\/script>$/;
const IN_PAGE = /^data:image\/(jpeg|png);base64,([A-Za-z0-9+/=]+)$/;
const BESIDE = /^([^/]+)\/([0-9]{4,}\.(?:jpg|png))$/;

/**
 * The small pictures of photos that the pages of kept receipts show, in a page or in the folder beside it. What cannot be
 * read is no picture, and a newer page's picture comes before an older one's.
 * @param receiptPaths newest first
 * @param items whose pictures are wanted, by their names in the receipt, in the order in which they come back
 * @param folder an empty one of ours: pictures that lie in a page come to lie there
 */
export async function storedPictures(
  receiptPaths: Iterable<string>,
  items: Iterable<string>,
  folder: string,
): Promise<Thumbnails> {
  const itemByMarkup = new Map<string, string>();
  const order: string[] = [];
  for (const item of items) {
    itemByMarkup.set(html`${item}`.text, item);
    order.push(item);
  }
  const found = new Map<string, Thumbnail>();
  for (const receiptPath of receiptPaths) {
    if (itemByMarkup.size === 0 || found.size >= MOST_PICTURES) break;
    const page = pagePathOf(receiptPath);
    for await (const line of linesOf(page)) {
      for (const [source, markup] of picturesIn(line)) {
        const item = itemByMarkup.get(markup);
        if (item === undefined || found.size >= MOST_PICTURES) continue;
        const picture = besidePage(page, source) ?? fromPage(source, join(folder, String(found.size)));
        if (picture === null) continue;
        found.set(item, picture);
        itemByMarkup.delete(markup);
      }
    }
  }
  return new Map(order.flatMap((item) => (found.has(item) ? [[item, found.get(item)!] as const] : [])));
}

/** The pictures in a line of a page, each with the path of its photo's first file as it stands in markup. */
function* picturesIn(line: string): Generator<readonly [source: string, markup: string]> {
  const [, source, markup] = TILE.exec(line) ?? [];
  if (source !== undefined && markup !== undefined) yield [source, markup];
  const [, json] = LATER.exec(line) ?? [];
  if (json === undefined) return;
  for (const { picture, path } of laterPictures(json)) yield [picture, html`${path}`.text];
}

/** None where there is no page of this user's. */
async function* linesOf(page: string): AsyncGenerator<string> {
  if (!page.endsWith(".html") || !isOwnFile(page) || statSync(page).size > MOST_PAGE_BYTES) return;
  const stream = createReadStream(page, "utf8");
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch {
    // an older page may have it
  } finally {
    stream.destroy();
  }
}

function fromPage(source: string, filePath: string): Thumbnail | null {
  const [, type, base64] = IN_PAGE.exec(source) ?? [];
  if (base64 === undefined) return null;
  writeOwnFile(filePath, Buffer.from(base64, "base64"), { mode: 0o600, mayReplace: () => false });
  return { type: type === "png" ? "png" : "jpeg", filePath };
}

/** In the folder of pictures that belongs to this page, and nowhere else. */
function besidePage(page: string, source: string): Thumbnail | null {
  const [, folder, name] = BESIDE.exec(source) ?? [];
  const own = `${basename(page, ".html")} pictures`;
  if (name === undefined || folder !== encodeURIComponent(own)) return null;
  const filePath = join(page, "..", own, name);
  return isOwnFile(filePath) ? { type: name.endsWith("png") ? "png" : "jpeg", filePath } : null;
}
