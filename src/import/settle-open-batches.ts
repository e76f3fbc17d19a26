import type { OpenBatch } from "../ledger/ledger-entry.js";
import type { PhotosInstance } from "../photos/photos-process.js";
import { type ImportOptions, isOver, look, recordUnknown } from "./import-items.js";
import { type ImportOutcome, sentItemOf } from "./imported-item.js";
import { waitUntilQuiet } from "./wait-until-quiet.js";

/**
 * Settles what an interrupted run had begun, by looking: what the journal album holds is imported. What
 * it does not hold goes back to `staged` only if the Photos it was sent to has ended; as long as that
 * one lives it could still arrive, and the answer is `unknown`.
 * @param runningBefore the Photos that ran before this run touched it
 */
export async function settleOpenBatches(
  runningBefore: PhotosInstance | null | "unknown",
  options: Pick<ImportOptions, "journal" | "ledger" | "clock" | "process" | "runId">,
): Promise<ImportOutcome[]> {
  const { ledger, runId, journal, clock } = options;
  const outcomes: ImportOutcome[] = [];
  for (const batch of ledger.openBatches(runId)) {
    const sent = batch.itemIds
      .map((id) => ledger.item(id))
      .filter(({ state }) => state === "sent")
      .map(sentItemOf);
    const hasEnded = await isEnded(batch, runningBefore, options);
    if (!hasEnded && sent.length > 0) await waitUntilQuiet(journal, clock);
    const found = await look(sent, options);
    outcomes.push(...found.outcomes);
    for (const item of found.absent) {
      if (hasEnded) ledger.setState(item.ledgerId, "staged");
      else {
        const message = "an earlier run was cut off, and the Photos it spoke to is still open";
        outcomes.push(recordUnknown(item, { message }, options));
      }
    }
    ledger.endBatch(batch.id, clock.now());
  }
  return outcomes;
}

async function isEnded(
  batch: OpenBatch,
  runningBefore: PhotosInstance | null | "unknown",
  { process }: Pick<ImportOptions, "process">,
): Promise<boolean> {
  const { photosPid, photosStartedAt } = batch;
  if (photosPid === null || photosStartedAt === null) return runningBefore === null;
  return isOver({ pid: photosPid, startedAt: photosStartedAt }, process);
}
