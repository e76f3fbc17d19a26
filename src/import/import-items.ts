import type { Clock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import {
  type ImportEventKind,
  type ImportReply,
  PhotosEventError,
  type PhotosLibrary,
  PhotosRefusesAllError,
} from "../photos/photos-library.js";
import type { PhotosInstance, PhotosProcess } from "../photos/photos-process.js";
import type { StagedFile, StagedItem } from "../transfer/staged-item.js";
import { type BatchLimits, gatherBatches } from "./batches.js";
import { confirmAbsent, confirmByBytes } from "./confirm-absent.js";
import type { EditedBatches } from "./edited-batches.js";
import { hasEnded } from "./has-ended.js";
import { ImportEvents } from "./import-events.js";
import { ImportPace, slowestMs } from "./import-pace.js";
import { bytesOf, hasEdits, type ImportOutcome, type SentItem, withoutEdit } from "./imported-item.js";
import type { Journal } from "./journal.js";
import type { LibraryBytes } from "./library-bytes.js";
import { type Look, lookForItems } from "./look-for-items.js";
import { lookUntilAccounted } from "./look-until-accounted.js";
import type { ExtraItem } from "./match-imported.js";
import type { PhotosMinder } from "./photos-minder.js";
import { readableByPhotos } from "./readable-by-photos.js";
import { recordFailed, recordLeftBehind, recordRefused, recordUnknown } from "./record-outcome.js";
import { type SuspectPart, Suspects } from "./suspects.js";
import { waitUntilQuiet } from "./wait-until-quiet.js";
import { Wear } from "./wear.js";

export interface ImportOptions {
  readonly photos: PhotosLibrary;
  /** The same, asking its questions again. */
  readonly patient: PhotosLibrary;
  readonly process: PhotosProcess;
  readonly minder: PhotosMinder;
  readonly journal: Journal;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  readonly clock: Clock;
  readonly limits: BatchLimits;
  /** How many edited items one event may carry, which every event of them tells anew. */
  readonly edited: EditedBatches;
  /** Looked at between batches and while waiting for a quiet Photos: an event that was sent is waited for. */
  readonly signal?: AbortSignal | undefined;
  readonly isStarved: () => Promise<void>;
  /** True for an item that Photos would not take before. They come last, and no other is sent with them. */
  readonly isSuspect: (staged: StagedItem) => boolean;
  readonly onBatch?: ((batch: { items: number; bytes: number }) => void) | undefined;
  /** The library's own files as a witness; null where they may not be read. */
  readonly libraryBytes: () => Promise<LibraryBytes | null>;
  /** A plain event brought what one built by hand had not: the rest of the run goes plain. */
  readonly onStaysPlain?: (() => void) | undefined;
}

/** For the smallest event: a plain one gives up before. A slow disk is given more for every byte. */
const LEAST_TIMEOUT_MS = 150_000;
/** So many events of earlier runs tell how slow this Photos may be. */
const EARLIER_EVENTS = 10;
/** An answer of Photos too: it has ended, and names nothing. */
const REFUSED: ImportReply = { ids: null, count: 0 };
/** Apple's errAETimeout. */
const TIMED_OUT = -1712;
/** Of Launch Services: Photos could not be started. */
const CANNOT_START = -10810;

/**
 * Staged files enter Photos, one event a batch. Yields the outcomes of each batch once they are in the
 * ledger, which for a batch that Photos refused, and for what is not recognised, is after all others. What an event answered is not believed: what the
 * journal album holds afterwards is. Between batches a Photos that is worn is started anew.
 * @throws RollcallError when Photos cannot be used at all, or on a stop between batches
 * @throws PhotosEventError when Photos stopped answering: the batch stays open in the ledger, and the next
 *   run settles it by looking
 */
export async function* importItems(
  staged: AsyncIterable<StagedItem>,
  options: ImportOptions,
): AsyncGenerator<{ readonly batch: readonly StagedItem[]; readonly outcomes: readonly ImportOutcome[] }> {
  const { limits, ledger, runId } = options;
  const wear = new Wear();
  const suspects = new Suspects();
  const earlier = ledger.batches.answeredLately(EARLIER_EVENTS);
  const pace = new ImportPace({ firstBytes: limits.firstBytes, earlier });
  const events = new ImportEvents({ pace, ledger, runId });
  const paced: BatchLimits = {
    items: limits.items,
    get bytes() {
      return Math.min(limits.bytes, pace.plainBytes);
    },
  };
  const state = { wear, pace, events };
  const beReady = async () => {
    if (options.signal?.aborted) throw stopped(options.signal);
    if (!wear.hasTakenMany && !wear.isSlow) return;
    if (await options.minder.relaunch(wear.isSlow ? "slow" : "worn")) wear.startedAnew();
    else wear.askedInVain();
  };
  for await (const batch of gatherBatches(staged, paced, options)) {
    await beReady();
    yield { batch, outcomes: await importBatch(batch, { ...options, ...state, suspects }) };
  }
  for (let part = suspects.next(); part !== undefined; part = suspects.next()) {
    for (const items of inAllowedSizes(part.items, { ...options, pace })) {
      await beReady();
      const outcomes = await sendAgain({ ...part, items }, { ...options, ...state, suspects: null });
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

/** How worn the running Photos is, how fast, and who waits for another try, goes along with every batch. */
interface SendOptions extends ImportOptions {
  readonly wear: Wear;
  readonly pace: ImportPace;
  readonly events: ImportEvents;
  /** Null when it is their turn. */
  readonly suspects: Suspects | null;
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
    else if (options.suspects?.takeUnrecognised(item) !== true) alone.push(item);
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
  leftBehind: SentItem["leftBehind"],
): SentItem {
  const sent = files.map(({ role, file, copyPath }) => ({
    role,
    path: file.path,
    copyPath,
    sizeBytes: file.sizeBytes,
    name: copyPath.slice(copyPath.lastIndexOf("/") + 1),
  }));
  return { ledgerId, files: sent, leftBehind };
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
  const { minder, journal, ledger, runId, clock, wear, patient } = options;
  const albumId = await journal.open();
  const itemsBefore = await patient.countItems();
  const running = await minder.reopen();
  const sentTo = running === "unknown" ? null : running;
  const ids = items.map(({ ledgerId }) => ledgerId);
  recordLeftBehind(items, options);
  const begunAt = clock.now();
  const batchId = ledger.batches.beginBatch(runId, ids, { sentTo, itemsBefore, event }, begunAt);
  const { refusal, look, isOver } = await sendAndLook(
    items,
    { albumId, batchId, event, begunAt, sentTo, itemsBefore },
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
  const tryAgain = async (parts: readonly SuspectPart[]) => {
    takeBack();
    if (options.suspects?.take(parts) === true) return outcomes;
    for (const again of parts)
      for (const items of inAllowedSizes(again.items, options))
        outcomes.push(...(await sendAgain({ ...again, items }, options)));
    return outcomes;
  };

  if (outcomes.length > 0) options.suspects?.sawProgress();
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
  const message = refusal?.message ?? "it left it out without a word";
  const doubt = !isOver
    ? message
    : look.mayBeThere
      ? "it imported something that cannot be told apart"
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
    const isRelaunched = refusal !== null && wear.isPossible && (await minder.relaunch("worn"));
    if (!isRelaunched) {
      if (refusal?.mayHaveHappened === true) wear.blamedOne();
      return settle(absent.map((item) => recordRefused(item, message, options)));
    }
    wear.startedAnew();
    next = [absent];
  }
  return tryAgain(next.map((part) => ({ items: part, isLastTry: false })));
}

/** Once more; where a plain event brings what one built by hand had not, the rest of the run goes plain. */
async function sendAgain(part: SuspectPart, options: SendOptions): Promise<ImportOutcome[]> {
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

/** Where a batch was sent, and as what it stands in the ledger. */
interface Sending {
  readonly albumId: string;
  readonly batchId: number;
  readonly event: ImportEventKind;
  /** When it was written down. */
  readonly begunAt: Date;
  /** Null where nobody can tell. */
  readonly sentTo: PhotosInstance | null;
  /** What the library held before. */
  readonly itemsBefore: number;
}

interface Sent {
  readonly refusal: PhotosEventError | null;
  readonly look: Look;
  /** Nothing of the batch can still arrive. */
  readonly isOver: boolean;
}

async function sendAndLook(
  items: readonly SentItem[],
  sending: Sending,
  options: SendOptions,
): Promise<Sent> {
  const { photos, ledger, clock, wear, pace } = options;
  const { albumId, batchId, event, itemsBefore } = sending;
  const bytes = bytesOf(items);
  const timeoutMs = LEAST_TIMEOUT_MS + slowestMs(bytes);
  const paths = items.flatMap((item) => item.files.map(({ copyPath }) => copyPath));
  const sentAtMs = clock.now().getTime();
  /** What is absent is about to go again: a second look where it goes by another event. */
  const confirmed = (first: Look) =>
    event === "plain"
      ? confirmByBytes(first, sending, options)
      : confirmAbsent(items, first, sending, options);
  let reply: ImportReply;
  try {
    reply = await photos.importFiles(paths, { albumId, timeoutMs, event });
    // Before anything else: where the library cannot be read, only these ids tell what a late album holds.
    ledger.batches.recordReply(batchId, reply, clock.now());
  } catch (error) {
    const refusal = refusalOf(error, event);
    if (refusal?.mayHaveHappened === true) {
      pace.outlasted({ bytes, ms: clock.now().getTime() - sentAtMs });
      return lookAfterSilence(items, refusal, { ...sending, bytes }, options);
    }
    if (refusal !== null) {
      ledger.batches.recordReply(batchId, REFUSED, clock.now());
      const look = await confirmed(await lookUntilAccounted(items, itemsBefore, options));
      return { refusal, look, isOver: true };
    }
    // Refused before anything was sent (no permission, no osascript): nothing of it is in Photos.
    if (isRefusedOutright(error)) {
      const ids = items.map(({ ledgerId }) => ledgerId);
      ledger.batches.endBatch(batchId, clock.now(), ids);
    }
    throw error;
  }
  const ms = clock.now().getTime() - sentAtMs;
  const look = await confirmed(await lookUntilAccounted(items, itemsBefore, options, reply));
  if (look.absent.length === 0) {
    wear.took({ items: items.length, bytes, ms });
    pace.took({ bytes, ms });
  }
  return { refusal: null, look, isOver: true };
}

/** What Photos answered, as a refusal of this event; null for what ends the run. */
function refusalOf(error: unknown, event: ImportEventKind): PhotosEventError | null {
  if (error instanceof PhotosEventError) return error;
  const isNotPermitted = error instanceof RollcallError && error.code === "PHOTOS_NOT_PERMITTED";
  // Whether that is about this kind of event alone shows the plain one.
  return isNotPermitted && event === "by-hand"
    ? new PhotosEventError(error.message, null, false, error)
    : null;
}

/**
 * The event has no end that anybody knows. What is not seen once Photos is quiet can still arrive as long
 * as that process lives: it is ended where it may be, and then looked at again. One that answers nothing at all for
 * minutes is ended without more questions.
 * @throws PhotosEventError the refusal, where one Photos after the other fell silent and took nothing, or where one
 *   that answers nothing is the person's, and they did not look at it
 */
async function lookAfterSilence(
  items: readonly SentItem[],
  refusal: PhotosEventError,
  sending: Sending & { readonly bytes: number },
  options: SendOptions,
): Promise<Sent> {
  const { albumId, sentTo, bytes } = sending;
  const { photos, minder, process, wear, clock } = options;
  const outcomes: ImportOutcome[] = [];
  const extra: ExtraItem[] = [];
  let left = items;
  const lookOnce = async () => {
    const look = await lookForItems(left, options);
    outcomes.push(...look.outcomes);
    extra.push(...look.extra);
    left = look.absent;
    return { ...look, outcomes, extra };
  };
  const gaveUpAt = clock.now();
  const hasAll = async () => (await lookOnce()).absent.length === 0;
  const { isDeaf } = await waitUntilQuiet(albumId, bytes, { ...options, hasAll });
  if (isDeaf && !(await minder.relaunch("silent")) && !(await answers(photos, albumId))) throw refusal;
  const first = await lookOnce();
  if (first.absent.length === 0) return { refusal, look: first, isOver: true };
  if (outcomes.length > 0) wear.sawProgress();
  if (wear.isHopeless) throw refusal;
  const isOver = hasEnded(sentTo, await process.running(), gaveUpAt) || (await minder.relaunch("unfinished"));
  if (!isOver) return { refusal, look: first, isOver };
  wear.startedAnew();
  await minder.reopen();
  const seen = await lookUntilAccounted(items, sending.itemsBefore, options);
  const last = await confirmByBytes(seen, sending, options);
  const both = { outcomes: [...outcomes, ...last.outcomes], extra: [...extra, ...last.extra] };
  return { refusal, look: { ...last, ...both }, isOver };
}

async function answers(photos: PhotosLibrary, albumId: string): Promise<boolean> {
  try {
    await photos.describeAlbum(albumId);
    return true;
  } catch (error) {
    if (error instanceof PhotosEventError) return false;
    throw error;
  }
}

function takesNothing(refusal: PhotosRefusesAllError): RollcallError {
  return new RollcallError("PHOTOS_UNAVAILABLE", {
    message: "Photos takes nothing now.",
    why: refusal.message,
    remedy: `${refusal.remedy} What was imported before is kept, and the next run goes on.`,
    cause: refusal,
  });
}

function isRefusedOutright(error: unknown): boolean {
  return (
    error instanceof RollcallError &&
    ["PHOTOS_NOT_PERMITTED", "OSASCRIPT_ABSENT", "NOT_MACOS"].includes(error.code)
  );
}
