import type { ImportReply } from "../photos/photos-library.js";
import type { Batch, ItemState, ShownByPhotos } from "./ledger-entry.js";
import { batchOf, type LedgerRows } from "./ledger-rows.js";

/** The import events into one library, each written down before it is sent. Every method is one commit. */
export class LedgerBatches {
  readonly #rows: LedgerRows;
  readonly #destination: number;

  constructor(rows: LedgerRows, destination: number) {
    this.#rows = rows;
    this.#destination = destination;
  }

  /**
   * Written and synced before the event is sent.
   * @param itemsBefore how many items the library lists; null where nobody counted
   */
  beginBatch(
    runId: string,
    itemIds: readonly number[],
    {
      sentTo,
      itemsBefore,
      event = "plain",
    }: Pick<Batch, "sentTo" | "itemsBefore"> & Partial<Pick<Batch, "event">>,
    now: Date,
  ): number {
    return this.#rows.transaction(() => {
      const { lastInsertRowid } = this.#rows.run(
        `INSERT INTO batch (run, items, begun_ms, photos_pid, photos_started_ms, items_before, event)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        runId,
        JSON.stringify(itemIds),
        now.getTime(),
        sentTo === null ? null : sentTo.pid,
        sentTo === null ? null : sentTo.startedAt.getTime(),
        itemsBefore,
        event,
      );
      for (const id of itemIds) this.#setState(id, "sent");
      return Number(lastInsertRowid);
    });
  }

  /** Written and synced as soon as Photos has answered, before anything is made of it. */
  recordReply(batchId: number, { ids, count }: ImportReply, now: Date): void {
    this.#rows.run(
      "UPDATE batch SET replied_ms = ?, reply_ids = ?, reply_count = ? WHERE id = ?",
      now.getTime(),
      ids === null ? null : JSON.stringify(ids),
      count,
      batchId,
    );
  }

  /** Written before the library's own bytes are asked: they may know less than scripts saw. */
  recordShown(batchId: number, { ids, items, at }: ShownByPhotos): void {
    this.#rows.run(
      "UPDATE batch SET shown_ids = ?, shown_items = ?, shown_ms = ? WHERE id = ?",
      JSON.stringify(ids),
      items,
      at.getTime(),
      batchId,
    );
  }

  /**
   * The event is over and every item of it is settled: those of `notIn` are provably not in Photos and may
   * be sent again; the others have their outcome.
   */
  endBatch(batchId: number, now: Date, notIn: readonly number[] = []): void {
    this.#rows.transaction(() => {
      for (const itemId of notIn) this.#setState(itemId, "staged");
      this.#rows.run("UPDATE batch SET ended_ms = ? WHERE id = ?", now.getTime(), batchId);
    });
  }

  /** Those that were begun and whose end was never written. */
  openBatches(runId: string): Batch[] {
    return this.#rows
      .all("SELECT * FROM batch WHERE run = ? AND ended_ms IS NULL ORDER BY id", runId)
      .map(batchOf);
  }

  /** Every import event that carried one of these items, of whatever phone, the first one first. */
  batchesWith(itemIds: readonly number[]): Batch[] {
    return this.#rows
      .all(
        `SELECT * FROM batch WHERE EXISTS
           (SELECT 1 FROM json_each(items) WHERE value IN (SELECT value FROM json_each(?)))
         AND run IN (SELECT id FROM run WHERE destination = ?) ORDER BY id`,
        JSON.stringify(itemIds),
        this.#destination,
      )
      .map(batchOf);
  }

  /** The last events into this library that were answered, of whatever phone: the bytes they carried, and how long each took. */
  answeredLately(most: number): { readonly bytes: number; readonly ms: number }[] {
    return this.#rows
      .all(
        `SELECT replied_ms - begun_ms AS ms,
           (SELECT total(size) FROM item_file WHERE item IN (SELECT value FROM json_each(items))) AS bytes
         FROM batch WHERE replied_ms IS NOT NULL AND run IN (SELECT id FROM run WHERE destination = ?)
         ORDER BY id DESC LIMIT ?`,
        this.#destination,
        most,
      )
      .map(({ bytes, ms }) => ({ bytes: Number(bytes), ms: Number(ms) }));
  }

  #setState(itemId: number, state: ItemState): void {
    this.#rows.run("UPDATE item SET state = ? WHERE id = ?", state, itemId);
  }
}
