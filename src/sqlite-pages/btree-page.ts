import { type DatabaseHeader, HEADER_BYTES } from "./database-header.js";
import { damaged } from "./unreadable-database.js";

/** What one B-tree page leads to. */
export interface BtreePage {
  /** Of a table that has row ids, or of one without them (and of every index). */
  readonly family: "table" | "index";
  /** Page numbers; none in a leaf. */
  readonly children: readonly number[];
  /** One for each row that does not fit on the page. */
  readonly overflows: readonly Overflow[];
}

/** A chain of pages that holds the rest of a row. */
interface Overflow {
  readonly firstPage: number;
  readonly pageCount: number;
}

const INTERIOR_INDEX = 2;
const INTERIOR_TABLE = 5;
const LEAF_INDEX = 10;
const LEAF_TABLE = 13;
/** A row of 1 GB is the most that SQLite itself stores. */
const MAX_ROW_BYTES = 1_000_000_000;

/**
 * Reads the cells of a page. Every length and pointer is checked against the page, in time linear in its size.
 * Format: sqlite.org, "Database File Format", section 1.6.
 * @param page a whole page
 * @param pageNumber from 1 on; page 1 begins with the header of the database
 * @throws UnreadableDatabase `damaged`
 */
export function btreePage(page: Buffer, pageNumber: number, header: DatabaseHeader): BtreePage {
  const { usableBytes } = header;
  const start = pageNumber === 1 ? HEADER_BYTES : 0;
  const type = page.readUInt8(start);
  const isInterior = type === INTERIOR_INDEX || type === INTERIOR_TABLE;
  const isTable = type === INTERIOR_TABLE || type === LEAF_TABLE;
  if (!isInterior && type !== LEAF_INDEX && type !== LEAF_TABLE)
    throw damaged(`page ${pageNumber} is not a page of rows`);

  const pointers = start + (isInterior ? 12 : 8);
  const cellCount = page.readUInt16BE(start + 3);
  const contentStart = pointers + 2 * cellCount;
  if (contentStart > usableBytes) throw damaged(`page ${pageNumber} has more rows than room`);

  const children: number[] = [];
  const overflows: Overflow[] = [];
  const cells = new CellReader(page.subarray(0, usableBytes), pageNumber);
  let lastRowId: number | bigint | null = null;
  for (let index = 0; index < cellCount; index++) {
    cells.goTo(page.readUInt16BE(pointers + 2 * index), contentStart);
    if (isInterior) children.push(cells.uint32());
    if (type === INTERIOR_TABLE) {
      cells.varint();
      continue;
    }
    const rowBytes = Number(cells.varint());
    if (!(rowBytes >= 0 && rowBytes <= MAX_ROW_BYTES)) throw damaged(`page ${pageNumber} has an endless row`);
    if (isTable) {
      const rowId = cells.varint();
      if (lastRowId !== null && rowId <= lastRowId)
        throw damaged(`page ${pageNumber} has its rows in the wrong order`);
      lastRowId = rowId;
    }
    const hereBytes = bytesOnPage(rowBytes, usableBytes, isTable);
    cells.skip(hereBytes);
    if (hereBytes < rowBytes) {
      const pageCount = Math.ceil((rowBytes - hereBytes) / (usableBytes - 4));
      overflows.push({ firstPage: cells.uint32(), pageCount });
    }
  }
  if (isInterior) children.push(page.readUInt32BE(start + 8));
  return { family: isTable ? "table" : "index", children, overflows };
}

/** How much of a row lies on its page, by the rules of section 1.6: the rest is on overflow pages. */
function bytesOnPage(rowBytes: number, usableBytes: number, isTable: boolean): number {
  const most = isTable ? usableBytes - 35 : Math.floor(((usableBytes - 12) * 64) / 255) - 23;
  if (rowBytes <= most) return rowBytes;
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23;
  const rest = least + ((rowBytes - least) % (usableBytes - 4));
  return rest <= most ? rest : least;
}

/** Reads one cell after the other; nothing outside the page is ever read. */
class CellReader {
  readonly #page: Buffer;
  readonly #pageNumber: number;
  #at = 0;

  constructor(page: Buffer, pageNumber: number) {
    this.#page = page;
    this.#pageNumber = pageNumber;
  }

  goTo(at: number, contentStart: number): void {
    // 0 stands for 65,536, at which no cell can begin.
    if (at < contentStart || at >= this.#page.length) throw this.#outside();
    this.#at = at;
  }

  uint32(): number {
    if (this.#at + 4 > this.#page.length) throw this.#outside();
    const value = this.#page.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  /** A signed number of 64 bits in 1 to 9 bytes; a bigint only where it may not fit into a number. */
  varint(): number | bigint {
    let value = 0;
    for (let length = 1; length <= 7; length++) {
      const byte = this.#byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    let wide = BigInt(value);
    const eighth = this.#byte();
    wide = (wide << 7n) | BigInt(eighth & 0x7f);
    if (eighth < 0x80) return wide;
    return BigInt.asIntN(64, (wide << 8n) | BigInt(this.#byte()));
  }

  skip(sizeBytes: number): void {
    if (this.#at + sizeBytes > this.#page.length) throw this.#outside();
    this.#at += sizeBytes;
  }

  #byte(): number {
    const byte = this.#page[this.#at];
    if (byte === undefined) throw this.#outside();
    this.#at += 1;
    return byte;
  }

  #outside(): Error {
    return damaged(`a row of page ${this.#pageNumber} lies outside the page`);
  }
}
