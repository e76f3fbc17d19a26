import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { LibraryPackageRecords } from "../photos/library-package.js";

/** What scripts saw of one import event, and what the ledger knows of that. */
export interface ShownItems {
  /** In the ledger, of the items that it carried. */
  readonly itemIds: readonly number[];
  /** Of items that are nothing known. */
  readonly unknownIds: readonly string[];
  /** Of items that are the photos of this event, or extra copies of them. */
  readonly knownIds: readonly string[];
  /** How many came by the event, known or not. */
  readonly items: number;
  readonly begunAt: Date;
  /** When the items were counted. */
  readonly countedAt: Date;
}

/** The library keeps times as fractions of a second. */
const ROUNDING_MS = 1_000;

/** What scripts saw of the events that carried one of these items. */
export function shownWith(sought: readonly number[], ledger: PhoneLedger, now: Date): ShownItems[] {
  return ledger.batches.batchesWith(sought).map(({ itemIds, runId, begunAt, reply, shown }) => {
    // What Photos answered counts where nobody looked: it may name items that there are not.
    const ids = shown?.ids ?? reply?.ids ?? [];
    const own = itemIds.flatMap((id) => ledger.items.get(id).files.flatMap(({ photosId }) => photosId ?? []));
    const extra = ledger.extraCopies.ofRun(runId).filter((copy) => itemIds.includes(copy.itemId));
    return {
      itemIds,
      unknownIds: ids.filter((id) => !ledger.items.isKnownPhotosId(id)),
      knownIds: [...new Set([...own, ...extra.map(({ photosId }) => photosId)])],
      items: shown?.items ?? reply?.count ?? 0,
      begunAt,
      countedAt: shown?.at ?? now,
    };
  });
}

/**
 * Whether the database has a row for everything that scripts saw. Where it has not, it is behind Photos, and that it
 * lacks a photo says nothing: the photo may be what was seen.
 */
export function knowsAllShown(
  { unknownIds, knownIds, items, begunAt, countedAt }: ShownItems,
  records: LibraryPackageRecords,
): boolean {
  if (unknownIds.some((id) => records.standingOf(id) === "absent")) return false;
  if (items <= knownIds.length) return true;
  const from = new Date(begunAt.getTime() - ROUNDING_MS);
  const to = new Date(countedAt.getTime() + ROUNDING_MS);
  const added = records.idsAddedBetween(from, to);
  return added !== null && new Set([...knownIds, ...added]).size >= items;
}
