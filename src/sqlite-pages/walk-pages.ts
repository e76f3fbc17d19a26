import { type BtreePage, btreePage } from "./btree-page.js";
import type { DatabaseHeader } from "./database-header.js";
import { damaged } from "./unreadable-database.js";

/**
 * Gives the content of pages.
 * @param pageNumbers ascending, each once
 * @returns each of them, in any order; a page is valid until the next is asked for
 */
export type FetchPages = (
  pageNumbers: readonly number[],
) => AsyncIterable<{ readonly pageNumber: number; readonly page: Buffer }>;

/** More than a database of SQLite can have of one table: 2^31 pages lie within 11 levels of the smallest fan-out. */
const MAX_DEPTH = 20;
/** 4 GiB of pages of the usual size, where a library of 60,000 photos needs some 120 MiB. */
const MAX_PAGES = 1_000_000;
/** SQLite keeps its locks there, and never content. */
const LOCK_BYTE_AT = 1024 ** 3;

/** A page to be fetched, and what it has to be. */
type Expected =
  | { readonly what: "rows"; readonly depth: number; readonly family: BtreePage["family"] | null }
  | { readonly what: "overflow"; readonly pagesLeft: number };

/**
 * Visits every page of some B-trees, with the overflow chains of their rows: level by level, so that all pages of a
 * level are asked for at once. Each page is visited once at most over all walks of one walker, so no content of a
 * file can make it go in circles.
 */
export class PageWalker {
  readonly #header: DatabaseHeader;
  readonly #pageCount: number;
  readonly #seen = new Set<number>();

  /** @param pageCount pages beyond it are not part of the database */
  constructor(header: DatabaseHeader, pageCount: number) {
    this.#header = header;
    this.#pageCount = pageCount;
  }

  /** How many pages were visited. */
  get visitedCount(): number {
    return this.#seen.size;
  }

  /**
   * @param roots the root page of each B-tree
   * @throws UnreadableDatabase `damaged` where a page breaks the format: its type, bounds, order, or depth; a page
   *   that is in two places; more than a million pages
   */
  async walk(roots: readonly number[], fetch: FetchPages): Promise<void> {
    let level = new Map<number, Expected>();
    const expect = (next: Map<number, Expected>, pageNumber: number, expected: Expected) => {
      this.#claim(pageNumber);
      next.set(pageNumber, expected);
    };
    for (const root of roots) expect(level, root, { what: "rows", depth: 1, family: null });
    while (level.size > 0) {
      const next = new Map<number, Expected>();
      const pageNumbers = [...level.keys()].sort((a, b) => a - b);
      for await (const { pageNumber, page } of fetch(pageNumbers)) {
        const expected = level.get(pageNumber);
        if (expected === undefined) continue;
        if (expected.what === "overflow") {
          if (expected.pagesLeft === 1) continue;
          expect(next, page.readUInt32BE(0), { what: "overflow", pagesLeft: expected.pagesLeft - 1 });
          continue;
        }
        const { family, children, overflows } = btreePage(page, pageNumber, this.#header);
        const depth = expected.depth + 1;
        if (expected.family !== null && expected.family !== family)
          throw damaged(`page ${pageNumber} is in a tree of another kind`);
        if (children.length > 0 && depth > MAX_DEPTH) throw damaged("a tree of pages is too deep");
        for (const child of children) expect(next, child, { what: "rows", depth, family });
        for (const { firstPage, pageCount } of overflows)
          expect(next, firstPage, { what: "overflow", pagesLeft: pageCount });
      }
      level = next;
    }
  }

  #claim(pageNumber: number): void {
    if (pageNumber < 1 || pageNumber > this.#pageCount)
      throw damaged(`it leads to page ${pageNumber}, and has ${this.#pageCount}`);
    if (pageNumber === Math.floor(LOCK_BYTE_AT / this.#header.pageBytes) + 1)
      throw damaged(`it leads to page ${pageNumber}, which never holds content`);
    if (this.#seen.has(pageNumber)) throw damaged(`page ${pageNumber} is in two places`);
    if (this.#seen.size >= MAX_PAGES) throw damaged("its tables have more pages than any library");
    this.#seen.add(pageNumber);
  }
}
