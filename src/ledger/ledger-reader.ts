import type { PhoneFile } from "../phone/phone.js";
import type { LedgerFile, LedgerItem } from "./ledger-entry.js";
import { fileOf, itemOf, type LedgerRow, type LedgerRows } from "./ledger-rows.js";

const ITEMS_AT_A_TIME = 256;

interface Page {
  readonly items: ReadonlyMap<number, LedgerItem>;
  readonly sightings: ReadonlyMap<string, LedgerRow>;
}

const NOTHING: Page = { items: new Map(), sightings: new Map() };

/**
 * Reads the ledger for a roll that is called while nothing is written. It tells what each item was when it, or one
 * asked for soon before it, was first asked for.
 */
export class LedgerReader {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #ids: Iterator<number>;
  /** What was read last, and before that. */
  #pages: readonly [Page, Page] = [NOTHING, NOTHING];
  readonly #hashSeen: (file: PhoneFile) => string | null;

  /**
   * @param ids in the order in which they will be asked for, wherever they lie in the ledger
   * @param hashSeen for files that are of no item that was read
   */
  constructor(
    rows: LedgerRows,
    phone: string,
    ids: Iterable<number>,
    hashSeen: (file: PhoneFile) => string | null,
  ) {
    this.#rows = rows;
    this.#phone = phone;
    this.#ids = ids[Symbol.iterator]();
    this.#hashSeen = hashSeen;
  }

  /** Undefined where there is none of that id, or it was asked for long before. */
  item(id: number): LedgerItem | undefined {
    return this.#find(id) ?? (this.#readOn() ? this.#find(id) : undefined);
  }

  /** The hash of a file read before, if path, size and time are still the same; else null. */
  hashSeen(file: PhoneFile): string | null {
    for (const { sightings } of this.#pages) {
      const seen = sightings.get(file.path);
      if (seen === undefined) continue;
      const isSame = seen.seen_size === file.sizeBytes && seen.seen_ms === file.modifiedAtMs;
      return isSame ? String(seen.seen_sha256) : null;
    }
    return this.#hashSeen(file);
  }

  #find(id: number): LedgerItem | undefined {
    return this.#pages[0].items.get(id) ?? this.#pages[1].items.get(id);
  }

  /** False where all was read. */
  #readOn(): boolean {
    const ids = new Set<number>();
    while (ids.size < ITEMS_AT_A_TIME) {
      const { done, value } = this.#ids.next();
      if (done) break;
      ids.add(value);
    }
    if (ids.size > 0) this.#pages = [this.#read(JSON.stringify([...ids])), this.#pages[0]];
    return ids.size > 0;
  }

  #read(ids: string): Page {
    const files = new Map<number, LedgerFile[]>();
    const sightings = new Map<string, LedgerRow>();
    const rows = this.#rows.all(
      // CROSS keeps SQLite to this order: a few items are looked up, wherever they lie.
      `SELECT item_file.*, sighting.size AS seen_size, sighting.modified_ms AS seen_ms, sighting.sha256 AS seen_sha256
       FROM json_each(?) AS wanted CROSS JOIN item ON item.id = wanted.value
       CROSS JOIN item_file ON item_file.item = item.id
       LEFT JOIN sighting ON sighting.phone = ? AND sighting.path = item_file.path
       ORDER BY item_file.item, item_file.rowid`,
      ids,
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
      .all("SELECT item.* FROM json_each(?) AS wanted CROSS JOIN item ON item.id = wanted.value", ids)
      .map((row) => itemOf(row, files.get(Number(row.id)) ?? [], this.#phone));
    return { items: new Map(items.map((item) => [item.id, item])), sightings };
  }
}
