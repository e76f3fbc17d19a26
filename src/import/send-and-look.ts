import { RollcallError } from "../errors.js";
import { type ImportEventKind, type ImportReply, PhotosEventError } from "../photos/photos-library.js";
import type { PhotosInstance } from "../photos/photos-process.js";
import { hasEnded } from "../session/has-ended.js";
import type { SupervisedPhotos } from "../session/photos-supervisor.js";
import { slowestMs } from "../session/slowest-disk.js";
import { waitUntilQuiet } from "../session/wait-until-quiet.js";
import { confirmAbsent, confirmByBytes } from "./confirm-absent.js";
import { findImported, type Lookup } from "./find-imported.js";
import type { SendOptions } from "./import-options.js";
import { bytesOf, type ImportOutcome, type SentItem } from "./imported-item.js";
import type { ExtraItem } from "./match-imported.js";
import { pollUntilAccountedFor } from "./poll-until-accounted-for.js";

/** For the smallest event: a plain one gives up before. A slow disk is given more for every byte. */
const LEAST_TIMEOUT_MS = 150_000;
/** An answer of Photos too: it has ended, and names nothing. */
const REFUSED: ImportReply = { ids: null, count: 0 };

/** Where a batch was sent, and when. */
interface Sending {
  readonly albumId: string;
  /** As what it stands in the ledger. */
  readonly id: number;
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
  readonly look: Lookup;
  /** Nothing of the batch can still arrive. */
  readonly isOver: boolean;
}

/**
 * Sends one event and looks what came of it: in the journal album, and among the library's own bytes.
 * @throws RollcallError where Photos cannot be used at all; PhotosEventError where it stopped answering
 */
export async function sendAndLook(
  items: readonly SentItem[],
  sending: Sending,
  options: SendOptions,
): Promise<Sent> {
  const { session, ledger, clock, restartPolicy, pace } = options;
  const { albumId, id, event } = sending;
  const bytes = bytesOf(items);
  const timeoutMs = LEAST_TIMEOUT_MS + slowestMs(bytes);
  const paths = items.flatMap((item) => item.files.map(({ copyPath }) => copyPath));
  const sentAtMs = clock.now().getTime();
  /** What is absent is about to go again: a second look where it goes by another event. */
  const confirmed = (first: Lookup) =>
    event === "plain"
      ? confirmByBytes(first, sending, options)
      : confirmAbsent(items, first, sending, options);
  let reply: ImportReply;
  try {
    reply = await session.change.importFiles(paths, { albumId, timeoutMs, event });
    // Before anything else: where the library cannot be read, only these ids tell what a late album holds.
    ledger.batches.recordReply(id, reply, clock.now());
  } catch (error) {
    const refusal = refusalOf(error, event);
    if (refusal?.mayHaveHappened === true) {
      pace.outlasted({ bytes, ms: clock.now().getTime() - sentAtMs });
      return lookAfterSilence(items, refusal, { ...sending, bytes }, options);
    }
    if (refusal !== null) {
      ledger.batches.recordReply(id, REFUSED, clock.now());
      const look = await confirmed(await pollUntilAccountedFor(items, sending, options));
      return { refusal, look, isOver: true };
    }
    // Refused before anything was sent (no permission, no osascript): nothing of it is in Photos.
    if (isRefusedOutright(error)) {
      const ids = items.map(({ ledgerId }) => ledgerId);
      ledger.batches.endBatch(id, clock.now(), ids);
    }
    throw error;
  }
  const ms = clock.now().getTime() - sentAtMs;
  const look = await confirmed(await pollUntilAccountedFor(items, sending, options, reply));
  if (look.absent.length === 0) {
    restartPolicy.took({ items: items.length, bytes, ms });
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
  const { session, process, restartPolicy, clock } = options;
  const outcomes: ImportOutcome[] = [];
  const extra: ExtraItem[] = [];
  let left = items;
  const lookOnce = async () => {
    const look = await findImported(left, options);
    outcomes.push(...look.outcomes);
    extra.push(...look.extra);
    left = look.absent;
    return { ...look, outcomes, extra };
  };
  const gaveUpAt = clock.now();
  const hasAll = async () => (await lookOnce()).absent.length === 0;
  const { isDeaf } = await waitUntilQuiet(albumId, bytes, { ...options, hasAll });
  if (isDeaf && !(await session.relaunch("silent")) && !(await answers(session, albumId))) throw refusal;
  const first = await lookOnce();
  if (first.absent.length === 0) return { refusal, look: first, isOver: true };
  if (outcomes.length > 0) restartPolicy.sawProgress();
  if (restartPolicy.isHopeless) throw refusal;
  const isOver =
    hasEnded(sentTo, await process.running(), gaveUpAt) || (await session.relaunch("unfinished"));
  if (!isOver) return { refusal, look: first, isOver };
  restartPolicy.startedAnew();
  await session.reopen();
  const seen = await pollUntilAccountedFor(items, sending, options);
  const last = await confirmByBytes(seen, sending, options);
  const both = { outcomes: [...outcomes, ...last.outcomes], extra: [...extra, ...last.extra] };
  return { refusal, look: { ...last, ...both }, isOver };
}

async function answers({ askOnce }: Pick<SupervisedPhotos, "askOnce">, albumId: string): Promise<boolean> {
  try {
    await askOnce.describeAlbum(albumId);
    return true;
  } catch (error) {
    if (error instanceof PhotosEventError) return false;
    throw error;
  }
}

function isRefusedOutright(error: unknown): boolean {
  return (
    error instanceof RollcallError &&
    ["PHOTOS_NOT_PERMITTED", "OSASCRIPT_ABSENT", "NOT_MACOS"].includes(error.code)
  );
}
