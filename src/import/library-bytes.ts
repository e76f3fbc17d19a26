import type { FileFinding, LedgerItem } from "../ledger/ledger-entry.js";

/**
 * A witness that needs no album: what the library's own files and rows say of items that were sent, by every byte.
 * The import stage wishes it; whoever may read the package fulfils it.
 */
export interface LibraryBytes {
  /**
   * @returns by ledger id. `not-there`: the library is the right one and holds none of its bytes. An item is absent
   *   where nothing can be said: the library cannot be read, may be another one, holds what cannot be compared, or its
   *   database lacks what scripts saw
   * @throws RollcallError STOPPED
   */
  find(items: readonly LedgerItem[]): Promise<ReadonlyMap<number, FoundByBytes | "not-there">>;
}

export interface FoundByBytes {
  readonly photosId: string;
  /** When it came into the library; null where that does not say. */
  readonly addedAt: Date | null;
  /** One for each file of the item. */
  readonly findings: readonly FileFinding[];
}

/** The library keeps times as fractions of a second. */
const ROUNDING_MS = 1_000;

/** True where it came into the library after the event that carried it was written down: then it came by that. */
export function cameAfter({ addedAt }: FoundByBytes, begunAt: Date): boolean {
  return addedAt !== null && addedAt.getTime() >= begunAt.getTime() - ROUNDING_MS;
}
