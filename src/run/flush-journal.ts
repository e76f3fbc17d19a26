import { findImported } from "../import/find-imported.js";
import { sentItemOf } from "../import/imported-item.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosItem } from "../photos/photos-item.js";
import type { NotAsSent } from "../receipt/receipt.js";
import { advise, VERIFY } from "../remedy.js";
import { lastName } from "../text/last-name.js";
import { verifyItems } from "../verify/verify-items.js";
import type { RunContext } from "./run-context.js";

/** A repair of the library between two reads is rare, and one between all of them is not a repair. */
const MOST_TRIES = 3;

/**
 * Reads the journal album once more, puts what is in it into "Last Import", compares, writes the verdicts,
 * and deletes it. Items that came late, after their batch was given up on, are recognised here, and so are
 * those that a repair of the library gave another id.
 * @param isLibraryOpen asked when the journal album is seen to be gone, and "Last Import" with it
 * @returns null where nothing was looked at
 */
export async function flushJournal(
  context: RunContext,
  isLibraryOpen: () => Promise<boolean> = async () => false,
): Promise<JournalOutcome | null> {
  const { journal, album, extraCopies, ledger, runId, clock, report } = context;
  const isSameLibrary = async () => (await album.isThereIfMade()) || (await isLibraryOpen());
  if (!journal.isOpen) {
    await extraCopies.gather();
    const wasClosing = ledger.albums.closingJournal(runId) !== null;
    await journal.close(isSameLibrary);
    if (wasClosing) await album.add([]); // Photos may have taken nothing of what was put in before
    return null;
  }
  report({ type: "settling", items: ledger.items.countOfRun(runId, "imported") });
  let { listed, strangers } = await readJournal(context);
  let { expected, length } = await album.add(listed.map(({ id }) => id));
  for (let tries = 1; length !== expected && tries < MOST_TRIES; tries += 1) {
    ({ listed, strangers } = await readJournal(context));
    ({ expected, length } = await album.add(listed.map(({ id }) => id)));
  }
  let albumIsNot: NotAsSent | null = null;
  if (length !== expected) {
    const message = `the album "Last Import" holds ${length === 1 ? "1 item" : `${length} items`} where ${expected} were put in${await difference(context)}`;
    albumIsNot = { code: "ALBUM_LENGTH", message, remedy: LOOK_AT_ALBUM };
    report({ type: "notice", code: albumIsNot.code, message });
  }
  const items = new Map<number, LedgerItem>();
  for (const { id } of listed) {
    const item = ledger.items.itemWithPhotosId(id);
    if (item !== undefined) items.set(item.id, item);
  }
  verifyItems([...items.values()], listed, { ledger, clock, albumEvidence: length === expected });
  await extraCopies.gather();
  if (expected > 0) report({ type: "album", name: "Last Import", length });
  report({ type: "verified", items: items.size });
  await journal.close(isSameLibrary);
  return { albumIsNot, strangers };
}

const LOOK_AT_ALBUM = advise`Look at the album in Photos: what is not in it is in the library all the same, if its answer says so. ${VERIFY} looks again.`;
const LOOK_AT_ITEMS =
  "Look for it in Photos under Recents or Imports: it came while this run did, and Rollcall deletes nothing.";

/** What was seen in the end. */
export interface JournalOutcome {
  /** Why the album is not what was put into it; null where it is. */
  readonly albumIsNot: NotAsSent | null;
  /** Items that nothing of ours explained so far: their bytes may do so yet. */
  readonly strangers: readonly PhotosItem[];
}

/** Of one run: the album as it was seen last, and all items that nothing explained. */
export function mergeOutcomes(
  before: JournalOutcome | null,
  now: JournalOutcome | null,
): JournalOutcome | null {
  if (before === null || now === null) return now ?? before;
  const known = new Set(now.strangers.map(({ id }) => id));
  return { ...now, strangers: [...before.strangers.filter(({ id }) => !known.has(id)), ...now.strangers] };
}

/** Judged at the very end, when every byte was looked for: where album and library are not as was sent. */
export function notAsSent(
  settled: JournalOutcome | null,
  { ledger, report }: Pick<RunContext, "ledger" | "report">,
): readonly NotAsSent[] {
  if (settled === null) return [];
  const { albumIsNot } = settled;
  const strangers = settled.strangers.filter(({ id }) => !ledger.items.isKnownPhotosId(id));
  if (strangers.length === 0) return albumIsNot === null ? [] : [albumIsNot];
  const what = strangers.length === 1 ? "1 item" : `${strangers.length} items`;
  const message = `Photos made ${what} that no file of this run explains, in the library and in no album: ${namesOf(strangers)}`;
  report({ type: "notice", code: "ITEMS_UNEXPLAINED", message });
  const unexplained: NotAsSent = { code: "ITEMS_UNEXPLAINED", message, remedy: LOOK_AT_ITEMS };
  return albumIsNot === null ? [unexplained] : [albumIsNot, unexplained];
}

/** Which photos the album lacks, and which nobody of this run put in: those may be a person's. */
async function difference({ album, ledger, runId }: RunContext): Promise<string> {
  const held = await album.contents();
  const heldIds = new Set(held.map(({ id }) => id));
  const ids = ledger.runs.photosIds(runId);
  const ours = new Set(ids);
  const lacking = ids.filter((id) => !heldIds.has(id)).map((id) => ({ filename: nameOfId(id, ledger) }));
  const added = held.filter(({ id }) => !ours.has(id));
  return [
    ...(lacking.length > 0 ? [`; not in it: ${namesOf(lacking)}`] : []),
    ...(added.length > 0 ? [`; not of this run: ${namesOf(added)}`] : []),
  ].join("");
}

function nameOfId(photosId: string, ledger: PhoneLedger): string {
  const files = ledger.items.itemWithPhotosId(photosId)?.files ?? [];
  return lastName(files.find((file) => file.photosId === photosId)?.path ?? photosId);
}

/** So many are named. */
const MOST_NAMED = 5;

function namesOf(photos: readonly { readonly filename: string }[]): string {
  const named = photos.slice(0, MOST_NAMED).map(({ filename }) => filename);
  return `${named.join(", ")}${photos.length > MOST_NAMED ? `, and ${photos.length - MOST_NAMED} more` : ""}`;
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
