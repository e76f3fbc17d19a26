import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import type { Sheet } from "./import-behavior.js";

/** How often each Apple event came, and how much was read back. */
export interface EventCounters {
  /** By name: `{ import: 2, get: 6 }`. */
  readonly events: Readonly<Record<string, number>>;
  readonly total: number;
  /** Values in all replies, list members counted one by one. */
  readonly valuesReturned: number;
}

export interface RunningPhotos {
  readonly pid: number;
  readonly startedAt: Date;
}

/**
 * Beyond what any system gives out (Linux ends at 4,194,304, macOS at 99,999), so that nobody who kills Photos by
 * its pid can hit something real.
 */
const firstPid = 5_000_000;

/** What goes when the program goes: its sheets, and what it had not done yet. */
const goneWithTheProgram = [
  "running",
  "sheet",
  "postponed",
  "busyUntil",
  "brokenUntil",
  "importedSinceLaunch",
];

/**
 * What the program Photos is, as opposed to its library: running or not, how often it was launched, what it was
 * asked. Kept in the package, because every call of the stand-in for osascript is a process of its own.
 */
export class ApplicationState {
  readonly #database: DatabaseSyncInstance;
  #isInTransaction = false;
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  static readonly createSql = `
    CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS event (name TEXT PRIMARY KEY, count INTEGER NOT NULL, returned INTEGER NOT NULL);`;

  get running(): RunningPhotos | null {
    const recalled = this.recall<{ pid: number; startedAt: number }>("running");
    return recalled === null ? null : { pid: recalled.pid, startedAt: new Date(recalled.startedAt) };
  }

  get launches(): number {
    return this.recall<number>("launches") ?? 0;
  }

  /** Does nothing when it is running. */
  launch(now: Date): void {
    if (this.running !== null) return;
    const launches = this.launches + 1;
    this.remember("launches", launches);
    this.remember("running", { pid: firstPid + launches, startedAt: now.getTime() });
  }

  /** Ends the program: sheets close, and what it had not done yet it will never do. */
  end(): void {
    this.inTransaction(() => {
      for (const name of goneWithTheProgram) this.forget(name);
    });
  }

  /** A modal sheet is up; until somebody answers it every event waits. */
  get sheet(): Sheet | null {
    return this.recall<Sheet>("sheet");
  }

  set sheet(sheet: Sheet | null) {
    if (sheet === null) this.forget("sheet");
    else this.remember("sheet", sheet);
  }

  /** Items imported by the program that runs now: what wears it out. */
  get importedSinceLaunch(): number {
    return this.recall<number>("importedSinceLaunch") ?? 0;
  }

  count(eventName: string, valuesReturned: number): void {
    this.#prepared(
      `INSERT INTO event VALUES (?, 1, ?)
       ON CONFLICT (name) DO UPDATE SET count = count + 1, returned = returned + excluded.returned`,
    ).run(eventName, valuesReturned);
  }

  counters(): EventCounters {
    const rows = this.#prepared("SELECT name, count, returned FROM event ORDER BY name").all() as {
      name: string;
      count: number;
      returned: number;
    }[];
    return {
      events: Object.fromEntries(rows.map((row) => [row.name, row.count])),
      total: rows.reduce((sum, row) => sum + row.count, 0),
      valuesReturned: rows.reduce((sum, row) => sum + row.returned, 0),
    };
  }

  resetCounters(): void {
    this.#database.exec("DELETE FROM event");
  }

  /** A value of plain JSON kept under a name, or null. */
  recall<Value>(name: string): Value | null {
    const row = this.#prepared("SELECT value FROM state WHERE name = ?").get(name) as
      | { value: string }
      | undefined;
    return row === undefined ? null : JSON.parse(row.value);
  }

  remember(name: string, value: unknown): void {
    this.#prepared("INSERT OR REPLACE INTO state VALUES (?, ?)").run(name, JSON.stringify(value));
  }

  forget(name: string): void {
    this.#prepared("DELETE FROM state WHERE name = ?").run(name);
  }

  /** Keeps what is read and written in `work` from other processes meanwhile; nested calls join the outer one. */
  inTransaction<Value>(work: () => Value): Value {
    if (this.#isInTransaction) return work();
    this.#database.exec("BEGIN IMMEDIATE");
    this.#isInTransaction = true;
    try {
      const value = work();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** Every event asks several of these. */
  #prepared(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}
