import type { LedgerRows } from "./ledger-rows.js";

/** How many edited photos one import event may carry, as far as one library and one version of Photos have shown. */
export interface EditedBatchProof {
  /** As many came in by one event, each as one edited photo, seen in the library's rows; 0 before the first. */
  readonly provedItems: number;
  readonly provedAt: Date | null;
  /** The first batch that came out differently; null where none did. From then on each goes alone. */
  readonly ended: EndOfGrowth | null;
}

export interface EndOfGrowth {
  /** How many were in that batch; null where that is not known any more. */
  readonly items: number | null;
  /** What came out of it, without a full stop. */
  readonly message: string;
  readonly at: Date;
}

/** What was seen of batches of edited photos in one library. Every method is one commit. */
export class LedgerEditedBatches {
  readonly #rows: LedgerRows;
  readonly #destination: number;

  constructor(rows: LedgerRows, destination: number) {
    this.#rows = rows;
    this.#destination = destination;
  }

  /** @param photosVersion of the program and of the system it belongs to, compared as text */
  proofFor(photosVersion: string): EditedBatchProof {
    const row = this.#rows.get(
      "SELECT * FROM edited_batches WHERE destination = ? AND photos_version = ?",
      this.#destination,
      photosVersion,
    );
    return proofOf(row);
  }

  /** A batch of so many came out exactly right. A smaller one than before changes nothing. */
  recordProved(photosVersion: string, items: number, now: Date): void {
    this.#rows.run(
      `INSERT INTO edited_batches (destination, photos_version, proved_items, proved_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (destination, photos_version) DO UPDATE
       SET proved_items = excluded.proved_items, proved_ms = excluded.proved_ms
       WHERE excluded.proved_items > proved_items`,
      this.#destination,
      photosVersion,
      items,
      now.getTime(),
    );
  }

  /** A batch came out differently. The first one stays. */
  recordEnded(photosVersion: string, { items, message, at }: EndOfGrowth): void {
    this.#rows.run(
      `INSERT INTO edited_batches (destination, photos_version, proved_items, ended_items, ended_message, ended_ms)
       VALUES (?, ?, 0, ?, ?, ?)
       ON CONFLICT (destination, photos_version) DO UPDATE
       SET ended_items = excluded.ended_items, ended_message = excluded.ended_message, ended_ms = excluded.ended_ms
       WHERE ended_ms IS NULL`,
      this.#destination,
      photosVersion,
      items,
      message,
      at.getTime(),
    );
  }
}

/** @param row of `edited_batches`; undefined where there is none */
export function proofOf(row: Readonly<Record<string, unknown>> | undefined): EditedBatchProof {
  const dateOf = (ms: unknown) => (ms == null ? null : new Date(Number(ms)));
  const endedAt = dateOf(row?.ended_ms);
  const endedItems = row?.ended_items ?? null;
  return {
    provedItems: Number(row?.proved_items ?? 0),
    provedAt: dateOf(row?.proved_ms),
    ended:
      endedAt === null
        ? null
        : {
            items: endedItems === null ? null : Number(endedItems),
            message: String(row?.ended_message),
            at: endedAt,
          },
  };
}
