import { randomUUID } from "node:crypto";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { FileRole } from "../catalogue/media-item.js";
import type { PhoneFile, PhoneIdentity } from "../phone/phone.js";
import { LedgerAlbums } from "./ledger-albums.js";
import { LedgerBatches } from "./ledger-batches.js";
import { LedgerEditedBatches } from "./ledger-edited-batches.js";
import {
  type Destination,
  type ICloudChoice,
  type ItemState,
  icloudChoiceOf,
  type LedgerRun,
  NOT_IN_ALBUM,
} from "./ledger-entry.js";
import { LedgerFindings } from "./ledger-findings.js";
import { LedgerReader } from "./ledger-reader.js";
import { LedgerRows, runOf } from "./ledger-rows.js";

/** What a person decided of a phone and a destination, and the key that the phone had when a person was there. */
type ChoiceName = "icloud" | "confirmed" | "key";

/** The ledger between one phone and one destination. Every method is one synced commit or none. */
export class PhoneLedger extends LedgerFindings {
  /** As it was when this was made: a path, or "" for a library that Photos would not name. */
  readonly destinationKey: string;
  readonly albums: LedgerAlbums;
  readonly batches: LedgerBatches;
  readonly editedBatches: LedgerEditedBatches;

  /** @param id of the destination's row */
  constructor(database: DatabaseSyncInstance, phone: string, id: number, { kind, key }: Destination) {
    const rows = new LedgerRows(database);
    super(rows, phone, id, kind);
    this.destinationKey = key;
    this.albums = new LedgerAlbums(rows, id);
    this.batches = new LedgerBatches(rows, id);
    this.editedBatches = new LedgerEditedBatches(rows, id);
  }

  /** All that the work writes is one commit, or none of it. The work must not wait for anything. */
  together<Result>(work: () => Result): Result {
    return this.rows.transaction(work);
  }

  /**
   * For calling a roll, while nothing is written: reads many items at a time.
   * @param ids of the items, in the order in which they will be asked for; one may come again
   */
  reader(ids: Iterable<number>): LedgerReader {
    return new LedgerReader(this.rows, this.phone, ids, (file) => this.hashSeen(file));
  }

  /** All that the work asks is asked of the ledger as it is now, which also costs less. The work writes nothing. */
  asOfNow<Result>(work: () => Result): Result {
    return this.rows.reading(work);
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
    return this.rows.transaction(() => {
      this.rows.run(
        `INSERT INTO item (phone, destination, identity, state, key, run) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (phone, destination, identity) DO UPDATE
         SET state = excluded.state, key = excluded.key, run = excluded.run`,
        this.phone,
        this.destination,
        item.identity,
        state,
        item.key,
        runId,
      );
      const id = Number(
        this.rows.get(
          "SELECT id FROM item WHERE phone = ? AND destination = ? AND identity = ?",
          this.phone,
          this.destination,
          item.identity,
        )?.id,
      );
      this.rows.run("DELETE FROM item_file WHERE item = ?", id);
      for (const { role, file, sha256, fingerprint, copyPath } of files) {
        this.rows.run(
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

  setState(itemId: number, state: ItemState): void {
    this.rows.run("UPDATE item SET state = ? WHERE id = ?", state, itemId);
  }

  // --- runs

  /** The run that was begun and not finished, if there is one. */
  openRun(): LedgerRun | null {
    const row = this.rows.get(
      "SELECT * FROM run WHERE phone = ? AND destination = ? AND finished_ms IS NULL",
      this.phone,
      this.destination,
    );
    return row === undefined ? null : runOf(row, true);
  }

  /** Goes on with the open run, or begins one. */
  continueOrBeginRun(now: Date): LedgerRun {
    const open = this.openRun();
    if (open !== null) return open;
    const id = randomUUID();
    this.rows.run(
      "INSERT INTO run (id, phone, destination, started_ms) VALUES (?, ?, ?, ?)",
      id,
      this.phone,
      this.destination,
      now.getTime(),
    );
    return { id, startedAt: now, isContinued: false, album: null, journalAlbumId: null };
  }

  run(runId: string): LedgerRun {
    return runOf(this.rows.get("SELECT * FROM run WHERE id = ?", runId) ?? {}, true);
  }

  /** Every Photos id that a run's album should hold: not of what Photos shows to no script. */
  photosIdsOfRun(runId: string): string[] {
    return this.rows
      .all(
        `SELECT photos_id FROM item_file JOIN item ON item.id = item
       WHERE run = ? AND photos_id IS NOT NULL AND coalesce(json_extract(reason, '$.code'), '') <> ?
       GROUP BY photos_id ORDER BY min(item.id)`,
        runId,
        NOT_IN_ALBUM,
      )
      .map((row) => String(row.photos_id));
  }

  /** Phones with a run into the same destination that was begun and not finished; this one is not among them. */
  phonesCutOff(): PhoneIdentity[] {
    return this.rows
      .all(
        `SELECT phone.* FROM run JOIN phone ON phone.udid = run.phone
         WHERE destination = ? AND phone <> ? AND finished_ms IS NULL ORDER BY started_ms`,
        this.destination,
        this.phone,
      )
      .map((row) => ({
        udid: String(row.udid),
        name: String(row.name),
        productType: String(row.product_type),
        iosVersion: String(row.ios_version),
      }));
  }

  finishRun(runId: string, receiptPath: string, now: Date): void {
    this.rows.transaction(() => {
      this.rows.run(
        "UPDATE run SET finished_ms = ?, receipt_path = ?, journal_id = NULL WHERE id = ?",
        now.getTime(),
        receiptPath,
        runId,
      );
      this.rows.run("DELETE FROM unexplained_item WHERE run = ?", runId); // the receipt has it
    });
  }

  // --- what a person decided

  choice(name: ChoiceName): string | null {
    const row = this.rows.get(
      "SELECT value FROM choice WHERE phone = ? AND destination = ? AND name = ?",
      this.phone,
      this.destination,
      name,
    );
    return row === undefined ? null : String(row.value);
  }

  /** Whether new photos that the phone keeps in iCloud Photos are left there; null where nobody was asked. */
  icloudChoice(): ICloudChoice | null {
    return icloudChoiceOf(this.choice("icloud"));
  }

  recordChoice(name: ChoiceName, value: string): void {
    this.rows.run(
      "INSERT OR REPLACE INTO choice VALUES (?, ?, ?, ?)",
      this.phone,
      this.destination,
      name,
      value,
    );
  }
}
