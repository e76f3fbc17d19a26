import type { ImportReply, PhotosLibrary } from "../photos/photos-library.js";
import { findImported, type Lookup, type LookupOptions } from "./find-imported.js";
import type { ImportOutcome, SentItem } from "./imported-item.js";
import type { ExtraItem } from "./match-imported.js";

const MOST_LOOKS = 6;
const BETWEEN_LOOKS_MS = 5_000;

export interface AccountOptions extends LookupOptions {
  readonly retrying: Pick<PhotosLibrary, "countItems">;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks, and again for half a minute where the library has grown by more than was found: members of the
 * album may show up late, or never. What has grown and is not found may be an absent item.
 * @param items all that one event carried; those that have an outcome already count as found
 * @param itemsBefore how many the library listed before the event; null where nobody counted
 */
export async function pollUntilAccountedFor(
  items: readonly SentItem[],
  itemsBefore: number | null,
  options: AccountOptions,
  reply?: ImportReply,
): Promise<Lookup> {
  const { ledger, retrying, clock, runId } = options;
  const outcomes: ImportOutcome[] = [];
  const extra: ExtraItem[] = [];
  for (let looked = 1; ; looked += 1) {
    const missing = items.filter(({ ledgerId }) => ledger.item(ledgerId).state === "sent");
    const look = await findImported(missing, options, looked === 1 ? reply : undefined);
    outcomes.push(...look.outcomes);
    extra.push(...look.extra);
    if (look.absent.length === 0) return { ...look, outcomes, extra };
    const found = new Set(
      items.flatMap(({ ledgerId }) => ledger.item(ledgerId).files.flatMap(({ photosId }) => photosId ?? [])),
    );
    const paths = new Set(items.flatMap(({ files }) => files.map(({ path }) => path)));
    for (const { photosId, path } of ledger.extraCopies.ofRun(runId))
      if (paths.has(path)) found.add(photosId);
    const isAccounted = itemsBefore === null || (await retrying.countItems()) - itemsBefore <= found.size;
    if (isAccounted || looked >= MOST_LOOKS)
      return { ...look, outcomes, extra, mayBeThere: look.mayBeThere || !isAccounted };
    await clock.wait(BETWEEN_LOOKS_MS, options.signal);
  }
}
