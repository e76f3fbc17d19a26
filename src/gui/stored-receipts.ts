import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isOwnFile } from "../owned-file.js";
import { calledPhone } from "../phone/phone-models.js";
import { WRONG_ANSWERS } from "../receipt/answer.js";
import { countOf } from "../receipt/photos-by-answer.js";
import { readReceiptHead } from "../receipt/read-receipt-head.js";
import type { ReceiptHead } from "../receipt/receipt.js";
import { pagePathOf, type ReceiptFolder } from "../receipt/receipt-folder.js";
import { counted } from "../words/wording.js";
import type { Access } from "./access.js";
import type { ReceiptLine } from "./page/server-state.js";

const MOST_PAGE_BYTES = 64_000_000;

/** The receipts in their folder, by the names of their files. */
export class StoredReceipts {
  readonly #folder: ReceiptFolder;
  /** By path and the time it was written: a receipt never changes. */
  readonly #heads = new Map<string, ReceiptHead>();

  constructor(folder: ReceiptFolder) {
    this.#folder = folder;
  }

  /** The newest first; what cannot be read is left out. */
  async list(access: Access): Promise<ReceiptLine[]> {
    const lines = await Promise.all((await this.#folder.list()).map((path) => this.#line(path, access)));
    return lines.filter((line) => line !== null).reverse();
  }

  async has(name: string): Promise<boolean> {
    return (await this.#pathOf(name)) !== null;
  }

  /** The page of a receipt; null where there is none. */
  async page(name: string): Promise<string | null> {
    const path = await this.#pathOf(name);
    if (path === null) return null;
    const page = pagePathOf(path);
    const size = await stat(page).then(
      (found) => found.size,
      () => null,
    );
    return size === null || size > MOST_PAGE_BYTES ? null : await readFile(page, "utf8");
  }

  /** One of the pictures that lie in a folder beside the page of a receipt; null where there is none. */
  async picture(
    name: string,
    picture: string,
  ): Promise<{ readonly type: string; readonly bytes: Buffer } | null> {
    const path = await this.#pathOf(name);
    const ending = /^[0-9]{4,}\.(jpg|png)$/.exec(picture)?.[1];
    if (path === null || ending === undefined) return null;
    const file = join(`${path.replace(/\.json$/, "")} pictures`, picture);
    if (!isOwnFile(file)) return null;
    return { type: ending === "jpg" ? "image/jpeg" : "image/png", bytes: await readFile(file) };
  }

  async #pathOf(name: string): Promise<string | null> {
    return (await this.#folder.list()).find((path) => nameOf(path) === name) ?? null;
  }

  async #line(path: string, access: Access): Promise<ReceiptLine | null> {
    const head = await this.#head(path).catch(() => null);
    if (head === null) return null;
    const { totals, phone, startedAt } = head;
    const wrong = [...WRONG_ANSWERS].reduce((sum, word) => sum + countOf(totals, word).items, 0);
    const news = totals.thisRun.items === 0 ? "Nothing new" : counted(totals.thisRun.items, "new photo");
    return {
      name: nameOf(path),
      at: Date.parse(startedAt),
      phone: calledPhone(phone),
      summary:
        wrong === 0
          ? news
          : `${news}, ${counted(wrong, "photo")} not as ${wrong === 1 ? "it" : "they"} should be`,
      isTrouble: wrong > 0,
      address: access.signedFolder("/receipt", nameOf(path)),
    };
  }

  async #head(path: string): Promise<ReceiptHead> {
    const { mtimeMs } = await stat(path);
    const key = `${mtimeMs} ${path}`;
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const head = await readReceiptHead(path);
    this.#heads.set(key, head);
    return head;
  }
}

function nameOf(path: string): string {
  return basename(path, ".json");
}
