import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { importItems } from "../import/import-items.js";
import { type ImportOutcome, LEFT_OUT } from "../import/imported-item.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { makeFolder } from "../make-folder.js";
import type { LibraryPackage } from "../photos/library-package.js";
import { itemsByKey } from "../plan/decide.js";
import type { Plan } from "../plan/decision.js";
import { type Imported, ledgerIdsOf } from "../receipt/call-the-roll.js";
import type { Remedy } from "../remedy.js";
import { ByteBudget } from "../transfer/byte-budget.js";
import { ReadAhead } from "../transfer/read-ahead.js";
import { removeEmptyRunFolder } from "../transfer/staging-folder.js";
import { transferItems } from "../transfer/transfer-items.js";
import { explainWriteError } from "../transfer/write-errors.js";
import { editedBatches, reportExtraCopies } from "./edited-photos.js";
import { flushJournal } from "./flush-journal.js";
import { LibraryDuplicates } from "./library-duplicates.js";
import { openLibraryPackage, proveRun } from "./prove-run.js";
import { libraryBytes, resolveLeftOver } from "./resolve-unknown.js";
import { bytesInStaging } from "./room-for-import.js";
import { type RunContext, runContext, type SessionParts } from "./run-context.js";
import type { ImportRequest } from "./run-parts.js";
import { StagedForImport } from "./staged-for-import.js";
import { nameLibrary } from "./which-library.js";

/** So many items the journal album takes before it is emptied into "Last Import". */
const JOURNAL_ITEMS = 500;
const READ_AHEAD_ITEMS = 5_000;
const STAYS_PLAIN = {
  code: "PLAIN_IMPORTS",
  message:
    "Photos did nothing with an import event that may take long, and took the same video by the ordinary one: this run " +
    "sends only ordinary ones, and waits for what takes longer than their two minutes by looking",
} as const;

/** What copying and importing came to. */
interface CopiedAndImported {
  /** By item, and by file where a file is an item of its own. */
  readonly imported: ReadonlyMap<string, Imported>;
  /** What would take the evidence further; null where nothing would. */
  readonly liftedBy: Remedy | null;
  /** Null where it may not be read. */
  readonly libraryPackage: LibraryPackage | null;
}

/**
 * Copies, imports and reads what Photos kept, side by side; then the album, then the check.
 * @throws RollcallError why the phone was lost, after everything that was copied before is in
 */
export async function copyAndImport(
  plan: Plan,
  run: LedgerRun,
  ledger: PhoneLedger,
  parts: SessionParts,
  request: ImportRequest,
): Promise<CopiedAndImported> {
  const { session, clock, report, signal, phone, stagingFolder } = parts;
  report({
    type: "begun",
    runId: run.id,
    isContinued: run.isContinued,
    items: plan.toImport.items,
    bytes: plan.toImport.bytes - bytesInStaging(plan),
    library: ledger.destinationKey === "" ? null : ledger.destinationKey,
  });
  const folder = makeRunFolder(stagingFolder, run.id);
  const library = await openLibraryPackage(ledger, parts);
  await nameLibrary(ledger.destinationKey, library, parts);
  await using known = new LibraryDuplicates(library, ledger, { clock, signal });
  const byteBudget = new ByteBudget(request.stagedBytesLimit);
  const { toImport, failedKeys, changedKeys } = inOrder(plan);
  const abandoned = new AbortController();
  const stop = signal === undefined ? abandoned.signal : AbortSignal.any([signal, abandoned.signal]);
  setMaxListeners(0, stop); // one for each read under way
  const staged = new StagedForImport({
    transfer: (onBytes) =>
      transferItems(toImport, {
        phone,
        ledger,
        runId: run.id,
        clock,
        folder,
        byteBudget,
        edits: request.edits,
        onPhone: itemsByKey(plan.catalogue),
        recognise: (item, files) => known.originalOf(run.id, item, files),
        signal: stop,
        onBytes,
      }),
    changed: changedKeys,
    known,
    byteBudget,
    report,
    reportItem: parts.reportItem ?? (() => {}),
  });
  const ahead = new ReadAhead(
    staged.items(),
    READ_AHEAD_ITEMS,
    // What is copied goes into Photos while the rest waits for room, or for somebody to plug the phone in again.
    () => Promise.race([byteBudget.whenBlocked(), ...(phone.whenAway ? [phone.whenAway()] : [])]),
    () => abandoned.abort(),
  );

  const context = runContext(run.id, ledger, parts, request);
  const opened = { ledger, runId: run.id, photosVersion: session.version };
  const edited = await editedBatches(library, opened, parts, request);
  const batches = importItems(ahead, {
    session,
    process: parts.process,
    journal: context.journal,
    ledger,
    runId: run.id,
    clock,
    signal,
    limits: request.batchLimits,
    edited,
    isStarved: () => ahead.whenStarved(),
    failedBefore: ({ item }) => failedKeys.has(item.key),
    onBatch: (batch) => report({ type: "importing", ...batch }),
    libraryBytes: () => libraryBytes(ledger, parts),
    onStaysPlain: () => report({ type: "notice", ...STAYS_PLAIN }),
  });
  const journal = new JournalFlushes(context);
  await using proof = proveRun(run.id, ledger, library, parts, (id) => staged.reportItem(id, "proved"));
  let importedItems = 0;
  for await (const { batch, outcomes } of batches) {
    reportOutcomes(outcomes, staged, ledger);
    proof.add(outcomes.map(({ ledgerId }) => ledgerId));
    // Whether Photos makes copies at all is known, and said, before it is sent more.
    if (importedItems === 0) await proof.caughtUp();
    for (const { sizeBytes } of batch) byteBudget.release(sizeBytes);
    importedItems += batch.length;
    report({ type: "imported", items: importedItems });
    if (await journal.took(batch.length)) await edited.lookBack();
  }
  await journal.flush();
  const liftedBy = await proof.finish();
  // The library's bytes may have shown some that no script did.
  await edited.lookBack();
  reportExtraCopies(ledger.extraCopies.ofRun(run.id), report);
  // Also what turned out to be known only once it was copied; what this run imported is proved by itself.
  await known.recall(ledgerIdsOf(plan, staged.imported), run.id);
  await resolveLeftOver(run.id, ledger, parts);
  ledger.findings.countRefusals(run.id, LEFT_OUT);
  await removeEmptyRunFolder(folder);
  if (staged.lost !== null) throw staged.lost;
  return { imported: staged.imported, liftedBy, libraryPackage: proof.readable };
}

/** What is not known is told by the receipt alone. */
function reportOutcomes(
  outcomes: readonly ImportOutcome[],
  staged: StagedForImport,
  ledger: PhoneLedger,
): void {
  for (const { ledgerId, state } of outcomes) {
    if (state === "imported") staged.reportItem(ledgerId, "imported");
    if (state !== "failed") continue;
    const { files } = ledger.items.get(ledgerId);
    const reason = files.find((file) => file.reason !== null)?.reason?.message ?? null;
    staged.reportItem(ledgerId, "failed", reason);
  }
}

/** @throws RollcallError FOLDER_NOT_WRITABLE, DISK_FULL */
function makeRunFolder(stagingFolder: string, runId: string): string {
  const folder = join(stagingFolder, runId);
  try {
    makeFolder(folder);
  } catch (error) {
    throw explainWriteError(error, folder);
  }
  return folder;
}

/** What Photos would not take before waits until everything else is in. */
function inOrder({ decisions }: Plan) {
  const all = decisions.filter((decision) => decision.action === "import");
  const retries = all.filter(({ cause }) => cause === "failed");
  const keysOf = (some: typeof all): ReadonlySet<string> => new Set(some.map(({ item }) => item.key));
  return {
    toImport: [...all.filter(({ cause }) => cause !== "failed"), ...retries],
    failedKeys: keysOf(retries),
    changedKeys: keysOf(all.filter(({ cause }) => cause === "changed")),
  };
}

/** Empties the journal album every few hundred items, so that no look at it grows with the run. */
class JournalFlushes {
  readonly #context: RunContext;
  #items = 0;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** @returns whether it was emptied now */
  async took(items: number): Promise<boolean> {
    this.#items += items;
    if (this.#items < JOURNAL_ITEMS) return false;
    await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    await flushJournal(this.#context);
    this.#items = 0;
  }
}
