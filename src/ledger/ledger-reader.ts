import type { PhoneFile } from "../phone/phone.js";
import type { LedgerFile, LedgerItem } from "./ledger-entry.js";
import { fileOf, itemOf, type LedgerRows, type Row } from "./ledger-rows.js";

/** Items that lie side by side are asked for one after the other: so many are read at a time. */
const ITEMS_AT_A_TIME = 256;
const MOST_PAGES = 4;

interface Page {
  readonly items: ReadonlyMap<number, LedgerItem>;
  readonly sightings: ReadonlyMap<string, Row>;
}

/**
 * Reads the ledger for a roll that is called while nothing is written. It tells what each item was when it, or one
 * near it, was first asked for.
 */
export class LedgerReader {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  /** By number; the one read first stands first. */
  readonly #pages = new Map<number, Page>();
  readonly #hashSeen: (file: PhoneFile) => string | null;

  /** @param hashSeen for files that are of no item that was read */
  constructor(rows: LedgerRows, phone: string, hashSeen: (file: PhoneFile) => string | null) {
    this.#rows = rows;
    this.#phone = phone;
    this.#hashSeen = hashSeen;
  }

  /** Undefined where this phone has none of that id. */
  item(id: number): LedgerItem | undefined {
    return this.#page(Math.floor(id / ITEMS_AT_A_TIME)).items.get(id);
  }

  /** The hash of a file read before, if path, size and time are still the same; else null. */
  hashSeen(file: PhoneFile): string | null {
    for (const { sightings } of this.#pages.values()) {
      const seen = sightings.get(file.path);
      if (seen === undefined) continue;
      const isSame = seen.seen_size === file.sizeBytes && seen.seen_ms === file.modifiedAtMs;
      return isSame ? String(seen.seen_sha256) : null;
    }
    return this.#hashSeen(file);
  }

  #page(number: number): Page {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const page = this.#read(number * ITEMS_AT_A_TIME);
    this.#pages.set(number, page);
    for (const [oldest] of this.#pages) {
      if (this.#pages.size <= MOST_PAGES) break;
      this.#pages.delete(oldest);
    }
    return page;
  }

  #read(from: number): Page {
    const to = from + ITEMS_AT_A_TIME - 1;
    const files = new Map<number, LedgerFile[]>();
    const sightings = new Map<string, Row>();
    const rows = this.#rows.all(
      `SELECT item_file.*, sighting.size AS seen_size, sighting.modified_ms AS seen_ms, sighting.sha256 AS seen_sha256
       FROM item CROSS JOIN item_file ON item_file.item = item.id
       LEFT JOIN sighting ON sighting.phone = item.phone AND sighting.path = item_file.path
       WHERE item.id BETWEEN ? AND ? AND item.phone = ? ORDER BY item_file.item, item_file.rowid`,
      from,
      to,
      this.#phone,
    );
    for (const row of rows) {
      const id = Number(row.item);
      const ofItem = files.get(id);
      if (ofItem === undefined) files.set(id, [fileOf(row)]);
      else ofItem.push(fileOf(row));
      if (row.seen_sha256 !== null) sightings.set(String(row.path), row);
    }
    const items = this.#rows
      .all("SELECT * FROM item WHERE id BETWEEN ? AND ? AND phone = ?", from, to, this.#phone)
      .map((row) => itemOf(row, files.get(Number(row.id)) ?? []));
    return { items: new Map(items.map((item) => [item.id, item])), sightings };
  }
}
