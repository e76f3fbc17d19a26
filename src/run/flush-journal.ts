import { findImported } from "../import/find-imported.js";
import { sentItemOf } from "../import/imported-item.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { verifyItems } from "../verify/verify-items.js";
import { troubleOf } from "./not-as-sent.js";
import type { RunContext } from "./run-context.js";

/** A repair of the library between two reads is rare, and one between all of them is not a repair. */
const MOST_TRIES = 3;

/**
 * Reads the journal album once more, puts what is in it into "Last Import", compares, writes the verdicts,
 * and deletes it. Items that came late, after their batch was given up on, are recognised here, and so are
 * those that a repair of the library gave another id. What nothing of ours explains, and an album that is not as it
 * should be, go into the ledger: the receipt tells them.
 * @param isLibraryOpen asked when the journal album is seen to be gone, and "Last Import" with it
 */
export async function flushJournal(
  context: RunContext,
  isLibraryOpen: () => Promise<boolean> = async () => false,
): Promise<void> {
  const { journal, album, extraCopies, ledger, runId, clock, report } = context;
  const isSameLibrary = async () => (await album.isThereIfMade()) || (await isLibraryOpen());
  if (!journal.isOpen) {
    await extraCopies.gather();
    const wasClosing = ledger.albums.closingJournal(runId) !== null;
    await journal.close(isSameLibrary);
    // Photos may have taken nothing of what was put in before.
    if (wasClosing)
      ledger.albums.recordSeen(runId, { albumTrouble: await troubleOf(await album.add([]), context) });
    return;
  }
  report({ type: "settling", items: ledger.items.countOfRun(runId, "imported") });
  let { listed, strangers } = await readJournal(context);
  let { expected, length } = await album.add(listed.map(({ id }) => id));
  for (let tries = 1; length !== expected && tries < MOST_TRIES; tries += 1) {
    ({ listed, strangers } = await readJournal(context));
    ({ expected, length } = await album.add(listed.map(({ id }) => id)));
  }
  const albumTrouble = await troubleOf({ expected, length }, context);
  const items = new Map<number, LedgerItem>();
  for (const { id } of listed) {
    const item = ledger.items.itemWithPhotosId(id);
    if (item !== undefined) items.set(item.id, item);
  }
  verifyItems([...items.values()], listed, { ledger, clock, albumEvidence: length === expected });
  await extraCopies.gather();
  if (expected > 0) report({ type: "album", name: "Last Import", length });
  report({ type: "verified", items: items.size });
  ledger.albums.recordSeen(runId, { albumTrouble, unexplained: strangers });
  await journal.close(isSameLibrary);
}

/** What the journal album holds of ours, without extra copies, and what nothing of ours explains. */
interface JournalRead {
  readonly listed: PhotosItem[];
  readonly strangers: readonly PhotosItem[];
}

/** Whatever has an id in the journal album that the ledger does not know is looked into first. */
async function readJournal(context: RunContext): Promise<JournalRead> {
  const { journal, album, ledger, runId } = context;
  const listed = await journal.contents();
  const isKnown = ({ id }: PhotosItem) => ledger.items.isKnownPhotosId(id);
  const isPhoto = (photo: PhotosItem) => isKnown(photo) && !ledger.extraCopies.has(photo.id);
  if (listed.every(isKnown)) return { listed: listed.filter(isPhoto), strangers: [] };
  await findImported([], context);
  if (!listed.every(isKnown)) {
    const seen = new Set([...listed, ...(await album.contents())].map(({ id }) => id));
    const renamed = ledger.items
      .itemsOfRun(runId, "imported")
      .filter(({ files }) => !files.some(({ photosId }) => photosId !== null && seen.has(photosId)))
      .map((entry) =>
        sentItemOf({ ...entry, files: entry.files.filter(({ photosId }) => photosId !== null) }),
      );
    await findImported(renamed, context);
  }
  return { listed: listed.filter(isPhoto), strangers: listed.filter((photo) => !isKnown(photo)) };
}
