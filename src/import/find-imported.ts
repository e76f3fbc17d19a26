import type { Clock } from "../clock.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { type ImportReply, PhotosEventError } from "../photos/photos-library.js";
import { type ImportOutcome, LEFT_OUT, type SentItem, sentItemOf } from "./imported-item.js";
import type { Journal } from "./journal.js";
import { comparableName, type ExtraItem, matchImported } from "./match-imported.js";
import { recordExtraCopy, recordImported } from "./record-outcome.js";

/** What looking into the journal album found. */
export interface Lookup {
  /** Of the items looked for, and of earlier ones that came late. */
  readonly outcomes: ImportOutcome[];
  readonly absent: readonly SentItem[];
  /** Photos says that it imported more than was recognised: an absent item may be in under another name. */
  readonly mayBeThere: boolean;
  /** Ids of what the album shows, and nothing explains. */
  readonly unexplained: readonly string[];
  /** Extra copies that were seen for the first time. The ledger has them. */
  readonly extra: readonly ExtraItem[];
}

/** Photos may list an item a little after the event that imported it has answered. */
const LATE_LOOKS = 3;
const BETWEEN_LOOKS_MS = 1_000;

export interface LookupOptions {
  readonly journal: Journal;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly clock: Clock;
}

/**
 * Finds what the journal album holds of these items, and of those that an earlier event of the run carried
 * without a known end, and writes it down. Without a reply it looks once.
 * @param reply what the event answered. Items it returned that are not in the album are put there: older
 *   systems were seen to import without heeding `into`
 */
export async function findImported(
  items: readonly SentItem[],
  options: LookupOptions,
  reply?: ImportReply,
): Promise<Lookup> {
  const { journal, ledger, clock, runId } = options;
  const candidates = [...items, ...unresolvedItems(options, items)];
  for (let looked = 1; ; looked += 1) {
    const isFresh = ({ id }: PhotosItem) => !ledger.items.isKnownPhotosId(id);
    let listed = await journal.contents({ withoutSizes: true });
    let fresh = listed.filter(isFresh);
    let matched = matchImported(candidates, fresh);
    // Names tell nearly all apart; the size is read back of all when the album is settled.
    if (matched.leftOver.length > 0 || isNameTwice(candidates, fresh)) {
      listed = await journal.contents();
      fresh = listed.filter(isFresh);
      matched = matchImported(candidates, fresh);
    }
    const { idsByItem } = matched;
    const absent = items.filter(({ ledgerId }) => !idsByItem.has(ledgerId));
    if (absent.length === 0 || reply === undefined || looked >= LATE_LOOKS) {
      const photos = new Map(fresh.map((photo) => [photo.id, photo]));
      const { leftOver, late } = withoutLateExtra(matched.leftOver, options);
      const extra = [...matched.extra, ...late];
      const outcomes = ledger.together(() => {
        const recorded = candidates.flatMap((item) => {
          const ids = idsByItem.get(item.ledgerId);
          return ids === undefined ? [] : [recordImported(item, ids, photos, options)];
        });
        for (const one of extra) recordExtraCopy(one, runId, options);
        return recorded;
      });
      const mayBeThere = leftOver.length > 0 || repliedWithMore(reply, listed, fresh.length);
      const unexplained = leftOver.map(({ id }) => id);
      return { outcomes, absent, mayBeThere, unexplained, extra };
    }
    const notInto = notListed(reply, listed);
    if (notInto.length === 0 || !(await isAdded(notInto, journal))) await clock.wait(BETWEEN_LOOKS_MS);
  }
}

function isNameTwice(candidates: readonly SentItem[], fresh: readonly PhotosItem[]): boolean {
  const isTwice = (names: readonly string[]) => new Set(names.map(comparableName)).size < names.length;
  const sent = candidates.flatMap(({ files }) => files.map(({ name }) => name));
  return isTwice(sent) || isTwice(fresh.map(({ filename }) => filename));
}

/** What shows up after its item was settled: of the renderings of this run each name is known. */
function withoutLateExtra(
  leftOver: readonly PhotosItem[],
  { ledger, runId }: LookupOptions,
): { readonly leftOver: readonly PhotosItem[]; readonly late: readonly ExtraItem[] } {
  if (leftOver.length === 0) return { leftOver, late: [] };
  const renderings = ledger.items.renderingsOfRun(runId);
  const late = leftOver.flatMap((photo): ExtraItem[] => {
    const named = renderings.filter(({ name }) => comparableName(name) === comparableName(photo.filename));
    const fitting = named.length > 1 ? named.filter(({ sizeBytes }) => sizeBytes === photo.sizeBytes) : named;
    const [one] = fitting;
    return one === undefined || fitting.length > 1 ? [] : [{ photo, ledgerId: one.itemId, path: one.path }];
  });
  const isLate = (photo: PhotosItem) => late.some((one) => one.photo === photo);
  return { leftOver: leftOver.filter((photo) => !isLate(photo)), late };
}

/** Photos refuses an item that it hides from scripts; then it is looked for without. */
export async function isAdded(ids: readonly string[], journal: Journal): Promise<boolean> {
  try {
    await journal.add(ids);
    return true;
  } catch (error) {
    if (error instanceof PhotosEventError) return false;
    throw error;
  }
}

/** True when the event answered with items that nobody can see in the album: hidden ones, or no list at all. */
function repliedWithMore(
  reply: ImportReply | undefined,
  listed: readonly PhotosItem[],
  freshCount: number,
): boolean {
  if (reply === undefined) return false;
  if (reply.count === null || reply.count > freshCount) return true;
  return notListed(reply, listed).length > 0;
}

/** Items that the event answered with, and that are not in the album. */
function notListed(reply: ImportReply | undefined, listed: readonly PhotosItem[]): string[] {
  return (reply?.ids ?? []).filter((id) => !listed.some((photo) => photo.id === id));
}

/** Items of this run that an event carried and that were not seen in Photos so far. */
function unresolvedItems({ ledger, runId }: LookupOptions, besides: readonly SentItem[]): SentItem[] {
  const looked = new Set(besides.map(({ ledgerId }) => ledgerId));
  const wasSent = ({ state, files }: LedgerItem) =>
    state === "unknown" || files.some(({ reason }) => reason?.code === LEFT_OUT);
  return ledger.items
    .itemsOfRun(runId, "unknown", "failed")
    .filter((entry) => wasSent(entry) && !looked.has(entry.id))
    .map(sentItemOf);
}
