import type { Clock } from "../clock.js";
import { type Reason, RollcallError, stopped } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger.js";
import type { FileFinding } from "../ledger/ledger-entry.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { PhotosEventError, type PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosInstance, PhotosProcess } from "../photos/photos-process.js";
import type { StagedItem } from "../transfer/staged-item.js";
import { type BatchLimits, gatherBatches } from "./batches.js";
import type { ImportOutcome, SentItem } from "./imported-item.js";
import type { Journal } from "./journal.js";
import { matchImported } from "./match-imported.js";
import { whyUnreadable } from "./readable-by-photos.js";
import { waitUntilQuiet } from "./wait-until-quiet.js";

export interface ImportOptions {
  readonly photos: PhotosLibrary;
  readonly process: PhotosProcess;
  readonly journal: Journal;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  readonly clock: Clock;
  readonly limits: BatchLimits;
  /** Looked at between batches only: an event that was sent is waited for. */
  readonly signal?: AbortSignal | undefined;
  readonly isStarved: () => Promise<void>;
  readonly onBatch?: ((batch: { items: number; bytes: number }) => void) | undefined;
}

/** Long enough for a slow disk and a busy Photos; a film of many GB gets more. */
const LEAST_TIMEOUT_MS = 5 * 60_000;
const SLOWEST_BYTES_PER_MS = 2_000;

/** Photos may list an item a little after the event that imported it has answered. */
const LATE_LOOKS = 3;
const BETWEEN_LOOKS_MS = 1_000;

/**
 * Staged files enter Photos, one event a batch. Yields the outcomes of each batch once they are in the
 * ledger. What an event answered is not believed: what the journal album holds afterwards is.
 * @throws RollcallError when Photos cannot be used at all, or on a stop between batches
 */
export async function* importItems(
  staged: AsyncIterable<StagedItem>,
  options: ImportOptions,
): AsyncGenerator<{ readonly batch: readonly StagedItem[]; readonly outcomes: readonly ImportOutcome[] }> {
  for await (const batch of gatherBatches(staged, options.limits, options.isStarved)) {
    if (options.signal?.aborted) throw stopped(options.signal);
    yield { batch, outcomes: await importBatch(batch, options) };
  }
}

async function importBatch(batch: readonly StagedItem[], options: ImportOptions): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  const sendable: SentItem[] = [];
  for (const staged of batch) {
    const unreadable = await whyUnreadable(staged);
    if (unreadable.size === 0) sendable.push(sentItem(staged));
    else outcomes.push(recordFailure(staged.ledgerId, unreadable, options));
  }
  const bytes = batch.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  options.onBatch?.({ items: batch.length, bytes });
  if (sendable.length > 0) outcomes.push(...(await send(sendable, options)));
  return outcomes;
}

/** Sends one batch, looks what came of it, and narrows a refused one down to the file that Photos refuses. */
async function send(items: readonly SentItem[], options: ImportOptions): Promise<ImportOutcome[]> {
  const { photos, process, journal, ledger, runId, clock } = options;
  const albumId = await journal.open();
  const instance = await process.running();
  const batchId = ledger.beginBatch(
    runId,
    items.map(({ ledgerId }) => ledgerId),
    instance,
    clock.now(),
  );
  const files = items.flatMap((item) => item.files);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const timeoutMs = LEAST_TIMEOUT_MS + Math.ceil(bytes / SLOWEST_BYTES_PER_MS);

  let refusal: PhotosEventError | null = null;
  let returnedIds: readonly string[] = [];
  try {
    const paths = files.map(({ copyPath }) => copyPath);
    returnedIds = (await photos.importFiles(paths, { albumId, timeoutMs })).ids ?? [];
  } catch (error) {
    if (!(error instanceof PhotosEventError)) {
      // Refused before anything was sent (no permission, no osascript): nothing of it is in Photos.
      if (isRefusedOutright(error)) takeBack(items, batchId, options);
      throw error;
    }
    refusal = error;
    if (error.mayHaveHappened) await waitUntilQuiet(journal, clock);
  }

  const { outcomes, absent } = await look(items, options, refusal === null ? LATE_LOOKS : 1, returnedIds);
  if (refusal === null || !refusal.mayHaveHappened) ledger.endBatch(batchId, clock.now());
  if (absent.length === 0) {
    ledger.endBatch(batchId, clock.now());
    return outcomes;
  }
  if (refusal?.mayHaveHappened === true) {
    const hasEnded = await isOver(instance, process);
    ledger.endBatch(batchId, clock.now());
    if (!hasEnded) return [...outcomes, ...absent.map((item) => recordUnknown(item, refusal, options))];
    await photos.makeReady();
    if (items.length > 1) return [...outcomes, ...(await sendHalves(absent, options))];
    return [...outcomes, ...absent.map((item) => recordRefusal(item, refusal.message, options))];
  }
  if (refusal !== null && items.length > 1) return [...outcomes, ...(await sendHalves(absent, options))];
  const message = refusal?.message ?? "Photos imported the others and left it out without a word";
  return [...outcomes, ...absent.map((item) => recordRefusal(item, message, options))];
}

async function sendHalves(items: readonly SentItem[], options: ImportOptions): Promise<ImportOutcome[]> {
  const middle = Math.ceil(items.length / 2);
  const outcomes = await send(items.slice(0, middle), options);
  if (middle < items.length) outcomes.push(...(await send(items.slice(middle), options)));
  return outcomes;
}

/**
 * Finds what the journal album holds of these items and writes it down.
 * @param looks how often to look while something is absent
 * @param returnedIds what the event answered: put into the album where it is not, because older systems
 *   were seen to import without heeding `into`
 */
export async function look(
  items: readonly SentItem[],
  options: Pick<ImportOptions, "journal" | "ledger" | "clock">,
  looks = 1,
  returnedIds: readonly string[] = [],
): Promise<{ outcomes: ImportOutcome[]; absent: SentItem[] }> {
  const { journal, ledger, clock } = options;
  for (let looked = 1; ; looked += 1) {
    const listed = await journal.contents();
    const fresh = listed.filter(({ id }) => !ledger.isKnownPhotosId(id));
    const { idsByItem } = matchImported(items, fresh);
    const absent = items.filter(({ ledgerId }) => !idsByItem.has(ledgerId));
    if (absent.length === 0 || looked >= looks) {
      const photos = new Map(fresh.map((photo) => [photo.id, photo]));
      const outcomes = items.flatMap((item) => {
        const ids = idsByItem.get(item.ledgerId);
        return ids === undefined ? [] : [recordImported(item, ids, photos, options)];
      });
      return { outcomes, absent };
    }
    const notInto = returnedIds.filter((id) => !listed.some((photo) => photo.id === id));
    if (notInto.length > 0) await journal.add(notInto);
    else await clock.wait(BETWEEN_LOOKS_MS);
  }
}

function recordImported(
  item: SentItem,
  ids: ReadonlyMap<string, string>,
  photos: ReadonlyMap<string, PhotosItem>,
  { ledger, clock }: Pick<ImportOptions, "ledger" | "clock">,
): ImportOutcome {
  const checkedAt = clock.now();
  const findings = item.files.map((file): FileFinding => {
    const photosId = ids.get(file.path) ?? null;
    if (photosId === null) {
      const message = "Photos took another part of the same photo and left this one out";
      return {
        path: file.path,
        photosId,
        answer: "failed",
        evidence: [],
        reason: leftOut(message),
        checkedAt,
      };
    }
    const evidence = ["id", "name"];
    if (photos.get(photosId)?.sizeBytes === file.sizeBytes) evidence.push("size");
    return { path: file.path, photosId, answer: "present", evidence, reason: null, checkedAt };
  });
  ledger.recordOutcome(item.ledgerId, "imported", findings);
  return { ledgerId: item.ledgerId, state: "imported" };
}

function recordRefusal(item: SentItem, message: string, options: ImportOptions): ImportOutcome {
  const reasons = new Map(item.files.map(({ path }) => [path, leftOut(message)]));
  return recordFailure(item.ledgerId, reasons, options);
}

function recordFailure(
  ledgerId: number,
  reasons: ReadonlyMap<string, Reason>,
  { ledger, clock }: ImportOptions,
): ImportOutcome {
  const checkedAt = clock.now();
  const findings = [...reasons].map(
    ([path, reason]): FileFinding => ({
      path,
      photosId: null,
      answer: "failed",
      evidence: [],
      reason,
      checkedAt,
    }),
  );
  ledger.recordOutcome(ledgerId, "failed", findings);
  return { ledgerId, state: "failed" };
}

/** Writes that nobody knows whether Photos has it. It is not sent again. */
export function recordUnknown(
  item: SentItem,
  cause: Pick<Error, "message">,
  { ledger, clock }: Pick<ImportOptions, "ledger" | "clock">,
): ImportOutcome {
  const reason: Reason = {
    code: "PHOTOS_WOULD_NOT_SAY",
    message: `it was handed to Photos, which then would not say whether it took it (${cause.message})`,
    remedy:
      "Look for it in Photos. If it is there, nothing is lost. If not: quit Photos and run again with --again. " +
      "It was not sent twice, so there is no duplicate.",
  };
  const checkedAt = clock.now();
  ledger.recordOutcome(
    item.ledgerId,
    "unknown",
    item.files.map(({ path }) => ({
      path,
      photosId: null,
      answer: "unknown" as const,
      evidence: [],
      reason,
      checkedAt,
    })),
  );
  return { ledgerId: item.ledgerId, state: "unknown" };
}

function leftOut(message: string): Reason {
  return {
    code: "PHOTOS_LEFT_OUT",
    message: `Photos would not take it: ${message}`,
    remedy:
      "Open it on the phone; if it opens there, import it by hand in Photos (its copy is in staging: rollcall staging).",
  };
}

function takeBack(items: readonly SentItem[], batchId: number, { ledger, clock }: ImportOptions): void {
  for (const { ledgerId } of items) ledger.setState(ledgerId, "staged");
  ledger.endBatch(batchId, clock.now());
}

function isRefusedOutright(error: unknown): boolean {
  return (
    error instanceof RollcallError &&
    ["PHOTOS_NOT_PERMITTED", "OSASCRIPT_ABSENT", "NOT_MACOS"].includes(error.code)
  );
}

/** True when the Photos that was sent something has ended: nothing more can arrive from it. */
export async function isOver(
  sentTo: PhotosInstance | null | "unknown",
  process: PhotosProcess,
): Promise<boolean> {
  if (sentTo === null || sentTo === "unknown") return false;
  const now = await process.running();
  if (now === "unknown") return false;
  return now === null || now.pid !== sentTo.pid || now.startedAt.getTime() !== sentTo.startedAt.getTime();
}

function sentItem({ ledgerId, files }: StagedItem): SentItem {
  return {
    ledgerId,
    files: files.map(({ role, file, copyPath }) => ({
      role,
      path: file.path,
      copyPath,
      sizeBytes: file.sizeBytes,
      name: copyPath.slice(copyPath.lastIndexOf("/") + 1),
    })),
  };
}
