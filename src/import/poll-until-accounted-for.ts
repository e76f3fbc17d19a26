import type { Batch } from "../ledger/ledger-entry.js";
import type { ImportReply } from "../photos/photos-library.js";
import type { SupervisedPhotos } from "../session/photos-supervisor.js";
import { findImported, type Lookup, type LookupOptions } from "./find-imported.js";
import type { ImportOutcome, SentItem } from "./imported-item.js";
import type { ExtraItem } from "./match-imported.js";

const MOST_LOOKS = 6;
const BETWEEN_LOOKS_MS = 5_000;

export interface AccountOptions extends LookupOptions {
  readonly session: Pick<SupervisedPhotos, "ask">;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks, and again for half a minute where the library has grown by more than was found: members of the
 * album may show up late, or never. What has grown and is not found may be an absent item: what was seen of the event is
 * written down then, because the library's database may know less.
 * @param items all that one event carried; those that have an outcome already count as found
 */
export async function pollUntilAccountedFor(
  items: readonly SentItem[],
  { id: batchId, itemsBefore }: Pick<Batch, "id" | "itemsBefore">,
  options: AccountOptions,
  reply?: ImportReply,
): Promise<Lookup> {
  const { ledger, session, clock, runId } = options;
  const outcomes: ImportOutcome[] = [];
  const extra: ExtraItem[] = [];
  for (let looked = 1; ; looked += 1) {
    const missing = items.filter(({ ledgerId }) => ledger.items.get(ledgerId).state === "sent");
    const look = await findImported(missing, options, looked === 1 ? reply : undefined);
    outcomes.push(...look.outcomes);
    extra.push(...look.extra);
    if (look.absent.length === 0) return { ...look, outcomes, extra };
    const found = new Set(
      items.flatMap(({ ledgerId }) =>
        ledger.items.get(ledgerId).files.flatMap(({ photosId }) => photosId ?? []),
      ),
    );
    const paths = new Set(items.flatMap(({ files }) => files.map(({ path }) => path)));
    for (const { photosId, path } of ledger.extraCopies.ofRun(runId))
      if (paths.has(path)) found.add(photosId);
    const came = itemsBefore === null ? 0 : (await session.ask.countItems()) - itemsBefore;
    const isAccounted = came <= found.size;
    if (isAccounted || looked >= MOST_LOOKS) {
      const mayBeThere = look.mayBeThere || !isAccounted;
      const shown = { ids: look.unexplained, items: came, at: clock.now() };
      if (mayBeThere) ledger.batches.recordShown(batchId, shown);
      return { ...look, outcomes, extra, mayBeThere };
    }
    await clock.wait(BETWEEN_LOOKS_MS, options.signal);
  }
}
