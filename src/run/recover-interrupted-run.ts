import { librarySwitched } from "../album/journal-album.js";
import { giveUpOpenBatches, reconcileOpenBatches } from "../import/reconcile-open-batches.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { flushJournal } from "./flush-journal.js";
import { libraryNow } from "./photos-destination.js";
import { libraryBytes } from "./resolve-unknown.js";
import { runContext, type SessionParts } from "./run-context.js";
import type { ImportRequest } from "./run-parts.js";

/** True when an interrupted run left something in Photos that has to be looked at before it goes on. */
export function needsRecovery(run: LedgerRun, ledger: PhoneLedger): boolean {
  return (
    run.journalAlbumId !== null ||
    ledger.batches.openBatches(run.id).length > 0 ||
    ledger.items.countOfRun(run.id, "sent") > 0 ||
    ledger.albums.pendingAlbum(run.id, "journal") !== null ||
    ledger.albums.closingJournal(run.id) !== null ||
    ledger.albums.pendingAlbum(run.id, "extra") !== null ||
    ledger.extraCopies.ofRun(run.id).some(({ album }) => album === null)
  );
}

/** Brings ledger, journal album and "Last Import" of an interrupted run in step, by looking. */
export async function recoverInterruptedRun(
  run: LedgerRun,
  ledger: PhoneLedger,
  parts: SessionParts,
  request: ImportRequest,
): Promise<void> {
  const context = runContext(run.id, ledger, parts, request);
  const { session, journal, album, extraCopies, clock, signal } = context;
  const isStillOpen = () => isSameLibrary(run, ledger, parts, request);
  if (await journal.isGone()) {
    if (!(await isStillOpen())) throw librarySwitched();
    giveUpOpenBatches({ ledger, clock, runId: run.id }); // a person deleted the album: nobody can look any more
    journal.forget();
    await album.add(ledger.runs.photosIds(run.id));
    await extraCopies.gather();
    return;
  }
  const bytes = await libraryBytes(ledger, parts);
  const deps = { session, journal, ledger, runId: run.id, clock, signal, bytes };
  await reconcileOpenBatches(session.runningBefore, deps);
  await flushJournal(context, isStillOpen);
}

/** The journal album is gone; another album of ours, or the library's path, tells whether the library is the same. */
async function isSameLibrary(
  run: LedgerRun,
  ledger: PhoneLedger,
  parts: SessionParts,
  request: ImportRequest,
): Promise<boolean> {
  for (const id of [run.album?.id, ...ledger.albums.ourAlbumIds()]) {
    if (id !== undefined && (await parts.session.askOnce.describeAlbum(id)) !== null) return true;
  }
  const library = await libraryNow(parts, request);
  return library !== null && library === ledger.destinationKey;
}
