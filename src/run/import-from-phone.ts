import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { albumForSure } from "../album/album-for-sure.js";
import { ExtraCopiesAlbum } from "../album/extra-copies-album.js";
import { JournalAlbum, librarySwitched } from "../album/journal-album.js";
import { LastImportAlbum } from "../album/last-import-album.js";
import type { MediaItem } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import { importItems } from "../import/import-items.js";
import { LEFT_OUT } from "../import/imported-item.js";
import { patientPhotos } from "../import/patient-photos.js";
import type { PhotosMinder } from "../import/photos-minder.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import { makeFolder } from "../make-folder.js";
import type { KeptLibrary } from "../photos/kept-originals.js";
import { PhotosEventError } from "../photos/photos-library.js";
import { bytesOf, itemsByKey } from "../plan/decide.js";
import { filesToBring, type Plan } from "../plan/decision.js";
import { freeSpace, requireSpace } from "../plan/space-needed.js";
import { type Brought, ledgerIdsOf } from "../receipt/call-the-roll.js";
import { ReadAhead } from "../transfer/read-ahead.js";
import { StagedBytes } from "../transfer/staged-bytes.js";
import type { StagedItem, TransferOutcome } from "../transfer/staged-item.js";
import { removeEmptyRunFolder } from "../transfer/staging-folder.js";
import { transferItems } from "../transfer/transfer-items.js";
import { unfinishedBytes } from "../transfer/unfinished-copy.js";
import { explainWriteError } from "../transfer/write-errors.js";
import { editedBatches, tellExtraCopies } from "./edited-photos.js";
import { finishRun } from "./finish-run.js";
import { KnownInLibrary } from "./known-in-library.js";
import { lookAfterQuit } from "./look-after-quit.js";
import { lookForICloud } from "./look-for-icloud.js";
import { notApproved, rememberKey, requireKnownKey } from "./not-approved.js";
import { OpenPhotos } from "./open-photos.js";
import { withPicked } from "./picked.js";
import { pinLibrary } from "./pin-library.js";
import { planImport, readWholeCatalogue } from "./plan-for-phone.js";
import { openKept, proveRun } from "./prove-run.js";
import type { FinishedRun, ImportParts, ImportRequest } from "./run-parts.js";
import { needsSettling, settleInterrupted } from "./settle-interrupted.js";
import { notAsSent, type Settled, settledTogether, settleJournal } from "./settle-journal.js";
import { libraryBytes, settleLeftOver, settleUnknown } from "./settle-unknown.js";
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
  const { ledger, phone, questions, clock } = given;
  const startedAt = clock.now();
  if (asking.approvedOnly === true) requireKnownKey(given);
  const catalogue = await readWholeCatalogue(given, asking);
  const asked = await knownDestination(given, asking);
  const before = ledger.between(phone.identity, asked);
  if (asking.approvedOnly === true) requireApproval(before, given);
  await settleUnknown(before, given);
  rememberKey(before, given);

  const help = { questions, look: lookForICloud(given.originals, given.signal) };
  const { selection, plan: firstPlan } = await withPicked(asking, (wanted) =>
    planImport(catalogue, before, { ...asking, selection: wanted }, help),
  );
  const request = { ...asking, selection };
  const begun = before.openRun();
  const isNothingToDo = firstPlan.bring.items === 0 && (begun === null || !needsSettling(begun, before));
  if (isNothingToDo) {
    const ending = { between: before, plan: firstPlan, destination: asked, run: begun, brought: new Map() };
    await OpenPhotos.endLeftOpen(given);
    const liftedBy = begun === null ? undefined : await provedNow(begun.id, before, given);
    return finishRun(given, { ...ending, startedAt: begun?.startedAt ?? startedAt, liftedBy });
  }
  const isNewlyConfirmed = await confirmOnce(firstPlan, before, asked.key, questions);
  // macOS may ask about it: the sooner, the likelier is an answer before it is read.
  if (asked.key !== "") given.libraryAccess.touch(asked.key);

  const photos = await OpenPhotos.open(given, {
    mayRelaunch: request.mayRelaunch,
    isToEndFirst: begun !== null && before.batches.openBatches(begun.id).some(({ reply }) => reply === null),
  });
  const parts = { ...given, photos: photos.library };
  try {
    const destination = await pinLibrary(asked, before, parts, request);
    const between = ledger.between(phone.identity, destination);
    // Where Photos was closed the question could not name the library: the answer is for the one it opened.
    const isOfThis = asked.key === "" || asked.key === destination.key;
    if (isNewlyConfirmed && isOfThis) between.recordChoice("confirmed", "yes");
    rememberKey(between, parts);
    if (request.approvedOnly === true) requireApproval(between, parts);
    if (destination.key !== asked.key) await settleUnknown(between, parts);
    for (const identity of between.phonesCutOff()) {
      // What was being sent from another phone may be in: the same bytes may not come a second time.
      const theirs = ledger.between(identity, destination);
      const run = theirs.openRun();
      if (run !== null && needsSettling(run, theirs))
        await settleInterrupted(run, theirs, photos, parts, request);
    }
    const interrupted = between.openRun();
    const foundThen =
      interrupted === null ? null : await settleInterrupted(interrupted, between, photos, parts, request);
    const plan = await planImport(catalogue, between, request, help);
    // It may be another library than the one that was asked about, and then all may be new to it.
    await confirmOnce(plan, between, destination.key, questions);
    const ending = { between, plan, destination };
    if (plan.bring.items === 0 && interrupted === null)
      return await finishRun(parts, { ...ending, startedAt, run: null, brought: new Map() });

    await requireRoom(plan, destination.key, parts);
    const run = between.continueOrBeginRun(startedAt);
    const brought = await bring(
      plan,
      run,
      between,
      { library: destination.key, minder: photos, photosVersion: photos.version },
      parts,
      request,
    );
    const { kept: library } = brought;
    const liftedBy = (await photos.seenToEnd())
      ? await lookAfterQuit({ ...brought, runId: run.id, library }, between, parts)
      : brought.liftedBy;
    return await finishRun(parts, {
      ...ending,
      startedAt: run.startedAt,
      run,
      brought: brought.brought,
      liftedBy,
      notAsSent: notAsSent(settledTogether(foundThen, brought.settled), {
        ledger: between,
        report: parts.report,
      }),
    });
  } catch (error) {
    if (!(error instanceof PhotosEventError)) throw error;
    if (await isLibrarySwitched(before, parts)) throw librarySwitched();
    photos.leaveOpen(); // a message in its window may be what it waits for
    throw stoppedAnswering(error);
  } finally {
    await photos.leaveAsFound();
  }
}

/** What was brought by a run that was cut off at its very end. */
async function provedNow(runId: string, between: LedgerBetween, parts: ImportParts): Promise<string | null> {
  await using proof = proveRun(runId, between, await openKept(between, parts), parts);
  const liftedBy = await proof.finish();
  await removeEmptyRunFolder(join(parts.stagingFolder, runId));
  return liftedBy;
}

/** Copies, imports and reads what Photos kept, side by side; then the album, then the check. */
async function bring(
  plan: Plan,
  run: LedgerRun,
  between: LedgerBetween,
  {
    library,
    minder,
    photosVersion,
  }: { readonly library: string; readonly minder: PhotosMinder; readonly photosVersion: string },
  parts: ImportParts,
  request: ImportRequest,
): Promise<{
  brought: Map<string, Brought>;
  liftedBy: string | null;
  kept: KeptLibrary | null;
  settled: Settled | null;
}> {
  const { report, clock, signal, phone, stagingFolder } = parts;
  report({
    type: "begun",
    runId: run.id,
    isContinued: run.isContinued,
    items: plan.bring.items,
    bytes: plan.bring.bytes - bytesInStaging(plan),
    library: library === "" ? null : library,
  });
  const folder = join(stagingFolder, run.id);
  try {
    makeFolder(folder);
  } catch (error) {
    throw explainWriteError(error, folder);
  }
  const stagedBytes = new StagedBytes(request.stagedBytesLimit);
  const progress = { copied: 0, bytes: 0, imported: 0, inJournal: 0 };
  const brought = new Map<string, Brought>();
  // What Photos would not take before waits until everything else is in.
  const all = plan.decisions.filter((decision) => decision.action === "bring");
  const suspects = all.filter(({ because }) => because === "failed");
  const brings = [...all.filter(({ because }) => because !== "failed"), ...suspects];
  const suspectKeys = new Set(suspects.map(({ item }) => item.key));
  const changed = new Set(brings.filter(({ because }) => because === "changed").map(({ item }) => item.key));

  const kept = await openKept(between, parts);
  await nameLibrary(between.destinationKey, kept, parts);
  await using known = new KnownInLibrary(kept, between, { clock, signal });
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  setMaxListeners(0, either); // one for each read under way
  const transferred = transferItems(brings, {
    phone,
    ledger: between,
    runId: run.id,
    clock,
    folder,
    stagedBytes,
    edits: request.edits,
    onPhone: itemsByKey(plan.catalogue),
    recognise: (item, files) => known.originalOf(run.id, item, files),
    signal: either,
    onBytes: (count) => {
      progress.bytes += count;
      report({ type: "copied", items: progress.copied, bytes: progress.bytes });
    },
  });
  const keep = (item: MediaItem, outcome: Brought) => {
    brought.set(item.key, outcome);
    if (item.belongsTo === undefined) return;
    for (const { file } of item.files.slice(1)) brought.set(file.path, { ...outcome, part: item.key });
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
          : outcome.type === "twin"
            ? { ...outcome, newEdits: [] }
            : { ...outcome, ledgerId: outcome.entry.id };
      const isChanged = changed.has(item.key);
      const { leftBehind: reasons } = outcome;
      keep(item, {
        type: "in-ledger",
        ledgerId,
        newEdits,
        isChanged,
        ...(reasons && { reasons }),
      });
      if (outcome.type !== "staged") continue;
      if (await known.has(outcome.staged)) stagedBytes.giveBack(outcome.staged.sizeBytes);
      else yield outcome.staged;
    }
  };
  const ahead = new ReadAhead(
    staged(),
    READ_AHEAD_ITEMS,
    // What is copied goes into Photos while the rest waits for room, or for somebody to plug the phone in again.
    () => Promise.race([stagedBytes.whenBlocked(), ...(phone.whenAway ? [phone.whenAway()] : [])]),
    () => left.abort(),
  );

  const common = { ...parts, ledger: between, runId: run.id, minder };
  const patient = patientPhotos(parts.photos, minder, parts);
  const asked = { ...common, photos: patient };
  const journal = new JournalAlbum(asked);
  const album = new LastImportAlbum({ ...asked, journal, keepAlbums: request.keepAlbums });
  const extraCopies = new ExtraCopiesAlbum({ ...asked, journal });
  const edited = await editedBatches(kept, { ledger: between, runId: run.id, photosVersion }, parts, request);
  const batches = importItems(ahead, {
    ...common,
    patient,
    journal,
    edited,
    limits: request.batchLimits,
    isStarved: () => ahead.whenStarved(),
    isSuspect: ({ item }) => suspectKeys.has(item.key),
    onBatch: (batch) => report({ type: "importing", ...batch }),
    libraryBytes: () => libraryBytes(between, parts),
    onStaysPlain: () => report({ type: "notice", ...STAYS_PLAIN }),
  });
  let settled: Settled | null = null;
  const settle = async () => {
    const seen = await settleJournal({
      ...{ journal, album, extraCopies, ledger: between, runId: run.id, clock, report },
    });
    settled = settledTogether(settled, seen);
  };
  await using proof = proveRun(run.id, between, kept, parts);
  for await (const { batch, outcomes } of batches) {
    proof.add(outcomes.map(({ ledgerId }) => ledgerId));
    // Whether Photos makes copies at all is known, and said, before it is sent more.
    if (progress.imported === 0) await proof.caughtUp();
    for (const { sizeBytes } of batch) stagedBytes.giveBack(sizeBytes);
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
  tellExtraCopies(between.extraCopies.ofRun(run.id), report);
  const liftedBy = await proof.finish();
  // Also what turned out to be known only once it was copied; what this run brought is proved by itself.
  await known.recall(ledgerIdsOf(plan, brought), run.id);
  await settleLeftOver(run.id, between, parts);
  between.countRefusals(run.id, LEFT_OUT);
  await removeEmptyRunFolder(folder);
  if (lost !== null) throw lost;
  return { brought, liftedBy, kept: proof.readable, settled };
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
  const { bytes } = plan.bring;
  const atLibrary = library === "" ? null : await libraryAccess.freeSpace(library, signal);
  if (library !== "" && atLibrary === null) {
    const message = `How much space there is for ${library} could not be found out: its disk did not answer.`;
    report({ type: "notice", code: "LIBRARY_SPACE_UNKNOWN", message });
  }
  const here =
    bytesInStaging(plan) + (await unfinishedBytes(stagingFolder, phone.identity, filesToBring(plan)));
  const elsewhere = "put staging on another volume with ROLLCALL_STAGING";
  await requireSpace(
    [
      { what: "the staging folder", folder: stagingFolder, bytes: bytes - here, elsewhere },
      ...(atLibrary === null ? [] : [{ what: "the Photos library", folder: library, bytes }]),
    ],
    "bring less with --since or --limit",
    async (at) => (at === library && atLibrary !== null ? atLibrary : await freeSpace(at)),
  );
}

/** Items that an interrupted run left whole in staging are not copied again. */
function bytesInStaging(plan: Plan): number {
  return plan.decisions.reduce((sum, decision) => {
    const isStaged = decision.action === "bring" && /^(begun|failed)$/.test(decision.because);
    return isStaged ? sum + bytesOf(decision.item) : sum;
  }, 0);
}

/** @throws RollcallError PHONE_NOT_APPROVED, PHOTOS_LIBRARY_SWITCHED */
function requireApproval(between: LedgerBetween, { ledger, phone }: ImportParts): void {
  if (between.choice("confirmed") === "yes") return;
  const { udid, name } = phone.identity;
  if (ledger.isApproved(udid)) {
    throw new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
      message: `Photos has another library open than the one that ${name || "this iPhone"} was approved for.`,
      remedy:
        "Nothing was brought. Open the usual library, or run rollcall import in a terminal for this one: it asks.",
    });
  }
  throw notApproved(name);
}

/** @returns whether the person was asked now */
async function confirmOnce(
  plan: Plan,
  between: LedgerBetween,
  library: string,
  questions: ImportParts["questions"],
): Promise<boolean> {
  if (questions === null || between.choice("confirmed") !== null || plan.bring.items === 0) return false;
  if (!(await questions.confirmFirstRun(plan, library === "" ? null : library))) {
    throw new RollcallError("DECLINED", {
      message: "Nothing was imported, as you chose.",
      remedy: "rollcall plan shows what would come; --since, --kind and --limit bring less.",
    });
  }
  between.recordChoice("confirmed", "yes");
  return true;
}

/** The journal album pins the library: an event that failed may have failed for its absence. */
async function isLibrarySwitched(before: LedgerBetween, { photos, clock }: ImportParts): Promise<boolean> {
  const journalId = before.openRun()?.journalAlbumId;
  if (journalId == null) return false;
  return albumForSure(photos, journalId, clock).then(
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
