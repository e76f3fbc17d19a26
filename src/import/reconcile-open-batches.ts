import type { PhotosInstance } from "../photos/photos-process.js";
import { hasEnded, STARTS_WITHIN_MS } from "../session/has-ended.js";
import { waitUntilQuiet } from "../session/wait-until-quiet.js";
import { findImported } from "./find-imported.js";
import type { ImportOptions } from "./import-options.js";
import { bytesOf, type ImportOutcome, type SentItem, sentItemOf } from "./imported-item.js";
import type { LibraryBytes } from "./library-bytes.js";
import { lookByBytes } from "./look-by-bytes.js";
import { pollUntilAccountedFor } from "./poll-until-accounted-for.js";
import { recordUnknown } from "./record-outcome.js";

type ReconcileOptions = Pick<
  ImportOptions,
  "session" | "journal" | "ledger" | "clock" | "runId" | "signal"
> & {
  /** Null where the library may not be read. */
  readonly bytes: LibraryBytes | null;
};

/**
 * Settles what an interrupted run had begun, by looking: what the journal album holds, and what Photos had
 * answered, is imported; where the library can be read, its bytes tell the rest. What is seen nowhere goes back to
 * `staged` only if the Photos it was sent to has answered or ended, and the library has not grown by more than was
 * found; otherwise the answer is `unknown`.
 * @param runningBefore the Photos that ran before this run touched it
 */
export async function reconcileOpenBatches(
  runningBefore: PhotosInstance | null | "unknown",
  options: ReconcileOptions,
): Promise<ImportOutcome[]> {
  const { ledger, runId, journal, clock, session } = options;
  const outcomes: ImportOutcome[] = [];
  for (const batch of ledger.batches.openBatches(runId)) {
    const items = batch.itemIds.map((id) => sentItemOf(ledger.items.get(id)));
    const needsReconciling = items.some(({ ledgerId }) => ledger.items.get(ledgerId).state === "sent");
    const until = new Date(batch.begunAt.getTime() + STARTS_WITHIN_MS);
    let isOver = batch.reply !== null || hasEnded(batch.sentTo, runningBefore, until);
    if (!isOver && needsReconciling) await waitUntilQuiet(await journal.open(), bytesOf(items), options);
    let look = await pollUntilAccountedFor(items, batch, options, batch.reply ?? undefined);
    outcomes.push(...look.outcomes);
    if (!isOver && look.absent.length > 0 && (await session.relaunch("unfinished"))) {
      isOver = true;
      look = await pollUntilAccountedFor(items, batch, options);
      outcomes.push(...look.outcomes);
    }
    const { absent, isNotThere } = await lookByBytes(look.absent, batch, outcomes, options);
    const mayGoAgain = (item: SentItem) => isOver && (!look.mayBeThere || isNotThere(item));
    const cause = isOver
      ? "an earlier run was cut off, and Photos holds something that cannot be identified"
      : "an earlier run was cut off, and the Photos it spoke to is still open";
    outcomes.push(
      ...absent.filter((item) => !mayGoAgain(item)).map((item) => recordUnknown(item, cause, options)),
    );
    const again = absent.filter(mayGoAgain).map(({ ledgerId }) => ledgerId);
    ledger.batches.endBatch(batch.id, clock.now(), again);
  }
  const stray = ledger.items.itemsOfRun(runId, "sent").map(sentItemOf);
  if (stray.length === 0) return outcomes;
  const found = await findImported(stray, options);
  const cause = "an earlier run was cut off while it recorded the outcome";
  return [...outcomes, ...found.outcomes, ...found.absent.map((item) => recordUnknown(item, cause, options))];
}

/** Where the journal album is gone nobody can look: what was sent and not settled is `unknown`. */
export function giveUpOpenBatches(options: Pick<ReconcileOptions, "ledger" | "clock" | "runId">): void {
  const { ledger, runId, clock } = options;
  for (const entry of ledger.items.itemsOfRun(runId, "sent"))
    recordUnknown(sentItemOf(entry), "the album through which it was sent was deleted", options);
  for (const { id } of ledger.batches.openBatches(runId)) ledger.batches.endBatch(id, clock.now());
}
