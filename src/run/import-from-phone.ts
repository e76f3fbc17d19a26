import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { ExtraCopiesAlbum } from "../album/extra-copies-album.js";
import { findAlbumConfirmed } from "../album/find-album-confirmed.js";
import { JournalAlbum, librarySwitched } from "../album/journal-album.js";
import { LastImportAlbum } from "../album/last-import-album.js";
import type { MediaItem } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import { importItems } from "../import/import-items.js";
import { LEFT_OUT } from "../import/imported-item.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { makeFolder } from "../make-folder.js";
import type { LibraryPackage } from "../photos/library-package.js";
import { PhotosEventError } from "../photos/photos-library.js";
import { bytesOf, itemsByKey } from "../plan/decide.js";
import { filesToImport, type Plan } from "../plan/decision.js";
import { freeSpace, requireSpace } from "../plan/space-needed.js";
import { type Imported, ledgerIdsOf } from "../receipt/call-the-roll.js";
import { PhotosSession } from "../session/photos-session.js";
import type { PhotosSupervisor } from "../session/photos-supervisor.js";
import { retryingPhotos } from "../session/retrying-photos.js";
import { ByteBudget } from "../transfer/byte-budget.js";
import { ReadAhead } from "../transfer/read-ahead.js";
import { resumableBytes } from "../transfer/resumable-copy.js";
import type { StagedItem, TransferOutcome } from "../transfer/staged-item.js";
import { removeEmptyRunFolder } from "../transfer/staging-folder.js";
import { transferItems } from "../transfer/transfer-items.js";
import { explainWriteError } from "../transfer/write-errors.js";
import { editedBatches, tellExtraCopies } from "./edited-photos.js";
import { finishRun } from "./finish-run.js";
import { flushJournal, type JournalOutcome, mergeOutcomes, notAsSent } from "./flush-journal.js";
import { LibraryDuplicates } from "./library-duplicates.js";
import { lookAfterQuit } from "./look-after-quit.js";
import { lookForICloud } from "./look-for-icloud.js";
import { narrowByPicking } from "./narrow-by-picking.js";
import { notApproved, rememberKey, requireKnownKey } from "./not-approved.js";
import { pinLibrary } from "./pin-library.js";
import { planImport, readWholeCatalogue } from "./plan-for-phone.js";
import { openLibraryPackage, proveRun } from "./prove-run.js";
import { needsRecovery, recoverInterruptedRun } from "./recover-interrupted-run.js";
import { libraryBytes, resolveLeftOver, resolveUnknown } from "./resolve-unknown.js";
import type { FinishedRun, ImportParts, ImportRequest } from "./run-parts.js";
import { knownDestination, nameLibrary } from "./which-library.js";

/** So many items the journal album takes before it is emptied into "Last Import". */
const JOURNAL_ITEMS = 500;
const READ_AHEAD_ITEMS = 5_000;
const STAYS_PLAIN = {
  code: "PLAIN_IMPORTS",
  message:
    "Photos did nothing with an import event that may take long, and took the same video by the ordinary one: this run " +
    "sends only ordinary ones, and waits for what takes longer than their two minutes by looking",
} as const;

/**
 * The main job, on one page: phone, catalogue, plan, transfer, import, album, verify, receipt.
 * An interrupted run for the same phone and library is continued. With nothing new Photos is not started,
 * no event is sent, and the album of the run before stays as it is.
 * @throws RollcallError for whatever ends the run; what was done stays done, and the next run goes on
 */
export async function importFromPhone(given: ImportParts, asking: ImportRequest): Promise<FinishedRun> {
  const { ledgerDatabase, phone, questions, clock } = given;
  const startedAt = clock.now();
  if (asking.approvedOnly === true) requireKnownKey(given);
  const catalogue = await readWholeCatalogue(given, asking);
  const asked = await knownDestination(given, asking);
  const before = ledgerDatabase.ledgerFor(phone.identity, asked);
  if (asking.approvedOnly === true) requireApproval(before, given);
  await resolveUnknown(before, given);
  rememberKey(before, given);

  const help = { questions, look: lookForICloud(given.originals, given.signal) };
  const { selection, plan: firstPlan } = await narrowByPicking(asking, (wanted) =>
    planImport(catalogue, before, { ...asking, selection: wanted }, help),
  );
  const request = { ...asking, selection };
  const begun = before.openRun();
  const isNothingToDo = firstPlan.toImport.items === 0 && (begun === null || !needsRecovery(begun, before));
  if (isNothingToDo) {
    const ending = { ledger: before, plan: firstPlan, destination: asked, run: begun, imported: new Map() };
    await PhotosSession.endLeftOpen(given);
    const liftedBy = begun === null ? undefined : await provedNow(begun.id, before, given);
    return finishRun(given, { ...ending, startedAt: begun?.startedAt ?? startedAt, liftedBy });
  }
  const isNewlyConfirmed = await confirmOnce(firstPlan, before, asked.key, questions);
  // macOS may ask about it: the sooner, the likelier is an answer before it is read.
  if (asked.key !== "") given.libraryAccess.touch(asked.key);

  const session = await PhotosSession.open(given, {
    mayRelaunch: request.mayRelaunch,
    isToEndFirst: begun !== null && before.batches.openBatches(begun.id).some(({ reply }) => reply === null),
  });
  const parts = { ...given, photos: session.library };
  try {
    const destination = await pinLibrary(asked, before, parts, request);
    const ledger = ledgerDatabase.ledgerFor(phone.identity, destination);
    // Where Photos was closed the question could not name the library: the answer is for the one it opened.
    const isOfThis = asked.key === "" || asked.key === destination.key;
    if (isNewlyConfirmed && isOfThis) ledger.recordChoice("confirmed", "yes");
    rememberKey(ledger, parts);
    if (request.approvedOnly === true) requireApproval(ledger, parts);
    if (destination.key !== asked.key) await resolveUnknown(ledger, parts);
    for (const identity of ledger.phonesCutOff()) {
      // What was being sent from another phone may be in: the same bytes may not come a second time.
      const theirs = ledgerDatabase.ledgerFor(identity, destination);
      const run = theirs.openRun();
      if (run !== null && needsRecovery(run, theirs))
        await recoverInterruptedRun(run, theirs, session, parts, request);
    }
    const interrupted = ledger.openRun();
    const foundThen =
      interrupted === null ? null : await recoverInterruptedRun(interrupted, ledger, session, parts, request);
    const plan = await planImport(catalogue, ledger, request, help);
    // It may be another library than the one that was asked about, and then all may be new to it.
    await confirmOnce(plan, ledger, destination.key, questions);
    const ending = { ledger, plan, destination };
    if (plan.toImport.items === 0 && interrupted === null)
      return await finishRun(parts, { ...ending, startedAt, run: null, imported: new Map() });

    await requireRoom(plan, destination.key, parts);
    const run = ledger.continueOrBeginRun(startedAt);
    const imported = await copyAndImport(
      plan,
      run,
      ledger,
      { library: destination.key, supervisor: session, photosVersion: session.version },
      parts,
      request,
    );
    const { libraryPackage: library } = imported;
    const liftedBy = (await session.seenToEnd())
      ? await lookAfterQuit({ ...imported, runId: run.id, library }, ledger, parts)
      : imported.liftedBy;
    return await finishRun(parts, {
      ...ending,
      startedAt: run.startedAt,
      run,
      imported: imported.imported,
      liftedBy,
      notAsSent: notAsSent(mergeOutcomes(foundThen, imported.settled), {
        ledger: ledger,
        report: parts.report,
      }),
    });
  } catch (error) {
    if (!(error instanceof PhotosEventError)) throw error;
    if (await isLibrarySwitched(before, parts)) throw librarySwitched();
    session.leaveOpen(); // a message in its window may be what it waits for
    throw stoppedAnswering(error);
  } finally {
    await session.leaveAsFound();
  }
}

/** What was imported by a run that was cut off at its very end. */
async function provedNow(runId: string, ledger: PhoneLedger, parts: ImportParts): Promise<string | null> {
  await using proof = proveRun(runId, ledger, await openLibraryPackage(ledger, parts), parts);
  const liftedBy = await proof.finish();
  await removeEmptyRunFolder(join(parts.stagingFolder, runId));
  return liftedBy;
}

/** Copies, imports and reads what Photos kept, side by side; then the album, then the check. */
async function copyAndImport(
  plan: Plan,
  run: LedgerRun,
  ledger: PhoneLedger,
  {
    library,
    supervisor,
    photosVersion,
  }: { readonly library: string; readonly supervisor: PhotosSupervisor; readonly photosVersion: string },
  parts: ImportParts,
  request: ImportRequest,
): Promise<{
  imported: Map<string, Imported>;
  liftedBy: string | null;
  libraryPackage: LibraryPackage | null;
  settled: JournalOutcome | null;
}> {
  const { report, clock, signal, phone, stagingFolder } = parts;
  report({
    type: "begun",
    runId: run.id,
    isContinued: run.isContinued,
    items: plan.toImport.items,
    bytes: plan.toImport.bytes - bytesInStaging(plan),
    library: library === "" ? null : library,
  });
  const folder = join(stagingFolder, run.id);
  try {
    makeFolder(folder);
  } catch (error) {
    throw explainWriteError(error, folder);
  }
  const byteBudget = new ByteBudget(request.stagedBytesLimit);
  const progress = { copied: 0, bytes: 0, imported: 0, inJournal: 0 };
  const imported = new Map<string, Imported>();
  // What Photos would not take before waits until everything else is in.
  const all = plan.decisions.filter((decision) => decision.action === "import");
  const retries = all.filter(({ because }) => because === "failed");
  const toImport = [...all.filter(({ because }) => because !== "failed"), ...retries];
  const failedKeys = new Set(retries.map(({ item }) => item.key));
  const changed = new Set(
    toImport.filter(({ because }) => because === "changed").map(({ item }) => item.key),
  );

  const libraryPackage = await openLibraryPackage(ledger, parts);
  await nameLibrary(ledger.destinationKey, libraryPackage, parts);
  await using known = new LibraryDuplicates(libraryPackage, ledger, { clock, signal });
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  setMaxListeners(0, either); // one for each read under way
  const transferred = transferItems(toImport, {
    phone,
    ledger: ledger,
    runId: run.id,
    clock,
    folder,
    byteBudget,
    edits: request.edits,
    onPhone: itemsByKey(plan.catalogue),
    recognise: (item, files) => known.originalOf(run.id, item, files),
    signal: either,
    onBytes: (count) => {
      progress.bytes += count;
      report({ type: "copied", items: progress.copied, bytes: progress.bytes });
    },
  });
  const keep = (item: MediaItem, outcome: Imported) => {
    imported.set(item.key, outcome);
    if (item.belongsTo === undefined) return;
    for (const { file } of item.files.slice(1)) imported.set(file.path, { ...outcome, part: item.key });
  };
  let lost: RollcallError | null = null;
  const untilLost = async function* () {
    try {
      yield* transferred;
    } catch (error) {
      // What was copied before still comes into Photos and its album; then the run ends with this.
      if (!isPhoneTrouble(error)) throw error;
      lost = error;
    }
  };
  const staged = async function* (): AsyncGenerator<StagedItem> {
    for await (const outcome of partsOf(untilLost(), report)) {
      progress.copied += 1;
      report({ type: "copied", items: progress.copied, bytes: progress.bytes });
      if (outcome.type === "failed") {
        keep(outcome.item, { type: "failed", reasons: outcome.reasons });
        continue;
      }
      const { ledgerId, item, newEdits } =
        outcome.type === "staged"
          ? { ...outcome.staged, newEdits: [] }
          : outcome.type === "duplicate"
            ? { ...outcome, newEdits: [] }
            : { ...outcome, ledgerId: outcome.entry.id };
      const isChanged = changed.has(item.key);
      const { excludedFiles: reasons } = outcome;
      keep(item, {
        type: "in-ledger",
        ledgerId,
        newEdits,
        isChanged,
        ...(reasons && { reasons }),
      });
      if (outcome.type !== "staged") continue;
      if (await known.has(outcome.staged)) byteBudget.release(outcome.staged.sizeBytes);
      else yield outcome.staged;
    }
  };
  const ahead = new ReadAhead(
    staged(),
    READ_AHEAD_ITEMS,
    // What is copied goes into Photos while the rest waits for room, or for somebody to plug the phone in again.
    () => Promise.race([byteBudget.whenBlocked(), ...(phone.whenAway ? [phone.whenAway()] : [])]),
    () => left.abort(),
  );

  const common = { ...parts, ledger: ledger, runId: run.id, supervisor };
  const retrying = retryingPhotos(parts.photos, supervisor, parts);
  const asked = { ...common, photos: retrying };
  const journal = new JournalAlbum(asked);
  const album = new LastImportAlbum({ ...asked, journal, keepAlbums: request.keepAlbums });
  const extraCopies = new ExtraCopiesAlbum({ ...asked, journal });
  const edited = await editedBatches(
    libraryPackage,
    { ledger: ledger, runId: run.id, photosVersion },
    parts,
    request,
  );
  const batches = importItems(ahead, {
    ...common,
    retrying,
    journal,
    edited,
    limits: request.batchLimits,
    isStarved: () => ahead.whenStarved(),
    failedBefore: ({ item }) => failedKeys.has(item.key),
    onBatch: (batch) => report({ type: "importing", ...batch }),
    libraryBytes: () => libraryBytes(ledger, parts),
    onStaysPlain: () => report({ type: "notice", ...STAYS_PLAIN }),
  });
  let settled: JournalOutcome | null = null;
  const settle = async () => {
    const seen = await flushJournal({
      ...{ journal, album, extraCopies, ledger: ledger, runId: run.id, clock, report },
    });
    settled = mergeOutcomes(settled, seen);
  };
  await using proof = proveRun(run.id, ledger, libraryPackage, parts);
  for await (const { batch, outcomes } of batches) {
    proof.add(outcomes.map(({ ledgerId }) => ledgerId));
    // Whether Photos makes copies at all is known, and said, before it is sent more.
    if (progress.imported === 0) await proof.caughtUp();
    for (const { sizeBytes } of batch) byteBudget.release(sizeBytes);
    progress.imported += batch.length;
    progress.inJournal += batch.length;
    report({ type: "imported", items: progress.imported });
    if (progress.inJournal < JOURNAL_ITEMS) continue;
    await settle();
    await edited.lookBack();
    progress.inJournal = 0;
  }
  await settle();
  await edited.lookBack();
  tellExtraCopies(ledger.extraCopies.ofRun(run.id), report);
  const liftedBy = await proof.finish();
  // Also what turned out to be known only once it was copied; what this run imported is proved by itself.
  await known.recall(ledgerIdsOf(plan, imported), run.id);
  await resolveLeftOver(run.id, ledger, parts);
  ledger.countRefusals(run.id, LEFT_OUT);
  await removeEmptyRunFolder(folder);
  if (lost !== null) throw lost;
  return { imported, liftedBy, libraryPackage: proof.readable, settled };
}

/** Halves that turned out to be no Live Photo are items of their own from here on. */
async function* partsOf(
  outcomes: AsyncIterable<TransferOutcome>,
  report: ImportParts["report"],
): AsyncGenerator<Exclude<TransferOutcome, { type: "apart" }>> {
  let more = 0;
  for await (const outcome of outcomes) {
    if (outcome.type !== "apart") {
      yield outcome;
      continue;
    }
    more += outcome.parts.length - 1;
    report({ type: "apart", items: more });
    for (const part of outcome.parts) if (part.type !== "apart") yield part;
  }
}

function isPhoneTrouble(error: unknown): error is RollcallError {
  return error instanceof RollcallError && /^(NO_PHONE|PHONE_|USBMUXD_)/.test(error.code);
}

async function requireRoom(
  plan: Plan,
  library: string,
  { stagingFolder, phone, libraryAccess, report, signal }: ImportParts,
): Promise<void> {
  const { bytes } = plan.toImport;
  const atLibrary = library === "" ? null : await libraryAccess.freeSpace(library, signal);
  if (library !== "" && atLibrary === null) {
    const message = `How much space there is for ${library} could not be found out: its disk did not answer.`;
    report({ type: "notice", code: "LIBRARY_SPACE_UNKNOWN", message });
  }
  const here =
    bytesInStaging(plan) + (await resumableBytes(stagingFolder, phone.identity, filesToImport(plan)));
  const elsewhere = "put staging on another volume with ROLLCALL_STAGING";
  await requireSpace(
    [
      { what: "the staging folder", folder: stagingFolder, bytes: bytes - here, elsewhere },
      ...(atLibrary === null ? [] : [{ what: "the Photos library", folder: library, bytes }]),
    ],
    "import less with --since or --limit",
    async (at) => (at === library && atLibrary !== null ? atLibrary : await freeSpace(at)),
  );
}

/** Items that an interrupted run left whole in staging are not copied again. */
function bytesInStaging(plan: Plan): number {
  return plan.decisions.reduce((sum, decision) => {
    const isStaged = decision.action === "import" && /^(begun|failed)$/.test(decision.because);
    return isStaged ? sum + bytesOf(decision.item) : sum;
  }, 0);
}

/** @throws RollcallError PHONE_NOT_APPROVED, PHOTOS_LIBRARY_SWITCHED */
function requireApproval(ledger: PhoneLedger, { ledgerDatabase, phone }: ImportParts): void {
  if (ledger.choice("confirmed") === "yes") return;
  const { udid, name } = phone.identity;
  if (ledgerDatabase.isApproved(udid)) {
    throw new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
      message: `Photos has another library open than the one that ${name || "this iPhone"} was approved for.`,
      remedy:
        "Nothing was imported. Open the usual library, or run rollcall import in a terminal for this one: it asks.",
    });
  }
  throw notApproved(name);
}

/** @returns whether the person was asked now */
async function confirmOnce(
  plan: Plan,
  ledger: PhoneLedger,
  library: string,
  questions: ImportParts["questions"],
): Promise<boolean> {
  if (questions === null || ledger.choice("confirmed") !== null || plan.toImport.items === 0) return false;
  if (!(await questions.confirmFirstRun(plan, library === "" ? null : library))) {
    throw new RollcallError("DECLINED", {
      message: "Nothing was imported, as you chose.",
      remedy: "rollcall plan shows what would come; --since, --kind and --limit import less.",
    });
  }
  ledger.recordChoice("confirmed", "yes");
  return true;
}

/** The journal album pins the library: an event that failed may have failed for its absence. */
async function isLibrarySwitched(before: PhoneLedger, { photos, clock }: ImportParts): Promise<boolean> {
  const journalId = before.openRun()?.journalAlbumId;
  if (journalId == null) return false;
  return findAlbumConfirmed(photos, journalId, clock).then(
    (album) => album === null,
    () => false,
  );
}

function stoppedAnswering(error: PhotosEventError): RollcallError {
  return new RollcallError("PHOTOS_UNAVAILABLE", {
    message: "Photos stopped answering.",
    why: error.message,
    remedy:
      "Look at its window: a message there may wait for you. Then run the same command: it looks what arrived and goes on.",
    cause: error,
  });
}
