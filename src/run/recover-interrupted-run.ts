import { ExtraCopiesAlbum } from "../album/extra-copies-album.js";
import { JournalAlbum, librarySwitched } from "../album/journal-album.js";
import { LastImportAlbum } from "../album/last-import-album.js";
import { giveUpOpenBatches, reconcileOpenBatches } from "../import/reconcile-open-batches.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosSession } from "../session/photos-session.js";
import { retryingPhotos } from "../session/retrying-photos.js";
import { flushJournal, type JournalOutcome } from "./flush-journal.js";
import { libraryNow } from "./photos-destination.js";
import { libraryBytes } from "./resolve-unknown.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

/** True when an interrupted run left something in Photos that has to be looked at before it goes on. */
export function needsRecovery(run: LedgerRun, ledger: PhoneLedger): boolean {
  return (
    run.journalAlbumId !== null ||
    ledger.batches.openBatches(run.id).length > 0 ||
    ledger.countOfRun(run.id, "sent") > 0 ||
    ledger.albums.pendingAlbum(run.id, "journal") !== null ||
    ledger.albums.closingJournal(run.id) !== null ||
    ledger.albums.pendingAlbum(run.id, "extra") !== null ||
    ledger.extraCopies.ofRun(run.id).some(({ album }) => album === null)
  );
}

/**
 * Imports ledger, journal album and "Last Import" of an interrupted run in step, by looking.
 * @returns what was seen; null where nothing was looked at
 */
export async function recoverInterruptedRun(
  run: LedgerRun,
  ledger: PhoneLedger,
  supervisor: PhotosSession,
  parts: ImportParts,
  request: ImportRequest,
): Promise<JournalOutcome | null> {
  const common = { ...parts, ledger: ledger, runId: run.id, supervisor };
  const retrying = retryingPhotos(parts.photos, supervisor, parts);
  const asked = { ...common, photos: retrying };
  const journal = new JournalAlbum(asked);
  const album = new LastImportAlbum({ ...asked, journal, keepAlbums: request.keepAlbums });
  const extraCopies = new ExtraCopiesAlbum({ ...asked, journal });
  const isStillOpen = () => isSameLibrary(run, ledger, parts, request);
  if (await journal.isGone()) {
    if (!(await isStillOpen())) throw librarySwitched();
    giveUpOpenBatches(common); // a person deleted the album: nobody can look any more
    journal.forget();
    await album.add(ledger.photosIdsOfRun(run.id));
    await extraCopies.gather();
    return null;
  }
  const bytes = await libraryBytes(ledger, parts);
  await reconcileOpenBatches(supervisor.runningBefore, { ...common, retrying, journal, bytes });
  return await flushJournal({ ...common, journal, album, extraCopies, isSameLibrary: isStillOpen });
}

/** The journal album is gone; another album of ours, or the library's path, tells whether the library is the same. */
async function isSameLibrary(
  run: LedgerRun,
  ledger: PhoneLedger,
  parts: ImportParts,
  request: ImportRequest,
): Promise<boolean> {
  for (const id of [run.album?.id, ...ledger.albums.ourAlbumIds()]) {
    if (id !== undefined && (await parts.photos.describeAlbum(id)) !== null) return true;
  }
  const library = await libraryNow(parts, request);
  return library !== null && library === ledger.destinationKey;
}
