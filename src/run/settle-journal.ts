import type { ExtraCopiesAlbum } from "../album/extra-copies-album.js";
import type { JournalAlbum } from "../album/journal-album.js";
import type { LastImportAlbum } from "../album/last-import-album.js";
import type { Clock } from "../clock.js";
import { sentItemOf } from "../import/imported-item.js";
import { lookForItems } from "../import/look-for-items.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { verifyItems } from "../verify/verify-items.js";
import type { Report } from "./run-events.js";

/** A repair of the library between two reads is rare, and one between all of them is not a repair. */
const MOST_TRIES = 3;

interface SettleParts {
  readonly journal: JournalAlbum;
  readonly album: LastImportAlbum;
  readonly extraCopies: Pick<ExtraCopiesAlbum, "gather">;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  readonly clock: Clock;
  readonly report: Report;
  /** Asked when the journal album is seen to be gone, and "Last Import" with it. Never, unless given. */
  readonly isSameLibrary?: () => Promise<boolean>;
}

/**
 * Reads the journal album once more, puts what is in it into "Last Import", compares, writes the verdicts,
 * and deletes it. Items that came late, after their batch was given up on, are recognised here, and so are
 * those that a repair of the library gave another id.
 */
export async function settleJournal(parts: SettleParts): Promise<void> {
  const { journal, album, extraCopies, ledger, runId, clock, report } = parts;
  const isSameLibrary = async () => (await album.isThereIfMade()) || (await parts.isSameLibrary?.()) === true;
  if (!journal.isOpen) {
    await extraCopies.gather();
    const wasClosing = ledger.albums.closingJournal(runId) !== null;
    await journal.close(isSameLibrary);
    if (wasClosing) await album.add([]); // Photos may have taken nothing of what was put in before
    return;
  }
  report({ type: "settling", items: ledger.countOfRun(runId, "imported") });
  let listed = await readJournal(parts);
  let { expected, length } = await album.add(listed.map(({ id }) => id));
  for (let tries = 1; length !== expected && tries < MOST_TRIES; tries += 1) {
    listed = await readJournal(parts);
    ({ expected, length } = await album.add(listed.map(({ id }) => id)));
  }
  if (length !== expected) {
    const message = `the album "Last Import" holds ${length} items where ${expected} were put in`;
    report({ type: "notice", code: "ALBUM_LENGTH", message });
  }
  const items = new Map<number, LedgerItem>();
  for (const { id } of listed) {
    const item = ledger.itemWithPhotosId(id);
    if (item !== undefined) items.set(item.id, item);
  }
  verifyItems([...items.values()], listed, { ledger, clock, albumEvidence: length === expected });
  await extraCopies.gather();
  if (expected > 0) report({ type: "album", name: "Last Import", length });
  report({ type: "verified", items: items.size });
  await journal.close(isSameLibrary);
}

/** The photos that the journal album holds of ours, without extra copies. Whatever has an id there that the ledger does not know is looked into first. */
async function readJournal(parts: SettleParts): Promise<PhotosItem[]> {
  const { journal, album, ledger, runId } = parts;
  const listed = await journal.contents();
  const isKnown = ({ id }: PhotosItem) => ledger.isKnownPhotosId(id);
  const isPhoto = (photo: PhotosItem) => isKnown(photo) && !ledger.extraCopies.has(photo.id);
  if (listed.every(isKnown)) return listed.filter(isPhoto);
  await lookForItems([], parts);
  if (!listed.every(isKnown)) {
    const seen = new Set([...listed, ...(await album.contents())].map(({ id }) => id));
    const renamed = ledger
      .itemsOfRun(runId, "imported")
      .filter(({ files }) => !files.some(({ photosId }) => photosId !== null && seen.has(photosId)))
      .map((entry) =>
        sentItemOf({ ...entry, files: entry.files.filter(({ photosId }) => photosId !== null) }),
      );
    await lookForItems(renamed, parts);
  }
  return listed.filter(isPhoto);
}
