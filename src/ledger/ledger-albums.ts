import type { OurAlbum } from "./ledger-entry.js";
import type { LedgerRows } from "./ledger-rows.js";

/** `album` is the run's "Last Import", `extra` the one for extra copies. */
export type OurAlbumKind = "album" | "journal" | "extra";

/** An item in Photos, by its id and the name that Photos gives it. */
interface UnexplainedItem {
  readonly id: string;
  readonly filename: string;
}

/** The albums that Rollcall made in one library, and those it is making or deleting. Every method is one commit. */
export class LedgerAlbums {
  readonly #rows: LedgerRows;
  readonly #destination: number;

  constructor(rows: LedgerRows, destination: number) {
    this.#rows = rows;
    this.#destination = destination;
  }

  recordAlbum(runId: string, album: { id: string; name: string }, now: Date): void {
    this.#rows.transaction(() => {
      this.#rows.run(
        "UPDATE run SET album_id = ?, album_name = ?, album_pending = NULL WHERE id = ?",
        album.id,
        album.name,
        runId,
      );
      this.#rows.run(
        "INSERT OR REPLACE INTO our_album VALUES (?, ?, ?, ?, ?)",
        this.#destination,
        album.id,
        album.name,
        runId,
        now.getTime(),
      );
    });
  }

  recordJournalAlbum(runId: string, albumId: string | null): void {
    this.#rows.run("UPDATE run SET journal_id = ?, journal_pending = NULL WHERE id = ?", albumId, runId);
  }

  /**
   * Written before the journal album is deleted, which alone shows it: what of the run nothing explains, beside what was
   * written before, and the album as it is now.
   * @param albumTrouble why the album is not what was put into it; null where it is
   */
  recordSeen(
    runId: string,
    {
      albumTrouble,
      unexplained = [],
    }: {
      readonly albumTrouble: string | null;
      readonly unexplained?: readonly UnexplainedItem[];
    },
  ): void {
    this.#rows.transaction(() => {
      this.#rows.run("UPDATE run SET album_trouble = ? WHERE id = ?", albumTrouble, runId);
      for (const { id, filename } of unexplained)
        this.#rows.run("INSERT OR IGNORE INTO unexplained_item VALUES (?, ?, ?)", runId, id, filename);
    });
  }

  /** Why the album of the run is not what was put into it; null where it is. */
  albumTrouble(runId: string): string | null {
    const row = this.#rows.get("SELECT album_trouble AS trouble FROM run WHERE id = ?", runId);
    return row?.trouble == null ? null : String(row.trouble);
  }

  /** What was in a journal album of the run and nothing explained then, in the order in which it was seen. */
  unexplained(runId: string): UnexplainedItem[] {
    return this.#rows
      .all("SELECT photos_id, name FROM unexplained_item WHERE run = ? ORDER BY rowid", runId)
      .map(({ photos_id, name }) => ({ id: String(photos_id), filename: String(name) }));
  }

  /** Written before the journal album is deleted: nothing is looked for in it any more. */
  beginClosingJournal(runId: string): void {
    this.#rows.run("UPDATE run SET journal_closing = journal_id, journal_id = NULL WHERE id = ?", runId);
  }

  /** The journal album that was being deleted when nothing more was written. */
  closingJournal(runId: string): string | null {
    const row = this.#rows.get("SELECT journal_closing AS id FROM run WHERE id = ?", runId);
    return row?.id == null ? null : String(row.id);
  }

  endClosingJournal(runId: string): void {
    this.#rows.run("UPDATE run SET journal_closing = NULL WHERE id = ?", runId);
  }

  /** The album for extra copies is there, under its random name so far; that name stays pending until it has its own. */
  recordExtraAlbum(runId: string, album: { id: string; name: string }, now: Date): void {
    this.#rows.run(
      "INSERT OR REPLACE INTO our_album VALUES (?, ?, ?, ?, ?)",
      this.#destination,
      album.id,
      album.name,
      runId,
      now.getTime(),
    );
  }

  /** It has its name. */
  nameExtraAlbum(runId: string, { id, name }: { id: string; name: string }): void {
    this.#rows.transaction(() => {
      this.updateOurAlbum(id, name);
      this.recordPendingAlbum(runId, "extra", null);
    });
  }

  /** Written before an album is made under this random name; null when nothing is being made any more. */
  recordPendingAlbum(runId: string, which: OurAlbumKind, name: string | null): void {
    this.#rows.run(`UPDATE run SET ${which}_pending = ? WHERE id = ?`, name, runId);
  }

  /** The random name under which an album was being made when nothing more was written. */
  pendingAlbum(runId: string, which: OurAlbumKind): string | null {
    const row = this.#rows.get(`SELECT ${which}_pending AS name FROM run WHERE id = ?`, runId);
    return row?.name == null ? null : String(row.name);
  }

  /** The newest album that Rollcall made here under this name in another run; null where none is known. */
  ourAlbumNamed(name: string, otherThanRun: string): OurAlbum | null {
    const row = this.#rows.get(
      `SELECT * FROM our_album WHERE destination = ? AND name = ? AND run <> ?
       ORDER BY made_ms DESC, rowid DESC LIMIT 1`,
      this.#destination,
      name,
      otherThanRun,
    );
    if (row === undefined) return null;
    return {
      id: String(row.id),
      name: String(row.name),
      runId: String(row.run),
      madeAt: new Date(Number(row.made_ms)),
    };
  }

  /** Every album that Rollcall made here and did not delete, the newest first. */
  ourAlbumIds(): string[] {
    return this.#rows
      .all(
        "SELECT id FROM our_album WHERE destination = ? ORDER BY made_ms DESC, rowid DESC",
        this.#destination,
      )
      .map(({ id }) => String(id));
  }

  /** The album was deleted (null) or renamed. */
  updateOurAlbum(id: string, name: string | null): void {
    if (name === null)
      this.#rows.run("DELETE FROM our_album WHERE destination = ? AND id = ?", this.#destination, id);
    else
      this.#rows.run(
        "UPDATE our_album SET name = ? WHERE destination = ? AND id = ?",
        name,
        this.#destination,
        id,
      );
  }
}
