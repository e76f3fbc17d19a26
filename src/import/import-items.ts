import { RollcallError, stopped } from "../errors.js";
import {
  type ImportEventKind,
  type PhotosEventError,
  PhotosRefusesAllError,
} from "../photos/photos-library.js";
import { sentences } from "../remedy.js";
import { RestartPolicy } from "../session/restart-policy.js";
import { lastName } from "../text/last-name.js";
import type { StagedFile, StagedItem } from "../transfer/staged-item.js";
import { type BatchLimits, gatherBatches } from "./batches.js";
import { type DeferredPart, DeferredRetries } from "./deferred-retries.js";
import { ImportEvents } from "./import-events.js";
import type { ImportOptions, SendOptions } from "./import-options.js";
import { ImportPace } from "./import-pace.js";
import { bytesOf, hasEdits, type ImportOutcome, type SentItem, withoutEdit } from "./imported-item.js";
import { readableByPhotos } from "./readable-by-photos.js";
import { recordExcluded, recordFailed, recordRefused, recordUnknown } from "./record-outcome.js";
import { sendAndLook } from "./send-and-look.js";

/** So many events of earlier runs tell how slow this Photos may be. */
const EARLIER_EVENTS = 10;
/** Apple's errAETimeout. */
const TIMED_OUT = -1712;
/** Of Launch Services: Photos could not be started. */
const CANNOT_START = -10810;

/**
 * Staged files enter Photos, one event a batch. Yields the outcomes of each batch once they are in the ledger, which for
 * a batch that Photos refused, and for what is not recognised, is after all others. It ignores what the import event
 * returns and reads the journal album. Between batches a Photos that has slowed down is restarted.
 * @throws RollcallError when Photos cannot be used at all, or on a stop between batches
 * @throws PhotosEventError when Photos stopped answering: the batch stays open in the ledger, and the next
 *   run settles it by looking
 */
export async function* importItems(
  staged: AsyncIterable<StagedItem>,
  options: ImportOptions,
): AsyncGenerator<{ readonly batch: readonly StagedItem[]; readonly outcomes: readonly ImportOutcome[] }> {
  const { limits, ledger, runId } = options;
  const restartPolicy = new RestartPolicy();
  const deferred = new DeferredRetries();
  const earlier = ledger.batches.answeredLately(EARLIER_EVENTS);
  const pace = new ImportPace({ firstBytes: limits.firstBytes, earlier });
  const events = new ImportEvents({ pace, ledger, runId });
  const paced: BatchLimits = {
    items: limits.items,
    get bytes() {
      return Math.min(limits.bytes, pace.plainBytes);
    },
  };
  const state = { restartPolicy, pace, events };
  const beReady = async () => {
    if (options.signal?.aborted) throw stopped(options.signal);
    if (!restartPolicy.hasTakenMany && !restartPolicy.isSlow) return;
    if (await options.session.relaunch(restartPolicy.isSlow ? "slow" : "worn")) restartPolicy.startedAnew();
    else restartPolicy.relaunchDeclined();
  };
  for await (const batch of gatherBatches(staged, paced, options)) {
    await beReady();
    yield { batch, outcomes: await importBatch(batch, { ...options, ...state, deferred }) };
  }
  for (let part = deferred.next(); part !== undefined; part = deferred.next()) {
    for (const items of inAllowedSizes(part.items, { ...options, pace })) {
      await beReady();
      const outcomes = await sendAgain({ ...part, items }, { ...options, ...state, deferred: null });
      yield { batch: [], outcomes };
    }
  }
}

/** Items that wait for another try: by now fewer of them, or fewer bytes, may be allowed in one event. */
function* inAllowedSizes(
  items: readonly SentItem[],
  { edited, pace }: Pick<SendOptions, "edited" | "pace">,
): Generator<readonly SentItem[]> {
  for (let at = 0; at < items.length; ) {
    const rest = items.slice(at);
    let part = rest.some(({ files }) => hasEdits(files)) ? rest.slice(0, edited.mostItems) : rest;
    while (part.length > 1 && bytesOf(part) > pace.plainBytes) part = part.slice(0, -1);
    at += part.length;
    yield part;
  }
}

async function importBatch(batch: readonly StagedItem[], options: SendOptions): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  const sendable: SentItem[] = [];
  const alone: SentItem[] = [];
  for (const staged of batch) {
    const { send: files, leave, isUnrecognised } = await readableByPhotos(staged);
    if (files.length === 0) {
      outcomes.push(recordFailed(staged.ledgerId, leave, options));
      continue;
    }
    const item = sentItem(staged, files, leave);
    if (!isUnrecognised) sendable.push(item);
    else if (options.deferred?.takeUnrecognised(item) !== true) alone.push(item);
  }
  const bytes = batch.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  options.onBatch?.({ items: batch.length, bytes });
  if (sendable.length > 0) outcomes.push(...(await send(sendable, options)));
  for (const item of alone) outcomes.push(...(await send([item], options)));
  return outcomes;
}

function sentItem(
  { ledgerId }: StagedItem,
  files: readonly StagedFile[],
  excludedFiles: SentItem["excludedFiles"],
): SentItem {
  const sent = files.map(({ role, file, copyPath }) => ({
    role,
    path: file.path,
    copyPath,
    sizeBytes: file.sizeBytes,
    name: lastName(copyPath),
  }));
  return { ledgerId, files: sent, excludedFiles };
}

/**
 * Sends one batch, looks what came of it, and narrows a refused one down to the file that Photos refuses.
 * @param how.isLastTry a lone item whose event broke off before
 * @param how.event the one to use, where that is not left to the pace
 */
async function send(
  items: readonly SentItem[],
  options: SendOptions,
  {
    isLastTry = false,
    event = options.events.choose(items),
  }: { readonly isLastTry?: boolean; readonly event?: ImportEventKind | undefined } = {},
): Promise<ImportOutcome[]> {
  const { session, journal, ledger, runId, clock, restartPolicy } = options;
  const albumId = await journal.open();
  const itemsBefore = await session.ask.countItems();
  const running = await session.reopen();
  const sentTo = running === "unknown" ? null : running;
  const ids = items.map(({ ledgerId }) => ledgerId);
  recordExcluded(items, options);
  const begunAt = clock.now();
  const batchId = ledger.batches.beginBatch(runId, ids, { sentTo, itemsBefore, event }, begunAt);
  const { refusal, look, isOver } = await sendAndLook(
    items,
    { albumId, id: batchId, event, begunAt, sentTo, itemsBefore },
    options,
  );
  await options.edited.judge(items, { isAnswered: refusal === null && isOver, look });
  const { outcomes, absent } = look;
  const settle = (rest: ImportOutcome[] = []) => {
    ledger.batches.endBatch(batchId, clock.now());
    return [...outcomes, ...rest];
  };
  /** They are staged again: not in Photos, and not under way. */
  const takeBack = () => {
    const absentIds = absent.map(({ ledgerId }) => ledgerId);
    ledger.batches.endBatch(batchId, clock.now(), absentIds);
  };

  /** After all others, where they can wait. */
  const tryAgain = async (parts: readonly DeferredPart[]) => {
    takeBack();
    if (options.deferred?.take(parts) === true) return outcomes;
    for (const again of parts)
      for (const items of inAllowedSizes(again.items, options))
        outcomes.push(...(await sendAgain({ ...again, items }, options)));
    return outcomes;
  };

  if (outcomes.length > 0) options.deferred?.sawProgress();
  if (absent.length === 0) return settle();
  if (event === "by-hand" && isAnswered(refusal) && !look.mayBeThere) {
    takeBack();
    const plainly = await sendAgain({ items, isLastTry, event: "plain" }, options);
    return [...outcomes, ...plainly];
  }
  if (refusal instanceof PhotosRefusesAllError) {
    takeBack();
    throw takesNothing(refusal);
  }
  const message = refusal?.message ?? "it left it out and reported nothing";
  const doubt = !isOver
    ? message
    : look.mayBeThere
      ? "it imported something that cannot be identified"
      : null;
  if (doubt !== null) {
    const isHidden = isOver && look.mayBeThere;
    return settle(absent.map((item) => recordUnknown(item, doubt, options, { isHidden })));
  }

  // Nothing of these is in Photos and nothing of them can still arrive: they may be sent again.
  if (items.length === 1 && !isLastTry && hasBrokenOff(refusal)) {
    const isOfScript = event === "by-hand" && hasScriptEnded(refusal);
    return tryAgain([{ items: absent, isLastTry: true, event: isOfScript ? "plain" : undefined }]);
  }
  let next = await smaller(items, absent, refusal !== null, message);
  if (next.length === 0) {
    const isRelaunched = refusal !== null && restartPolicy.isPossible && (await session.relaunch("worn"));
    if (!isRelaunched) {
      if (refusal?.mayHaveHappened === true) restartPolicy.foundBadFile();
      return settle(absent.map((item) => recordRefused(item, message, options)));
    }
    restartPolicy.startedAnew();
    next = [absent];
  }
  return tryAgain(next.map((part) => ({ items: part, isLastTry: false })));
}

/** Once more; where a plain event imports what one built by hand had not, the rest of the run goes plain. */
async function sendAgain(part: DeferredPart, options: SendOptions): Promise<ImportOutcome[]> {
  const outcomes = await send(part.items, options, part);
  const ids = part.items.map(({ ledgerId }) => ledgerId);
  const hasCome = outcomes.some(({ ledgerId, state }) => ids.includes(ledgerId) && state === "imported");
  if (part.event === "plain" && hasCome && options.events.stayPlain()) options.onStaysPlain?.();
  return outcomes;
}

/** Photos has heard the event and is done with it. */
function isAnswered(refusal: PhotosEventError | null): boolean {
  return refusal === null || (!refusal.mayHaveHappened && refusal.number !== CANNOT_START);
}

/** Photos or osascript ended in the middle, which need not be the item's doing; a time-out is likelier to be. */
function hasBrokenOff(refusal: PhotosEventError | null): boolean {
  if (refusal?.mayHaveHappened !== true) return false;
  return refusal.number === null ? hasScriptEnded(refusal) : refusal.number !== TIMED_OUT;
}

/** Without a number it was our own deadline, or an osascript that ended without a word. */
function hasScriptEnded(refusal: PhotosEventError | null): boolean {
  return refusal?.number === null && refusal.mayHaveHappened && refusal.cause instanceof RollcallError;
}

/**
 * What to try instead of a batch that did not come in: its halves, each of the edited items that were left out of
 * one, or an edited item without its edit. Empty where nothing is left to try.
 */
async function smaller(
  items: readonly SentItem[],
  absent: readonly SentItem[],
  isRefused: boolean,
  message: string,
): Promise<(readonly SentItem[])[]> {
  if (items.length === 1) {
    const unedited = (await Promise.all(absent.map((item) => withoutEdit(item, message)))).flat();
    return unedited.length === 0 ? [] : [unedited];
  }
  // Beside others an edited one may be left out for their sake.
  if (!isRefused) return items.some(({ files }) => hasEdits(files)) ? absent.map((item) => [item]) : [];
  const middle = Math.ceil(absent.length / 2);
  return [absent.slice(0, middle), absent.slice(middle)].filter((half) => half.length > 0);
}

function takesNothing(refusal: PhotosRefusesAllError): RollcallError {
  return new RollcallError("PHOTOS_UNAVAILABLE", {
    message: "Photos accepts no imports now.",
    why: refusal.message,
    remedy: sentences(refusal.remedy, "What was imported before is kept, and the next run continues."),
    cause: refusal,
  });
}
