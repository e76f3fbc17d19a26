import type { DatabaseSyncInstance } from "@photostructure/sqlite";

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

/**
 * What the program Photos is, as opposed to its library: running or not, how often it was launched, what it was
 * asked. Kept in the package, because every call of the stand-in for osascript is a process of its own.
 */
export class ApplicationState {
  readonly #database: DatabaseSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  static readonly createSql = `
    CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS event (name TEXT PRIMARY KEY, count INTEGER NOT NULL, returned INTEGER NOT NULL);`;

  get running(): RunningPhotos | null {
    const kept = this.recall<{ pid: number; startedAt: number }>("running");
    return kept === null ? null : { pid: kept.pid, startedAt: new Date(kept.startedAt) };
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
    for (const name of ["running", "sheet", "postponed"]) this.forget(name);
  }

  /** A modal sheet is up; until somebody answers it every event waits. */
  get hasSheet(): boolean {
    return this.recall<boolean>("sheet") ?? false;
  }

  set hasSheet(isUp: boolean) {
    if (isUp) this.remember("sheet", true);
    else this.forget("sheet");
  }

  count(eventName: string, valuesReturned: number): void {
    this.#database
      .prepare(
        `INSERT INTO event VALUES (?, 1, ?)
         ON CONFLICT (name) DO UPDATE SET count = count + 1, returned = returned + excluded.returned`,
      )
      .run(eventName, valuesReturned);
  }

  counters(): EventCounters {
    const rows = this.#database.prepare("SELECT name, count, returned FROM event ORDER BY name").all() as {
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
    const row = this.#database.prepare("SELECT value FROM state WHERE name = ?").get(name) as
      | { value: string }
      | undefined;
    return row === undefined ? null : JSON.parse(row.value);
  }

  remember(name: string, value: unknown): void {
    this.#database.prepare("INSERT OR REPLACE INTO state VALUES (?, ?)").run(name, JSON.stringify(value));
  }

  forget(name: string): void {
    this.#database.prepare("DELETE FROM state WHERE name = ?").run(name);
  }
}
