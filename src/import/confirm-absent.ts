import type { SentItem } from "./imported-item.js";
import type { LibraryBytes } from "./library-bytes.js";
import { lookByBytes } from "./look-by-bytes.js";
import type { Look } from "./look-for-items.js";
import { type AccountOptions, lookUntilAccounted } from "./look-until-accounted.js";

/** An absence is believed only after a quarter of a minute. */
const BEFORE_SECOND_LOOK_MS = 15_000;

export interface ConfirmDeps extends AccountOptions {
  /** Asked only where it is needed. Null where the library may not be read. */
  readonly libraryBytes: () => Promise<LibraryBytes | null>;
}

/**
 * Looks a second time for what an answered event left absent, in the album and among the library's own bytes, because
 * the same items are about to be sent by another event.
 * @param items all that the event carried
 * @param first what the first look found
 * @returns both looks in one. `mayBeThere` is false only where nothing of the event is in Photos
 */
export async function confirmAbsent(
  items: readonly SentItem[],
  first: Look,
  { itemsBefore, begunAt }: { readonly itemsBefore: number | null; readonly begunAt: Date },
  deps: ConfirmDeps,
): Promise<Look> {
  await deps.clock.wait(BEFORE_SECOND_LOOK_MS, deps.signal);
  const second = await lookUntilAccounted(items, itemsBefore, deps);
  const outcomes = [...first.outcomes, ...second.outcomes];
  const bytes = second.absent.length === 0 ? null : await deps.libraryBytes();
  const { absent, isNotThere, isSeen } = await lookByBytes(second.absent, { begunAt }, outcomes, {
    ...deps,
    bytes,
  });
  const isSaid = first.mayBeThere || second.mayBeThere;
  const mayBeThere = absent.some(isSeen) || (isSaid && !absent.every(isNotThere));
  return { outcomes, absent, mayBeThere, extra: [...first.extra, ...second.extra] };
}
