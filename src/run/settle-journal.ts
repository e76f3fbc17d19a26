import type { JournalAlbum } from "../album/journal-album.js";
import type { LastImportAlbum } from "../album/last-import-album.js";
import type { Clock } from "../clock.js";
import { lookForItems } from "../import/look-for-items.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import { verifyItems } from "../verify/verify-items.js";
import type { Report } from "./run-events.js";

/**
 * Reads the journal album once more, puts what is in it into "Last Import", compares, writes the verdicts,
 * and deletes it. Items that came late, after their batch was given up on, are recognised here.
 */
export async function settleJournal(parts: {
  readonly journal: JournalAlbum;
  readonly album: LastImportAlbum;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  readonly clock: Clock;
  readonly report: Report;
}): Promise<void> {
  const { journal, album, ledger, clock, report } = parts;
  const isSameLibrary = () => album.isThereIfMade();
  if (!journal.isOpen) return journal.close(isSameLibrary);
  const listed = await journal.contents();
  if (listed.some(({ id }) => !ledger.isKnownPhotosId(id))) await lookForItems([], parts);

  const items = new Map<number, LedgerItem>();
  for (const { id } of listed) {
    const item = ledger.itemWithPhotosId(id);
    if (item !== undefined) items.set(item.id, item);
  }
  const ours = listed.filter(({ id }) => ledger.isKnownPhotosId(id)).map(({ id }) => id);
  const { expected, length } = await album.add(ours);
  if (length !== expected) {
    const message = `the album "Last Import" holds ${length} items where ${expected} were put in`;
    report({ type: "notice", code: "ALBUM_LENGTH", message });
  }
  verifyItems([...items.values()], listed, { ledger, clock, albumEvidence: length === expected });
  if (expected > 0) report({ type: "album", name: "Last Import", length });
  report({ type: "verified", items: items.size });
  await journal.close(isSameLibrary);
}
