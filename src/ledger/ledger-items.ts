import type { PhoneFile } from "../phone/phone.js";
import { lastName } from "../text/last-name.js";
import type {
  Destination,
  ItemState,
  KnownItem,
  LedgerFile,
  LedgerItem,
  SentRendering,
  StoredAnswer,
} from "./ledger-entry.js";
import type { LedgerExtraCopies } from "./ledger-extra-copies.js";
import { fileOf, itemOf, type LedgerRow, type LedgerRows } from "./ledger-rows.js";

/** What the ledger knows of files and items between one phone and one destination. Nothing here writes. */
export class LedgerItems {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #destination: number;
  readonly #extraCopies: LedgerExtraCopies;
  readonly #isLibrary: boolean;
  readonly #texts = new Map<string, string>();

  /** @param destination its row; a library is one for all phones, a folder keeps what each phone copied apart */
  constructor(
    rows: LedgerRows,
    phone: string,
    destination: { readonly id: number; readonly kind: Destination["kind"] },
    extraCopies: LedgerExtraCopies,
  ) {
    this.#rows = rows;
    this.#phone = phone;
    this.#destination = destination.id;
    this.#isLibrary = destination.kind === "photos";
    this.#extraCopies = extraCopies;
  }

  itemWithIdentity(identity: string): LedgerItem | undefined {
    const row = this.#rows.get(
      "SELECT * FROM item WHERE phone = ? AND destination = ? AND identity = ?",
      this.#phone,
      this.#destination,
      identity,
    );
    return row === undefined ? undefined : this.#itemOf(row);
  }

  /** The newest copy of a file on the phone, by its path there; undefined where none was made. */
  copyOf(path: string): LedgerFile | undefined {
    const row = this.#rows.get(
      // CROSS keeps SQLite to this order: it would look through every item for its file of that path.
      `SELECT item_file.* FROM item_file CROSS JOIN item ON item.id = item
       WHERE path = ? AND phone = ? AND destination = ? ORDER BY item.id DESC LIMIT 1`,
      path,
      this.#phone,
      this.#destination,
    );
    return row === undefined ? undefined : fileOf(row);
  }

  /** A file that was imported here, by its bytes and by its path on this phone or its id in Photos. */
  importedFile(of: {
    readonly path: string;
    readonly sha256: string;
    readonly photosId: string | null;
  }): LedgerFile | undefined {
    const row = this.#rows.get(
      `SELECT item_file.* FROM item_file CROSS JOIN item ON item.id = item
       WHERE sha256 = ? AND destination = ? AND ((phone = ? AND path = ?) OR photos_id = ?)
       ORDER BY photos_id IS ? DESC, checked_ms DESC LIMIT 1`,
      of.sha256,
      this.#destination,
      this.#phone,
      of.path,
      of.photosId,
      of.photosId,
    );
    return row === undefined ? undefined : fileOf(row);
  }

  /**
   * What this phone had under a path, with an original of this length, when it was imported: for a photo whose bytes are
   * not on the phone any more. Null where that was not imported, or never came in.
   */
  importedFrom(path: string, sizeBytes: number): KnownItem | null {
    const row = this.#rows.get(
      `SELECT item.* FROM item_file CROSS JOIN item ON item.id = item
       WHERE path = ? AND size = ? AND role = 'original' AND phone = ? AND destination = ?
         AND state IN ('imported', 'removed') ORDER BY item.id DESC LIMIT 1`,
      path,
      sizeBytes,
      this.#phone,
      this.#destination,
    );
    return row === undefined ? null : this.#itemOf(row);
  }

  /**
   * Every item that holds a file with this hash, oldest first: what came from this phone, and of other phones what has
   * entered the same library.
   */
  itemsWithFile(sha256: string): KnownItem[] {
    const rows = this.#rows.lists(
      // CROSS keeps SQLite to this order, from the hash to the item to all its files. Sorted here, it costs less.
      `SELECT item.id, state, key, run, attempts, phone, own.sha256, own.answer
       FROM item_file AS one CROSS JOIN item ON item.id = one.item CROSS JOIN item_file AS own ON own.item = item.id
       WHERE one.sha256 = ? AND destination = ?
         AND (phone = ? OR (? AND state IN ('imported', 'removed', 'unknown')))`,
      sha256,
      this.#destination,
      this.#phone,
      this.#isLibrary ? 1 : 0,
    );
    const items: KnownItem[] = [];
    const filesOf = new Map<unknown, KnownItem["files"][number][]>();
    for (const [id, state, key, run, attempts, phone, hash, answer] of rows) {
      let files = filesOf.get(id);
      if (files === undefined) {
        filesOf.set(id, (files = []));
        const known = { state: this.#once(state) as ItemState, key: String(key), runId: this.#once(run) };
        const isOtherPhones = phone !== this.#phone;
        items.push({ id: Number(id), ...known, attempts: Number(attempts), isOtherPhones, files });
      }
      files.push({ sha256: String(hash), answer: answer as StoredAnswer | null });
    }
    return items.sort((a, b) => a.id - b.id);
  }

  /** A plan keeps what is the same for a hundred thousand items: one text serves all. */
  #once(value: unknown): string {
    const text = String(value);
    const shared = this.#texts.get(text);
    if (shared === undefined) this.#texts.set(text, text);
    return shared ?? text;
  }

  get(id: number): LedgerItem {
    return this.#itemOf(this.#rows.get("SELECT * FROM item WHERE id = ?", id) ?? {});
  }

  /** Items of a run in these states, in the order they were copied. */
  itemsOfRun(runId: string, ...states: ItemState[]): LedgerItem[] {
    return this.#rows
      .all(
        "SELECT * FROM item WHERE run = ? AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
        runId,
        JSON.stringify(states),
      )
      .map((row) => this.#itemOf(row));
  }

  /** Renderings of edits that a run copied, by the names under which Photos was given them. */
  renderingsOfRun(runId: string): SentRendering[] {
    return this.#rows
      .all(
        `SELECT item.id, path, copy_path, size FROM item CROSS JOIN item_file ON item = item.id
         WHERE run = ? AND role IN ('edited', 'edited-live-movie') ORDER BY item.id`,
        runId,
      )
      .map(({ id, path, copy_path, size }) => {
        const copyPath = String(copy_path);
        const name = lastName(copyPath);
        return { itemId: Number(id), path: String(path), name, sizeBytes: Number(size) };
      });
  }

  /** The same, without reading them: a run may have a hundred thousand. */
  itemIdsOfRun(runId: string, ...states: ItemState[]): number[] {
    return this.#rows
      .all(
        "SELECT id FROM item WHERE run = ? AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
        runId,
        JSON.stringify(states),
      )
      .map(({ id }) => Number(id));
  }

  /** Items of whatever phone that were imported into this destination. */
  importedIds(): number[] {
    return this.#rows
      .all("SELECT id FROM item WHERE destination = ? AND state = 'imported' ORDER BY id", this.#destination)
      .map(({ id }) => Number(id));
  }

  /**
   * The Photos ids of those of these items of which a file was last found where it was imported.
   * @param exceptRun whose items are left out
   */
  photosIdsBelieved(
    ids: readonly number[],
    exceptRun: string | null,
  ): { readonly itemId: number; readonly photosId: string }[] {
    return this.#rows
      .lists(
        // CROSS keeps SQLite to this order: these items are looked up, wherever they lie.
        `SELECT item.id, photos_id FROM json_each(?) AS wanted CROSS JOIN item ON item.id = wanted.value
         CROSS JOIN item_file ON item_file.item = item.id
         WHERE run IS NOT ? AND photos_id IS NOT NULL AND EXISTS
           (SELECT 1 FROM item_file AS one WHERE one.item = item.id AND one.answer IN ('proved', 'present'))`,
        JSON.stringify(ids),
        exceptRun,
      )
      .map(([id, photosId]) => ({ itemId: Number(id), photosId: String(photosId) }));
  }

  /**
   * Items of any run, and of whatever phone, that were sent, and of which nobody knows whether they are in: one that had
   * its photos before may never come again.
   */
  unknownItems(): LedgerItem[] {
    return this.#rows
      .all(
        "SELECT * FROM item INDEXED BY unknown_item WHERE destination = ? AND state = 'unknown' ORDER BY id",
        this.#destination,
      )
      .map((row) => this.#itemOf(row));
  }

  /** Items of whatever phone that were imported here, with a file that is unknown for one of these reasons. */
  importedItemsUnknown(codes: readonly string[]): LedgerItem[] {
    return this.#rows
      .all(
        `SELECT * FROM item WHERE destination = ? AND state = 'imported' AND id IN
           (SELECT item FROM item_file WHERE answer = 'unknown'
              AND json_extract(reason, '$.code') IN (SELECT value FROM json_each(?)))
         ORDER BY id`,
        this.#destination,
        JSON.stringify(codes),
      )
      .map((row) => this.#itemOf(row));
  }

  countOfRun(runId: string, ...states: ItemState[]): number {
    const row = this.#rows.get(
      "SELECT count(*) AS count FROM item WHERE run = ? AND state IN (SELECT value FROM json_each(?))",
      runId,
      JSON.stringify(states),
    );
    return Number(row?.count ?? 0);
  }

  /**
   * True where a file of this path and size came from another phone into the same library: its bytes may be in it. Only
   * reading them tells.
   */
  resemblesOtherPhones(file: PhoneFile): boolean {
    if (!this.#isLibrary) return false;
    const row = this.#rows.get(
      `SELECT 1 FROM item_file CROSS JOIN item ON item.id = item
       WHERE path = ? AND size = ? AND phone <> ? AND destination = ? AND state IN ('imported', 'removed') LIMIT 1`,
      file.path,
      file.sizeBytes,
      this.#phone,
      this.#destination,
    );
    return row !== undefined;
  }

  /** Ids of the photos that Rollcall imported here last: of so many items. */
  newestPhotosIds(mostItems: number): string[] {
    return this.#rows
      .all(
        `SELECT DISTINCT photos_id FROM item_file WHERE photos_id IS NOT NULL AND item IN
           (SELECT id FROM item WHERE phone = ? AND destination = ? AND state = 'imported' ORDER BY id DESC LIMIT ?)`,
        this.#phone,
        this.#destination,
        mostItems,
      )
      .map(({ photos_id }) => String(photos_id));
  }

  /** The item of which Photos keeps a file under this id; undefined where none is ours. */
  itemWithPhotosId(photosId: string): LedgerItem | undefined {
    const row = this.#rows.get(
      `SELECT item.* FROM item JOIN item_file ON item_file.item = item.id
       WHERE photos_id = ? AND destination = ? LIMIT 1`,
      photosId,
      this.#destination,
    );
    return row === undefined ? undefined : this.#itemOf(row);
  }

  /** True when an item of ours in this library has the id already, or an extra copy of one. */
  isKnownPhotosId(photosId: string): boolean {
    if (this.#extraCopies.has(photosId)) return true;
    const row = this.#rows.get(
      "SELECT 1 FROM item_file JOIN item ON item.id = item WHERE photos_id = ? AND destination = ?",
      photosId,
      this.#destination,
    );
    return row !== undefined;
  }

  #itemOf(row: LedgerRow): LedgerItem {
    const files = this.#rows.all("SELECT * FROM item_file WHERE item = ? ORDER BY rowid", Number(row.id));
    return itemOf(row, files.map(fileOf), this.#phone);
  }
}
