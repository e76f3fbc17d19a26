import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { JournalAlbum } from "../album/journal-album.js";
import { LastImportAlbum } from "../album/last-import-album.js";
import { RollcallError } from "../errors.js";
import { importItems } from "../import/import-items.js";
import { settleOpenBatches } from "../import/settle-open-batches.js";
import type { LedgerBetween } from "../ledger/ledger.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { Plan } from "../plan/decision.js";
import { requireSpace } from "../plan/space-needed.js";
import type { Brought } from "../receipt/call-the-roll.js";
import { ReadAhead } from "../transfer/read-ahead.js";
import { StagedBytes } from "../transfer/staged-bytes.js";
import type { StagedItem } from "../transfer/staged-item.js";
import { transferItems } from "../transfer/transfer-items.js";
import { finishRun } from "./finish-run.js";
import { OpenPhotos } from "./open-photos.js";
import { photosDestination, planImport, readWholeCatalogue } from "./plan-for-phone.js";
import type { FinishedRun, ImportParts, ImportRequest } from "./run-parts.js";
import { settleJournal } from "./settle-journal.js";

/** So many items the journal album takes before it is emptied into "Last Import". */
const JOURNAL_ITEMS = 500;
const READ_AHEAD_ITEMS = 5_000;

/**
 * The main job, on one page: phone, catalogue, plan, transfer, import, album, verify, receipt.
 * An interrupted run for the same phone and library is continued. With nothing new Photos is not started,
 * no event is sent, and the album of the run before stays as it is.
 * @throws RollcallError for whatever ends the run; what was done stays done, and the next run goes on
 */
export async function importFromPhone(parts: ImportParts, request: ImportRequest): Promise<FinishedRun> {
  const { ledger, phone, process, questions, clock } = parts;
  const startedAt = clock.now();
  const catalogue = await readWholeCatalogue(parts, request);
  const destination = await photosDestination(process, ledger, request);
  let between = ledger.between(phone.identity, destination);

  let photos: OpenPhotos | null = null;
  const interrupted = between.openRun();
  if (interrupted !== null && needsSettling(interrupted, between)) {
    photos = await OpenPhotos.open(parts, {
      launchedEarlier: between.launchedPhotos(interrupted.id),
      isToEndFirst: between.openBatches(interrupted.id).length > 0,
    });
    await settleInterrupted(interrupted, between, photos, parts, request);
  }

  let plan = await planImport(catalogue, between, request, questions);
  if (plan.bring.items === 0) {
    await photos?.leaveAsFound();
    const begun = interrupted?.startedAt ?? startedAt;
    return finishRun(parts, {
      startedAt: begun,
      between,
      plan,
      destination,
      run: interrupted,
      brought: new Map(),
    });
  }
  await confirmOnce(plan, between, destination.key, questions);

  photos ??= await OpenPhotos.open(parts, {
    launchedEarlier: interrupted === null ? null : between.launchedPhotos(interrupted.id),
  });
  const library = request.libraryPath ?? (await process.openLibrary()) ?? destination.key;
  if (library !== destination.key) {
    if (interrupted !== null) throw switched(destination.key, library);
    ledger.nameUnnamedLibrary(library);
    between = ledger.between(phone.identity, { kind: "photos", key: library });
    plan = await planImport(catalogue, between, request, questions);
  }
  const places = { ...destination, key: library };

  const run = between.continueOrBeginRun(startedAt);
  if (photos.launched !== null) between.recordLaunchedPhotos(run.id, photos.launched);
  const brought = await bring(plan, run, between, library, parts, request);
  await photos.leaveAsFound();
  return finishRun(parts, { startedAt: run.startedAt, between, plan, destination: places, run, brought });
}

/** Copies and imports side by side, then the album, then the check. */
async function bring(
  plan: Plan,
  run: LedgerRun,
  between: LedgerBetween,
  library: string,
  parts: ImportParts,
  request: ImportRequest,
): Promise<Map<string, Brought>> {
  const { report, clock, signal, phone, stagingFolder } = parts;
  const { items, bytes } = plan.bring;
  await requireSpace([
    { what: "the staging folder", folder: stagingFolder, bytes },
    ...(library === "" ? [] : [{ what: "the Photos library", folder: library, bytes }]),
  ]);
  report({
    type: "begun",
    runId: run.id,
    isContinued: run.isContinued,
    items,
    bytes,
    library: library === "" ? null : library,
  });

  const folder = join(stagingFolder, run.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stagedBytes = new StagedBytes(request.stagedBytesLimit);
  const progress = { copied: 0, bytes: 0, imported: 0, inJournal: 0 };
  const brought = new Map<string, Brought>();

  const transferred = transferItems(
    plan.decisions.filter((decision) => decision.action === "bring"),
    {
      phone,
      ledger: between,
      runId: run.id,
      folder,
      stagedBytes,
      edits: request.edits,
      signal,
      onBytes: (count) => {
        progress.bytes += count;
        report({ type: "copied", items: progress.copied, bytes: progress.bytes });
      },
    },
  );
  const staged = async function* (): AsyncGenerator<StagedItem> {
    for await (const outcome of transferred) {
      progress.copied += 1;
      report({ type: "copied", items: progress.copied, bytes: progress.bytes });
      if (outcome.type === "failed") {
        brought.set(outcome.item.key, { type: "failed", reasons: outcome.reasons });
        continue;
      }
      const { ledgerId, item, newEdits } =
        outcome.type === "staged"
          ? { ...outcome.staged, newEdits: [] }
          : outcome.type === "twin"
            ? { ...outcome, newEdits: [] }
            : { ...outcome, ledgerId: outcome.entry.id };
      brought.set(item.key, { type: "in-ledger", ledgerId, newEdits });
      if (outcome.type === "staged") yield outcome.staged;
    }
  };
  const ahead = new ReadAhead(staged(), READ_AHEAD_ITEMS, () => stagedBytes.whenBlocked());

  const journal = new JournalAlbum(parts.photos, between, run.id);
  const album = new LastImportAlbum({
    ...parts,
    ledger: between,
    runId: run.id,
    keepAlbums: request.keepAlbums,
  });
  const batches = importItems(ahead, {
    ...parts,
    ledger: between,
    runId: run.id,
    journal,
    limits: request.batchLimits,
    isStarved: () => ahead.whenStarved(),
    onBatch: (batch) => report({ type: "importing", items: batch.items }),
  });
  for await (const { batch, outcomes } of batches) {
    for (const { sizeBytes } of batch) stagedBytes.giveBack(sizeBytes);
    progress.imported += outcomes.length;
    progress.inJournal += outcomes.length;
    report({ type: "imported", items: progress.imported });
    if (progress.inJournal < JOURNAL_ITEMS) continue;
    await settleJournal({ journal, album, ledger: between, runId: run.id, clock, report });
    progress.inJournal = 0;
  }
  await settleJournal({ journal, album, ledger: between, runId: run.id, clock, report });
  return brought;
}

function needsSettling(run: LedgerRun, between: LedgerBetween): boolean {
  return (
    run.journalAlbumId !== null ||
    between.openBatches(run.id).length > 0 ||
    between.pendingAlbum(run.id, "journal") !== null ||
    between.closingJournal(run.id) !== null
  );
}

async function settleInterrupted(
  run: LedgerRun,
  between: LedgerBetween,
  { runningBefore }: OpenPhotos,
  parts: ImportParts,
  request: ImportRequest,
): Promise<void> {
  const journal = new JournalAlbum(parts.photos, between, run.id);
  const common = { ...parts, ledger: between, runId: run.id, journal };
  await settleOpenBatches(runningBefore, common);
  const album = new LastImportAlbum({ ...common, keepAlbums: request.keepAlbums });
  await settleJournal({ ...common, album });
}

async function confirmOnce(
  plan: Plan,
  between: LedgerBetween,
  library: string,
  questions: ImportParts["questions"],
): Promise<void> {
  if (questions === null || between.choice("confirmed") !== null || plan.bring.items === 0) return;
  if (!(await questions.confirmFirstRun(plan, library === "" ? null : library))) {
    throw new RollcallError("DECLINED", {
      message: "Nothing was brought: you said no.",
      remedy: "rollcall plan shows what would come; --since, --kind and --limit bring less.",
    });
  }
  between.recordChoice("confirmed", "yes");
}

function switched(expected: string, found: string): RollcallError {
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than the one this run began with.",
    why: `It began with ${expected || "a library Photos would not name"}; open is ${found}.`,
    remedy:
      "Open the first one (hold Option while Photos starts), then run the same command: it goes on where it stopped.",
  });
}
