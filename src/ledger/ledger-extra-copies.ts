import type { LedgerRow, LedgerRows } from "./ledger-rows.js";

/** An item that Photos made besides the photo that was sent: ours, wanted by nobody, and deleted by no script. */
export interface ExtraCopy {
  readonly photosId: string;
  /** As Photos lists it. */
  readonly name: string;
  /** The ledger's id of the item that it was made of, and the file of it on the phone. */
  readonly itemId: number;
  readonly path: string;
  /** The album that it was put into; null where it is in none yet, or could not be put into it. */
  readonly album: { readonly id: string; readonly name: string } | null;
}

/** The extra copies in one library. Every method is one commit. */
export class LedgerExtraCopies {
  readonly #rows: LedgerRows;
  readonly #destination: number;

  constructor(rows: LedgerRows, destination: number) {
    this.#rows = rows;
    this.#destination = destination;
  }

  record(runId: string, { photosId, name, itemId, path }: Omit<ExtraCopy, "album">, now: Date): void {
    this.#rows.run(
      `INSERT INTO extra_copy (destination, photos_id, name, item, path, run, seen_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      this.#destination,
      photosId,
      name,
      itemId,
      path,
      runId,
      now.getTime(),
    );
  }

  has(photosId: string): boolean {
    return (
      this.#rows.get(
        "SELECT 1 FROM extra_copy WHERE destination = ? AND photos_id = ?",
        this.#destination,
        photosId,
      ) !== undefined
    );
  }

  /** In the order in which they were seen. */
  ofRun(runId: string): ExtraCopy[] {
    return this.#rows
      .all(
        "SELECT * FROM extra_copy WHERE destination = ? AND run = ? ORDER BY seen_ms, rowid",
        this.#destination,
        runId,
      )
      .map(extraCopyOf);
  }

  /** They are in this album now. */
  recordGathered(photosIds: readonly string[], album: { readonly id: string; readonly name: string }): void {
    this.#rows.run(
      `UPDATE extra_copy SET album_id = ?, album_name = ?
       WHERE destination = ? AND photos_id IN (SELECT value FROM json_each(?))`,
      album.id,
      album.name,
      this.#destination,
      JSON.stringify(photosIds),
    );
  }
}

function extraCopyOf(row: LedgerRow): ExtraCopy {
  return {
    photosId: String(row.photos_id),
    name: String(row.name),
    itemId: Number(row.item),
    path: String(row.path),
    album: row.album_id === null ? null : { id: String(row.album_id), name: String(row.album_name) },
  };
}
