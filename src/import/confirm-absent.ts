import type { Batch } from "../ledger/ledger-entry.js";
import type { Lookup } from "./find-imported.js";
import type { SentItem } from "./imported-item.js";
import type { LibraryBytes } from "./library-bytes.js";
import { lookByBytes } from "./look-by-bytes.js";
import { type AccountOptions, pollUntilAccountedFor } from "./poll-until-accounted-for.js";

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
  first: Lookup,
  event: Pick<Batch, "id" | "itemsBefore" | "begunAt">,
  deps: ConfirmDeps,
): Promise<Lookup> {
  if (first.absent.length === 0) return first;
  await deps.clock.wait(BEFORE_SECOND_LOOK_MS, deps.signal);
  const second = await pollUntilAccountedFor(items, event, deps);
  const both = {
    outcomes: [...first.outcomes, ...second.outcomes],
    absent: second.absent,
    mayBeThere: first.mayBeThere || second.mayBeThere,
    unexplained: [...new Set([...first.unexplained, ...second.unexplained])],
    extra: [...first.extra, ...second.extra],
  };
  return await confirmByBytes(both, event, deps);
}

/**
 * Looks among the library's own bytes for what Photos does not show a script: hidden, it would come a second time.
 * @returns `mayBeThere` as {@link confirmAbsent}
 */
export async function confirmByBytes(
  look: Lookup,
  { begunAt }: Pick<Batch, "begunAt">,
  deps: ConfirmDeps,
): Promise<Lookup> {
  const bytes = look.absent.length === 0 ? null : await deps.libraryBytes();
  if (bytes === null) return look;
  const outcomes = [...look.outcomes];
  const by = { ...deps, bytes };
  const { absent, isNotThere, isSeen } = await lookByBytes(look.absent, { begunAt }, outcomes, by);
  const mayBeThere = absent.some(isSeen) || (look.mayBeThere && !absent.every(isNotThere));
  return { ...look, outcomes, absent, mayBeThere };
}
