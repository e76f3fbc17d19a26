import { randomUUID } from "node:crypto";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { FileRole } from "../catalogue/media-item.js";
import type { PhoneFile } from "../phone/phone.js";
import { LedgerAlbums } from "./ledger-albums.js";
import { LedgerBatches } from "./ledger-batches.js";
import { LedgerEditedBatches } from "./ledger-edited-batches.js";
import type {
  FileFinding,
  ItemState,
  KeptAnswer,
  KnownItem,
  LedgerFile,
  LedgerItem,
  LedgerRun,
  SentRendering,
} from "./ledger-entry.js";
import { LedgerExtraCopies } from "./ledger-extra-copies.js";
import { LedgerReader } from "./ledger-reader.js";
import { fileOf, itemOf, LedgerRows, type Row, runOf } from "./ledger-rows.js";

/** What a person decided of a phone and a destination, and the key that the phone had when a person was there. */
type ChoiceName = "icloud" | "confirmed" | "key";

/** The ledger between one phone and one destination. Every method is one synced commit or none. */
export class LedgerBetween {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #destination: number;
  readonly #texts = new Map<string, string>();
  /** As it was when this was made: a path, or "" for a library that Photos would not name. */
  readonly destinationKey: string;
  readonly albums: LedgerAlbums;
  readonly batches: LedgerBatches;
  readonly editedBatches: LedgerEditedBatches;
  readonly extraCopies: LedgerExtraCopies;

  constructor(database: DatabaseSyncInstance, phone: string, destination: number, destinationKey: string) {
    this.destinationKey = destinationKey;
    this.#rows = new LedgerRows(database);
    this.#phone = phone;
    this.#destination = destination;
    this.albums = new LedgerAlbums(this.#rows, destination);
    this.batches = new LedgerBatches(this.#rows, phone, destination);
    this.editedBatches = new LedgerEditedBatches(this.#rows, destination);
    this.extraCopies = new LedgerExtraCopies(this.#rows, destination);
  }

  /** All that the work writes is one commit, or none of it. The work must not wait for anything. */
  together<Result>(work: () => Result): Result {
    return this.#rows.transaction(work);
  }

  /**
   * For calling a roll, while nothing is written: reads many items at a time.
   * @param ids of the items, in the order in which they will be asked for; one may come again
   */
  reader(ids: Iterable<number>): LedgerReader {
    return new LedgerReader(this.#rows, this.#phone, ids, (file) => this.hashSeen(file));
  }

  /** All that the work asks is asked of the ledger as it is now, which also costs less. The work writes nothing. */
  asOfNow<Result>(work: () => Result): Result {
    return this.#rows.reading(work);
  }

  // --- what is known of files

  /** The hash of a file read before, if path, size and time are still the same; else null. */
  hashSeen(file: PhoneFile): string | null {
    const row = this.#rows.get(
      "SELECT sha256 FROM sighting WHERE phone = ? AND path = ? AND size = ? AND modified_ms = ?",
      this.#phone,
      file.path,
      file.sizeBytes,
      file.modifiedAtMs,
    );
    return row === undefined ? null : String(row.sha256);
  }

  /** True when a file of this path and size was read before, whatever its time was then. */
  wasSeenWithSize(file: PhoneFile): boolean {
    const row = this.#rows.get(
      "SELECT 1 FROM sighting WHERE phone = ? AND path = ? AND size = ?",
      this.#phone,
      file.path,
      file.sizeBytes,
    );
    return row !== undefined;
  }

  /** True when any file of this path was read before. */
  wasSeenAt(path: string): boolean {
    return (
      this.#rows.get("SELECT 1 FROM sighting WHERE phone = ? AND path = ?", this.#phone, path) !== undefined
    );
  }

  recordSighting(file: PhoneFile, sha256: string): void {
    this.#rows.run(
      "INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)",
      this.#phone,
      file.path,
      file.sizeBytes,
      file.modifiedAtMs,
      sha256,
    );
  }

  isMarked(file: PhoneFile): boolean {
    const row = this.#rows.get(
      "SELECT 1 FROM mark WHERE phone = ? AND destination = ? AND path = ? AND size = ? AND modified_ms = ?",
      this.#phone,
      this.#destination,
      file.path,
      file.sizeBytes,
      file.modifiedAtMs,
    );
    return row !== undefined;
  }

  markKnown(files: Iterable<PhoneFile>): void {
    this.#rows.transaction(() => {
      for (const file of files) {
        this.#rows.run(
          "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)",
          this.#phone,
          this.#destination,
          file.path,
          file.sizeBytes,
          file.modifiedAtMs,
        );
      }
    });
  }

  // --- items

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

  /** Every item that holds a file with this hash, oldest first. */
  itemsWithFile(sha256: string): KnownItem[] {
    const rows = this.#rows.lists(
      // CROSS keeps SQLite to this order, from the hash to the item to all its files. Sorted here, it costs less.
      `SELECT item.id, state, key, run, own.sha256, own.answer
       FROM item_file AS one CROSS JOIN item ON item.id = one.item CROSS JOIN item_file AS own ON own.item = item.id
       WHERE one.sha256 = ? AND phone = ? AND destination = ?`,
      sha256,
      this.#phone,
      this.#destination,
    );
    const items: KnownItem[] = [];
    const filesOf = new Map<unknown, KnownItem["files"][number][]>();
    for (const [id, state, key, run, hash, answer] of rows) {
      let files = filesOf.get(id);
      if (files === undefined) {
        filesOf.set(id, (files = []));
        const known = { state: this.#once(state) as ItemState, key: String(key), runId: this.#once(run) };
        items.push({ id: Number(id), ...known, files });
      }
      files.push({ sha256: String(hash), answer: answer as KeptAnswer | null });
    }
    return items.sort((a, b) => a.id - b.id);
  }

  /** A plan keeps what is the same for a hundred thousand items: one text serves all. */
  #once(value: unknown): string {
    const text = String(value);
    const kept = this.#texts.get(text);
    if (kept === undefined) this.#texts.set(text, text);
    return kept ?? text;
  }

  item(id: number): LedgerItem {
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
        const name = copyPath.slice(copyPath.lastIndexOf("/") + 1);
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

  /** Items of any run that were sent, and of which nobody knows whether they are in. */
  unknownItems(): LedgerItem[] {
    return this.#rows
      .all(
        `SELECT * FROM item INDEXED BY unknown_item
         WHERE phone = ? AND destination = ? AND state = 'unknown' ORDER BY id`,
        this.#phone,
        this.#destination,
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
   * Writes that an item's copies are complete and on the disk. An item of the same identity that was
   * begun, failed or removed before becomes this run's.
   * @returns its id
   */
  recordStaged(
    runId: string,
    item: { identity: string; key: string },
    files: readonly {
      role: FileRole;
      file: PhoneFile;
      sha256: string;
      fingerprint: string;
      copyPath: string;
    }[],
    state: ItemState = "staged",
  ): number {
    return this.#rows.transaction(() => {
      this.#rows.run(
        `INSERT INTO item (phone, destination, identity, state, key, run) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (phone, destination, identity) DO UPDATE
         SET state = excluded.state, key = excluded.key, run = excluded.run`,
        this.#phone,
        this.#destination,
        item.identity,
        state,
        item.key,
        runId,
      );
      const id = Number(
        this.#rows.get(
          "SELECT id FROM item WHERE phone = ? AND destination = ? AND identity = ?",
          this.#phone,
          this.#destination,
          item.identity,
        )?.id,
      );
      this.#rows.run("DELETE FROM item_file WHERE item = ?", id);
      for (const { role, file, sha256, fingerprint, copyPath } of files) {
        this.#rows.run(
          `INSERT INTO item_file (item, path, role, size, modified_ms, sha256, fingerprint, copy_path)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          id,
          file.path,
          role,
          file.sizeBytes,
          file.modifiedAtMs,
          sha256,
          fingerprint,
          copyPath,
        );
        this.recordSighting(file, sha256);
      }
      return id;
    });
  }

  /** Writes an item's new state and what was found about its files, together. */
  recordOutcome(itemId: number, state: ItemState, findings: readonly FileFinding[]): void {
    this.#rows.transaction(() => {
      this.#rows.run("UPDATE item SET state = ? WHERE id = ?", state, itemId);
      for (const finding of findings) this.#writeFinding(itemId, finding);
    });
  }

  /** The library had the item from elsewhere: from now on it is known, and belongs to no run. */
  recordFoundInLibrary(itemId: number, findings: readonly FileFinding[]): void {
    this.#rows.transaction(() => {
      this.recordOutcome(itemId, "imported", findings);
      this.#rows.run("UPDATE item SET run = '' WHERE id = ?", itemId);
    });
  }

  /** Writes what was found about files of items, all in one commit; how far the items got stays as it is. */
  recordFindings(findings: readonly { readonly itemId: number; readonly finding: FileFinding }[]): void {
    if (findings.length === 0) return;
    this.#rows.transaction(() => {
      for (const { itemId, finding } of findings) this.#writeFinding(itemId, finding);
    });
  }

  #writeFinding(itemId: number, finding: FileFinding): void {
    this.#rows.run(
      `UPDATE item_file SET photos_id = ?, answer = ?, evidence = ?, reason = ?, checked_ms = ?
       WHERE item = ? AND path = ?`,
      finding.photosId,
      finding.answer,
      JSON.stringify(finding.evidence),
      finding.reason === null ? null : JSON.stringify(finding.reason),
      finding.checkedAt.getTime(),
      itemId,
      finding.path,
    );
  }

  /** Writes what a later check found about files, wherever their items stand; all in one commit. */
  recordLater(found: readonly { readonly sha256: string; readonly finding: FileFinding }[]): void {
    if (found.length === 0) return;
    this.#rows.transaction(() => {
      for (const { sha256, finding } of found) this.#writeLater(sha256, finding);
    });
  }

  #writeLater(sha256: string, finding: FileFinding): void {
    this.#rows.run(
      `UPDATE item_file SET photos_id = coalesce(?, photos_id), answer = ?, evidence = ?, reason = ?, checked_ms = ?
       WHERE path = ? AND sha256 = ? AND item IN (SELECT id FROM item WHERE phone = ? AND destination = ?)`,
      finding.photosId,
      finding.answer,
      JSON.stringify(finding.evidence),
      finding.reason === null ? null : JSON.stringify(finding.reason),
      finding.checkedAt.getTime(),
      finding.path,
      sha256,
      this.#phone,
      this.#destination,
    );
    // What was sent and never settled is known from now on, and not brought again.
    if (finding.photosId !== null && (finding.answer === "proved" || finding.answer === "present"))
      this.#rows.run(
        `UPDATE item SET state = 'imported' WHERE state = 'unknown' AND phone = ? AND destination = ?
         AND id IN (SELECT item FROM item_file WHERE path = ? AND sha256 = ?)`,
        this.#phone,
        this.#destination,
        finding.path,
        sha256,
      );
  }

  setState(itemId: number, state: ItemState): void {
    this.#rows.run("UPDATE item SET state = ? WHERE id = ?", state, itemId);
  }

  // --- runs

  /** The run that was begun and not finished, if there is one. */
  openRun(): LedgerRun | null {
    const row = this.#rows.get(
      "SELECT * FROM run WHERE phone = ? AND destination = ? AND finished_ms IS NULL",
      this.#phone,
      this.#destination,
    );
    return row === undefined ? null : runOf(row, true);
  }

  /** Goes on with the open run, or begins one. */
  continueOrBeginRun(now: Date): LedgerRun {
    const open = this.openRun();
    if (open !== null) return open;
    const id = randomUUID();
    this.#rows.run(
      "INSERT INTO run (id, phone, destination, started_ms) VALUES (?, ?, ?, ?)",
      id,
      this.#phone,
      this.#destination,
      now.getTime(),
    );
    return { id, startedAt: now, isContinued: false, album: null, journalAlbumId: null };
  }

  run(runId: string): LedgerRun {
    return runOf(this.#rows.get("SELECT * FROM run WHERE id = ?", runId) ?? {}, true);
  }

  /** Every Photos id that a run's items and album should hold. */
  photosIdsOfRun(runId: string): string[] {
    return this.#rows
      .all(
        `SELECT photos_id FROM item_file JOIN item ON item.id = item
       WHERE run = ? AND photos_id IS NOT NULL GROUP BY photos_id ORDER BY min(item.id)`,
        runId,
      )
      .map((row) => String(row.photos_id));
  }

  /** Ids of the photos that Rollcall brought here last: of so many items. */
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
    if (this.extraCopies.has(photosId)) return true;
    const row = this.#rows.get(
      "SELECT 1 FROM item_file JOIN item ON item.id = item WHERE photos_id = ? AND destination = ?",
      photosId,
      this.#destination,
    );
    return row !== undefined;
  }

  finishRun(runId: string, receiptPath: string, now: Date): void {
    this.#rows.run(
      "UPDATE run SET finished_ms = ?, receipt_path = ?, journal_id = NULL WHERE id = ?",
      now.getTime(),
      receiptPath,
      runId,
    );
  }

  // --- what a person decided

  choice(name: ChoiceName): string | null {
    const row = this.#rows.get(
      "SELECT value FROM choice WHERE phone = ? AND destination = ? AND name = ?",
      this.#phone,
      this.#destination,
      name,
    );
    return row === undefined ? null : String(row.value);
  }

  recordChoice(name: ChoiceName, value: string): void {
    this.#rows.run(
      "INSERT OR REPLACE INTO choice VALUES (?, ?, ?, ?)",
      this.#phone,
      this.#destination,
      name,
      value,
    );
  }

  #itemOf(row: Row): LedgerItem {
    const files = this.#rows.all("SELECT * FROM item_file WHERE item = ? ORDER BY rowid", Number(row.id));
    return itemOf(row, files.map(fileOf));
  }
}
