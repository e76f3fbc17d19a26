import { randomUUID } from "node:crypto";
import type { PhoneIdentity } from "../phone/phone.js";
import { type LedgerRun, NOT_IN_ALBUM } from "./ledger-entry.js";
import { type LedgerRows, runOf } from "./ledger-rows.js";

/** The runs from one phone into one destination. */
export class LedgerRuns {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #destination: number;

  /** @param destination its row */
  constructor(rows: LedgerRows, phone: string, destination: number) {
    this.#rows = rows;
    this.#phone = phone;
    this.#destination = destination;
  }

  /** The run that was begun and not finished, if there is one. */
  open(): LedgerRun | null {
    const row = this.#rows.get(
      "SELECT * FROM run WHERE phone = ? AND destination = ? AND finished_ms IS NULL",
      this.#phone,
      this.#destination,
    );
    return row === undefined ? null : runOf(row, true);
  }

  /** Goes on with the open run, or begins one. */
  continueOrBegin(now: Date): LedgerRun {
    const open = this.open();
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

  get(runId: string): LedgerRun {
    return runOf(this.#rows.get("SELECT * FROM run WHERE id = ?", runId) ?? {}, true);
  }

  /** Every Photos id that a run's album should hold: not of what Photos shows to no script. */
  photosIds(runId: string): string[] {
    return this.#rows
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
    return this.#rows
      .all(
        `SELECT phone.* FROM run JOIN phone ON phone.udid = run.phone
         WHERE destination = ? AND phone <> ? AND finished_ms IS NULL ORDER BY started_ms`,
        this.#destination,
        this.#phone,
      )
      .map((row) => ({
        udid: String(row.udid),
        name: String(row.name),
        productType: String(row.product_type),
        iosVersion: String(row.ios_version),
      }));
  }

  finish(runId: string, receiptPath: string, now: Date): void {
    this.#rows.transaction(() => {
      this.#rows.run(
        "UPDATE run SET finished_ms = ?, receipt_path = ?, journal_id = NULL WHERE id = ?",
        now.getTime(),
        receiptPath,
        runId,
      );
      this.#rows.run("DELETE FROM unexplained_item WHERE run = ?", runId); // the receipt has it
    });
  }
}
