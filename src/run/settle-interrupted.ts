import { ExtraCopiesAlbum } from "../album/extra-copies-album.js";
import { JournalAlbum, librarySwitched } from "../album/journal-album.js";
import { LastImportAlbum } from "../album/last-import-album.js";
import { patientPhotos } from "../import/patient-photos.js";
import { giveUpOpenBatches, settleOpenBatches } from "../import/settle-open-batches.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { LedgerRun } from "../ledger/ledger-entry.js";
import type { OpenPhotos } from "./open-photos.js";
import { libraryNow } from "./photos-destination.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";
import { type Settled, settleJournal } from "./settle-journal.js";
import { libraryBytes } from "./settle-unknown.js";

/** True when an interrupted run left something in Photos that has to be looked at before it goes on. */
export function needsSettling(run: LedgerRun, between: LedgerBetween): boolean {
  return (
    run.journalAlbumId !== null ||
    between.batches.openBatches(run.id).length > 0 ||
    between.countOfRun(run.id, "sent") > 0 ||
    between.albums.pendingAlbum(run.id, "journal") !== null ||
    between.albums.closingJournal(run.id) !== null ||
    between.albums.pendingAlbum(run.id, "extra") !== null ||
    between.extraCopies.ofRun(run.id).some(({ album }) => album === null)
  );
}

/**
 * Brings ledger, journal album and "Last Import" of an interrupted run in step, by looking.
 * @returns what was seen; null where nothing was looked at
 */
export async function settleInterrupted(
  run: LedgerRun,
  between: LedgerBetween,
  minder: OpenPhotos,
  parts: ImportParts,
  request: ImportRequest,
): Promise<Settled | null> {
  const common = { ...parts, ledger: between, runId: run.id, minder };
  const patient = patientPhotos(parts.photos, minder, parts);
  const asked = { ...common, photos: patient };
  const journal = new JournalAlbum(asked);
  const album = new LastImportAlbum({ ...asked, journal, keepAlbums: request.keepAlbums });
  const extraCopies = new ExtraCopiesAlbum({ ...asked, journal });
  const isStillOpen = () => isSameLibrary(run, between, parts, request);
  if (await journal.isGone()) {
    if (!(await isStillOpen())) throw librarySwitched();
    giveUpOpenBatches(common); // a person deleted the album: nobody can look any more
    journal.forget();
    await album.add(between.photosIdsOfRun(run.id));
    await extraCopies.gather();
    return null;
  }
  const bytes = await libraryBytes(between, parts);
  await settleOpenBatches(minder.runningBefore, { ...common, patient, journal, bytes });
  return await settleJournal({ ...common, journal, album, extraCopies, isSameLibrary: isStillOpen });
}

/** The journal album is gone; another album of ours, or the library's path, tells whether the library is the same. */
async function isSameLibrary(
  run: LedgerRun,
  between: LedgerBetween,
  parts: ImportParts,
  request: ImportRequest,
): Promise<boolean> {
  for (const id of [run.album?.id, ...between.albums.ourAlbumIds()]) {
    if (id !== undefined && (await parts.photos.describeAlbum(id)) !== null) return true;
  }
  const library = await libraryNow(parts, request);
  return library !== null && library === between.destinationKey;
}
