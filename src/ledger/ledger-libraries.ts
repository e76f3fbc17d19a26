import type { DatabaseSyncInstance } from "@photostructure/sqlite";

/** A Photos library as the ledger has it. */
export interface KnownLibrary {
  /** Of its row. */
  readonly destination: number;
  /** The path at which it was seen last. */
  readonly key: string;
  /** Its own id, which goes with it when it is moved; null while it is not known. */
  readonly libraryId: string | null;
  /** Another one lies at its path by now. */
  readonly isDisplaced: boolean;
}

/**
 * Which library is which. A path is where one lies, and its own id is what it is. Every method is one synced commit or
 * none.
 */
export class LedgerLibraries {
  readonly #database: DatabaseSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  /** The one that lies at this path; null where none was ever seen there. */
  at(key: string): KnownLibrary | null {
    return this.#find("kind = 'photos' AND displaced_ms IS NULL AND key = ?", key);
  }

  withId(libraryId: string): KnownLibrary | null {
    return this.#find("kind = 'photos' AND library_id = ?", libraryId);
  }

  /** True where the own id of any library is known: it could be read. */
  hasNamed(): boolean {
    const named = "SELECT 1 FROM destination WHERE library_id IS NOT NULL LIMIT 1";
    return this.#database.prepare(named).get() !== undefined;
  }

  /** Writes down the own id of the library at this path. No other may have it. */
  name(key: string, libraryId: string): void {
    this.#database
      .prepare(
        "UPDATE destination SET library_id = ? WHERE kind = 'photos' AND displaced_ms IS NULL AND key = ?",
      )
      .run(libraryId, key);
  }

  /**
   * Another library lies at this path from now on: what was imported into the one before stays with that.
   * @param libraryId of the new one; null where it is not known
   */
  replace(key: string, libraryId: string | null, now: Date): void {
    this.#together(() => {
      this.#displace(key, now);
      this.#database
        .prepare("INSERT INTO destination (kind, key, library_id) VALUES ('photos', ?, ?)")
        .run(key, libraryId);
    });
  }

  /** A library that is known lies at this path from now on; what lay there is displaced. */
  move({ destination }: KnownLibrary, key: string, now: Date): void {
    this.#together(() => {
      this.#displace(key, now);
      this.#database
        .prepare("UPDATE destination SET key = ?, displaced_ms = NULL WHERE id = ?")
        .run(key, destination);
    });
  }

  /** One that nothing was ever imported into is forgotten, with what was said for it. */
  #displace(key: string, now: Date): void {
    const known = this.at(key);
    if (known === null) return;
    const { destination: id } = known;
    const isUsed =
      this.#database
        .prepare("SELECT 1 FROM run WHERE destination = ? UNION ALL SELECT 1 FROM item WHERE destination = ?")
        .get(id, id) !== undefined;
    if (isUsed) {
      this.#database.prepare("UPDATE destination SET displaced_ms = ? WHERE id = ?").run(now.getTime(), id);
      return;
    }
    for (const table of ["mark", "choice"])
      this.#database.prepare(`DELETE FROM ${table} WHERE destination = ?`).run(id);
    this.#database.prepare("DELETE FROM destination WHERE id = ?").run(id);
  }

  #together(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #find(condition: string, value: string): KnownLibrary | null {
    const row = this.#database.prepare(`SELECT * FROM destination WHERE ${condition}`).get(value);
    if (row === undefined) return null;
    return {
      destination: Number(row.id),
      key: String(row.key),
      libraryId: row.library_id === null ? null : String(row.library_id),
      isDisplaced: row.displaced_ms !== null,
    };
  }
}
