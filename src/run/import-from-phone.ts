import { findAlbumConfirmed } from "../album/find-album-confirmed.js";
import { librarySwitched } from "../album/journal-album.js";
import type { Catalogue } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import type { Destination } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { PhotosEventError } from "../photos/photos-library.js";
import { PhotosSession } from "../session/photos-session.js";
import { confirmOnce, requireApproval } from "./consent.js";
import { copyAndImport } from "./copy-and-import.js";
import { EarlierRuns } from "./earlier-runs.js";
import { finishRun } from "./finish-run.js";
import { lookAfterQuit } from "./look-after-quit.js";
import { lookForICloud } from "./look-for-icloud.js";
import { narrowByPicking } from "./narrow-by-picking.js";
import { rememberKey, requireKnownKey } from "./not-approved.js";
import { pinLibrary } from "./pin-library.js";
import { type PlanHelp, planImport, readWholeCatalogue } from "./plan-for-phone.js";
import { requireRoom } from "./room-for-import.js";
import type { SessionParts } from "./run-context.js";
import type { FinishedRun, ImportParts, ImportRequest } from "./run-parts.js";
import { knownDestination } from "./which-library.js";

/**
 * The main job, on one page: phone, catalogue, plan, transfer, import, album, verify, receipt.
 * An interrupted run for the same phone and library is continued. With nothing new Photos is not started,
 * no event is sent, and the album of the run before stays as it is.
 * @throws RollcallError for whatever ends the run; what was done stays done, and the next run goes on
 */
export async function importFromPhone(parts: ImportParts, asking: ImportRequest): Promise<FinishedRun> {
  const { ledgerDatabase, phone, questions, clock, libraryAccess } = parts;
  const startedAt = clock.now();
  if (asking.approvedOnly === true) requireKnownKey(parts);
  const catalogue = await readWholeCatalogue(parts, asking);
  const destination = await knownDestination(parts, asking);
  const ledger = ledgerDatabase.ledgerFor(phone.identity, destination);
  if (asking.approvedOnly === true) requireApproval(ledger, parts);
  const earlier = await EarlierRuns.begin(ledger, parts);
  rememberKey(ledger, parts);

  const help = { questions, look: lookForICloud(parts.originals, parts.signal) };
  const { selection, plan } = await narrowByPicking(asking, (wanted) =>
    planImport(catalogue, ledger, { ...asking, selection: wanted }, help),
  );
  if (plan.toImport.items === 0 && !earlier.needPhotos) {
    const run = earlier.interrupted;
    const liftedBy = await earlier.finishWithoutPhotos();
    const ending = { ledger, plan, destination, run, imported: new Map(), liftedBy };
    return await finishRun(parts, { ...ending, startedAt: run?.startedAt ?? startedAt });
  }
  const isNewlyConfirmed = await confirmOnce(plan, ledger, questions);
  // macOS may ask about it: the sooner, the likelier is an answer before it is read.
  if (destination.key !== "") libraryAccess.touch(destination.key);

  const { mayRelaunch } = asking;
  const session = await PhotosSession.open(parts, { mayRelaunch, isToEndFirst: earlier.hasOpenEvent });
  const { photos: _onlyThroughTheSession, ...others } = parts;
  const before = { ledger, destination, earlier, catalogue, help, isNewlyConfirmed, startedAt };
  try {
    return await importWithPhotos(before, { ...others, session }, { ...asking, selection });
  } catch (error) {
    if (!(error instanceof PhotosEventError)) throw error;
    if (await isLibrarySwitched(ledger, { session, clock })) throw librarySwitched();
    session.leaveOpen(); // a message in its window may be what it waits for
    throw stoppedAnswering(error);
  } finally {
    await session.leaveAsFound();
  }
}

/** What was known when Photos was opened. */
interface BeforePhotos {
  /** Of the library that the plan was made for. */
  readonly ledger: PhoneLedger;
  readonly destination: Destination;
  readonly earlier: EarlierRuns;
  readonly catalogue: Catalogue;
  readonly help: PlanHelp;
  /** The person was asked, and agreed, before Photos could name its library. */
  readonly isNewlyConfirmed: boolean;
  readonly startedAt: Date;
}

async function importWithPhotos(
  before: BeforePhotos,
  parts: SessionParts,
  request: ImportRequest,
): Promise<FinishedRun> {
  const { session, ledgerDatabase, phone } = parts;
  const { earlier, catalogue, help, startedAt } = before;
  const destination = await pinLibrary(before.destination, before.ledger, parts, request);
  const ledger = ledgerDatabase.ledgerFor(phone.identity, destination);
  // Where Photos was closed the question could not name the library: the answer is for the one it opened.
  const isOfThis = before.destination.key === "" || before.destination.key === destination.key;
  if (before.isNewlyConfirmed && isOfThis) ledger.choices.record("confirmed", "yes");
  rememberKey(ledger, parts);
  if (request.approvedOnly === true) requireApproval(ledger, parts);
  await earlier.recover(ledger, destination, parts, request);

  const isContinued = ledger.runs.open() !== null;
  const plan = await planImport(catalogue, ledger, request, help);
  // It may be another library than the one that was asked about, and then all may be new to it.
  await confirmOnce(plan, ledger, help.questions);
  if (plan.toImport.items === 0 && !isContinued)
    return await finishRun(parts, { ledger, plan, destination, startedAt, run: null, imported: new Map() });
  await requireRoom(plan, destination.key, parts);
  const run = ledger.runs.continueOrBegin(startedAt);
  const done = await copyAndImport(plan, run, ledger, parts, request);
  const { imported, libraryPackage: library } = done;
  const liftedBy = (await session.seenToEnd())
    ? await lookAfterQuit({ runId: run.id, library, liftedBy: done.liftedBy }, ledger, parts)
    : done.liftedBy;
  return await finishRun(parts, {
    ledger,
    plan,
    destination,
    startedAt: run.startedAt,
    run,
    imported,
    liftedBy,
  });
}

/** The journal album pins the library: an event that failed may have failed for its absence. */
async function isLibrarySwitched(
  ledger: PhoneLedger,
  { session, clock }: Pick<SessionParts, "session" | "clock">,
): Promise<boolean> {
  const journalId = ledger.runs.open()?.journalAlbumId;
  if (journalId == null) return false;
  return findAlbumConfirmed(session.askOnce, journalId, clock).then(
    (album) => album === null,
    () => false,
  );
}

function stoppedAnswering(error: PhotosEventError): RollcallError {
  return new RollcallError("PHOTOS_UNAVAILABLE", {
    message: "Photos stopped answering.",
    why: error.message,
    remedy:
      "Look at its window: a message there may wait for you. Then run the same command: it checks what arrived and continues.",
    cause: error,
  });
}
