import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { FileRole } from "../catalogue/media-item.js";
import type { PhoneFile } from "../phone/phone.js";
import { LedgerAlbums } from "./ledger-albums.js";
import { LedgerBatches } from "./ledger-batches.js";
import { LedgerChoices } from "./ledger-choices.js";
import { LedgerEditedBatches } from "./ledger-edited-batches.js";
import type { Destination, ItemState } from "./ledger-entry.js";
import { LedgerExtraCopies } from "./ledger-extra-copies.js";
import { LedgerFindings } from "./ledger-findings.js";
import { LedgerItems } from "./ledger-items.js";
import { LedgerReader } from "./ledger-reader.js";
import { LedgerRows } from "./ledger-rows.js";
import { LedgerRuns } from "./ledger-runs.js";
import { LedgerSightings } from "./ledger-sightings.js";

/** The ledger between one phone and one destination. Every method of it and its parts is one synced commit or none. */
export class PhoneLedger {
  /** As it was when this was made: a path, or "" for a library that Photos would not name. */
  readonly destinationKey: string;
  /** Its row. */
  readonly destination: number;
  readonly sightings: LedgerSightings;
  readonly items: LedgerItems;
  readonly findings: LedgerFindings;
  readonly extraCopies: LedgerExtraCopies;
  readonly runs: LedgerRuns;
  readonly choices: LedgerChoices;
  readonly albums: LedgerAlbums;
  readonly batches: LedgerBatches;
  readonly editedBatches: LedgerEditedBatches;
  readonly #rows: LedgerRows;
  readonly #phone: string;

  /** @param id of the destination's row */
  constructor(database: DatabaseSyncInstance, phone: string, id: number, { kind, key }: Destination) {
    const rows = new LedgerRows(database);
    this.#rows = rows;
    this.#phone = phone;
    this.destination = id;
    this.destinationKey = key;
    this.sightings = new LedgerSightings(rows, phone, id);
    this.extraCopies = new LedgerExtraCopies(rows, id);
    this.items = new LedgerItems(rows, phone, { id, kind }, this.extraCopies);
    this.findings = new LedgerFindings(rows, phone, id);
    this.runs = new LedgerRuns(rows, phone, id);
    this.choices = new LedgerChoices(rows, phone, id);
    this.albums = new LedgerAlbums(rows, id);
    this.batches = new LedgerBatches(rows, id);
    this.editedBatches = new LedgerEditedBatches(rows, id);
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
    return new LedgerReader(this.#rows, this.#phone, ids, (file) => this.sightings.hashSeen(file));
  }

  /** All that the work asks is asked of the ledger as it is now, which also costs less. The work writes nothing. */
  asOfNow<Result>(work: () => Result): Result {
    return this.#rows.reading(work);
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
        this.destination,
        item.identity,
        state,
        item.key,
        runId,
      );
      const id = Number(
        this.#rows.get(
          "SELECT id FROM item WHERE phone = ? AND destination = ? AND identity = ?",
          this.#phone,
          this.destination,
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
        this.sightings.record(file, sha256);
      }
      return id;
    });
  }
}
