import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { FileRole } from "../catalogue/media-item.js";
import type { Batch, ItemState, LedgerFile, LedgerItem, LedgerRun, StoredAnswer } from "./ledger-entry.js";

export type LedgerRow = Record<string, unknown>;
type SqlValue = string | number | null;

/** The ledger's tables as rows: statements are prepared once, and work that belongs together is one commit. */
export class LedgerRows {
  readonly #database: DatabaseSyncInstance;
  readonly #statements = new Map<string, ReturnType<DatabaseSyncInstance["prepare"]>>();

  constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  get(sql: string, ...values: SqlValue[]): LedgerRow | undefined {
    return this.#statement(sql).get(...values) as LedgerRow | undefined;
  }

  all(sql: string, ...values: SqlValue[]): LedgerRow[] {
    return this.#statement(sql).all(...values) as LedgerRow[];
  }

  /** Each row as its columns in order, which costs a third less than by their names. */
  lists(sql: string, ...values: SqlValue[]): unknown[][] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#statement(sql);
      statement.setReturnArrays(true);
    }
    return statement.all(...values) as unknown as unknown[][];
  }

  /** One synced commit, unless it stands in a transaction. */
  run(sql: string, ...values: SqlValue[]) {
    return this.#statement(sql).run(...values);
  }

  /** All of the work or none of it; a transaction within a transaction is part of that. */
  transaction<Result>(work: () => Result): Result {
    if (this.#database.isTransaction) return work();
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** One look at the file for all the questions of the work, instead of a lock for each. */
  reading<Result>(work: () => Result): Result {
    if (this.#database.isTransaction) return work();
    this.#database.exec("BEGIN");
    try {
      return work();
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  #statement(sql: string) {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

/** @param phone the one that is asked about */
export function itemOf(row: LedgerRow, files: readonly LedgerFile[], phone: string): LedgerItem {
  return {
    id: Number(row.id),
    identity: String(row.identity),
    state: row.state as ItemState,
    key: String(row.key),
    runId: String(row.run),
    attempts: Number(row.attempts),
    isOtherPhones: row.phone !== phone,
    files,
  };
}

export function fileOf(row: LedgerRow): LedgerFile {
  return {
    role: row.role as FileRole,
    path: String(row.path),
    sizeBytes: Number(row.size),
    modifiedAtMs: Number(row.modified_ms),
    sha256: String(row.sha256),
    fingerprint: String(row.fingerprint),
    copyPath: String(row.copy_path),
    photosId: row.photos_id === null ? null : String(row.photos_id),
    answer: row.answer as StoredAnswer | null,
    evidence: JSON.parse(String(row.evidence)) as string[],
    reason: row.reason === null ? null : JSON.parse(String(row.reason)),
    checkedAt: row.checked_ms === null ? null : new Date(Number(row.checked_ms)),
  };
}

export function runOf(row: LedgerRow, isContinued: boolean): LedgerRun {
  return {
    id: String(row.id),
    startedAt: new Date(Number(row.started_ms)),
    isContinued,
    album: row.album_id === null ? null : { id: String(row.album_id), name: String(row.album_name) },
    journalAlbumId: row.journal_id === null ? null : String(row.journal_id),
  };
}

export function batchOf(row: LedgerRow): Batch {
  const { photos_pid: pid, photos_started_ms: startedMs } = row;
  const isKnown = pid !== null && startedMs !== null;
  return {
    id: Number(row.id),
    runId: String(row.run),
    event: row.event === "by-hand" ? "by-hand" : "plain",
    itemIds: JSON.parse(String(row.items)) as number[],
    begunAt: new Date(Number(row.begun_ms)),
    sentTo: isKnown ? { pid: Number(pid), startedAt: new Date(Number(startedMs)) } : null,
    itemsBefore: row.items_before === null ? null : Number(row.items_before),
    reply:
      row.replied_ms === null
        ? null
        : {
            ids: row.reply_ids === null ? null : (JSON.parse(String(row.reply_ids)) as string[]),
            count: row.reply_count === null ? null : Number(row.reply_count),
          },
    shown:
      row.shown_ms === null
        ? null
        : {
            ids: JSON.parse(String(row.shown_ids)) as string[],
            items: Number(row.shown_items),
            at: new Date(Number(row.shown_ms)),
          },
  };
}
