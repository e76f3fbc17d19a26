import type { OpenBatch } from "../ledger/ledger-entry.js";
import type { PhotosInstance } from "../photos/photos-process.js";
import { hasEnded, type ImportOptions } from "./import-items.js";
import { type ImportOutcome, type SentItem, sentItemOf } from "./imported-item.js";
import { lookForItems } from "./look-for-items.js";
import { recordUnknown } from "./record-outcome.js";
import { waitUntilQuiet } from "./wait-until-quiet.js";

type SettleOptions = Pick<
  ImportOptions,
  "photos" | "minder" | "journal" | "ledger" | "clock" | "process" | "runId" | "signal"
>;

/**
 * Settles what an interrupted run had begun, by looking: what the journal album holds is imported. What
 * it does not hold goes back to `staged` only if the Photos it was sent to has ended; as long as that
 * one lives it could still arrive, and the answer is `unknown`.
 * @param runningBefore the Photos that ran before this run touched it
 */
export async function settleOpenBatches(
  runningBefore: PhotosInstance | null | "unknown",
  options: SettleOptions,
): Promise<ImportOutcome[]> {
  const { ledger, runId, journal, clock, minder } = options;
  const outcomes: ImportOutcome[] = [];
  for (const batch of ledger.openBatches(runId)) {
    const sent = batch.itemIds
      .map((id) => ledger.item(id))
      .filter(({ state }) => state === "sent")
      .map(sentItemOf);
    let isOver = await isEnded(batch, runningBefore, options);
    if (!isOver && sent.length > 0) await waitUntilQuiet(await journal.open(), bytesOf(sent), options);
    let found = await lookForItems(sent, options);
    outcomes.push(...found.outcomes);
    if (!isOver && found.absent.length > 0 && (await minder.relaunch("unfinished"))) {
      isOver = true;
      found = await lookForItems(found.absent, options);
      outcomes.push(...found.outcomes);
    }
    const again = isOver && !found.mayBeThere ? found.absent.map(({ ledgerId }) => ledgerId) : [];
    if (again.length === 0) {
      const because = isOver
        ? "an earlier run was cut off, and Photos holds something that cannot be told apart"
        : "an earlier run was cut off, and the Photos it spoke to is still open";
      outcomes.push(...found.absent.map((item) => recordUnknown(item, because, options)));
    }
    ledger.endBatch(batch.id, clock.now(), again);
  }
  const stray = ledger.itemsOfRun(runId, "sent").map(sentItemOf);
  if (stray.length === 0) return outcomes;
  const found = await lookForItems(stray, options);
  const because = "an earlier run was cut off while it wrote down what had become of it";
  return [
    ...outcomes,
    ...found.outcomes,
    ...found.absent.map((item) => recordUnknown(item, because, options)),
  ];
}

function bytesOf(sent: readonly SentItem[]): number {
  const files = sent.flatMap((item) => item.files);
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Where the journal album is gone nobody can look: what was sent and not settled is `unknown`. */
export function giveUpOpenBatches(options: Pick<SettleOptions, "ledger" | "clock" | "runId">): void {
  const { ledger, runId, clock } = options;
  for (const entry of ledger.itemsOfRun(runId, "sent"))
    recordUnknown(sentItemOf(entry), "the album through which it was sent was deleted", options);
  for (const { id } of ledger.openBatches(runId)) ledger.endBatch(id, clock.now());
}

async function isEnded(
  batch: OpenBatch,
  runningBefore: PhotosInstance | null | "unknown",
  { process }: Pick<SettleOptions, "process">,
): Promise<boolean> {
  const { photosPid, photosStartedAt } = batch;
  if (photosPid === null || photosStartedAt === null) return runningBefore === null;
  return hasEnded({ pid: photosPid, startedAt: photosStartedAt }, process);
}
