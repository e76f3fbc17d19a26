import { setImmediate as letOthersRun } from "node:timers/promises";
import type { Clock } from "../clock.js";
import { stopped } from "../errors.js";
import type { LedgerItem, StoredAnswer } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import {
  isLibraryTrouble,
  type LibraryPackage,
  type LibraryPackageRecords,
} from "../photos/library-package.js";
import { type CheckedItem, checkInLibrary } from "./check-in-library.js";

const ITEMS_AT_ONCE = 500;
/** So many are held against the database before others run, and a stop is heard. */
const IDS_AT_ONCE = 2_000;

interface RecallOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** What this run imported is not looked at. */
  readonly exceptRun?: string | undefined;
}

/** {@link recallKnown} for all that was ever imported into this library, from whatever phone. */
export async function recallAll(
  ledger: PhoneLedger,
  library: LibraryPackage,
  options: RecallOptions,
): Promise<void> {
  const records = await library.openRecords(options.signal);
  if ("code" in records) return;
  await using _closed = records;
  await recallKnown(ledger.items.importedIds(), ledger, { library, records }, options);
}

/**
 * What the ledger believes to be in a library, held against the library's database: a proof of last month is not said
 * again of what the database does not list today. Such a photo is looked for by its bytes; the ledger then has what
 * was found. What the database lists keeps the answer and the date that it had.
 * @param ids of items in the ledger
 * @returns how many were not as they were believed to be
 * @throws RollcallError STOPPED
 */
export async function recallKnown(
  ids: Iterable<number>,
  ledger: PhoneLedger,
  { library, records }: { readonly library: LibraryPackage; readonly records: LibraryPackageRecords },
  { clock, signal, exceptRun }: RecallOptions,
): Promise<number> {
  const lost: LedgerItem[] = [];
  const all = [...new Set(ids)];
  try {
    for (let at = 0; at < all.length; at += IDS_AT_ONCE) {
      await letOthersRun();
      if (signal?.aborted) throw stopped(signal);
      const believed = ledger.items.photosIdsBelieved(all.slice(at, at + IDS_AT_ONCE), exceptRun ?? null);
      const absent = believed.filter(({ photosId }) => records.standingOf(photosId) !== "listed");
      for (const id of new Set(absent.map(({ itemId }) => itemId))) lost.push(ledger.items.get(id));
    }
    for (const some of withoutSamePaths(lost)) await lookFor(some, ledger, library, { clock, signal });
  } catch (error) {
    if (!isLibraryTrouble(error)) throw error;
  }
  return lost.length;
}

/** Answers are told apart by their paths, and two phones may have the same ones. */
function* withoutSamePaths(items: readonly LedgerItem[]): Generator<readonly LedgerItem[]> {
  let some: LedgerItem[] = [];
  let paths = new Set<string>();
  for (const item of items) {
    if (some.length >= ITEMS_AT_ONCE || item.files.some(({ path }) => paths.has(path))) {
      yield some;
      some = [];
      paths = new Set();
    }
    some.push(item);
    for (const { path } of item.files) paths.add(path);
  }
  if (some.length > 0) yield some;
}

async function lookFor(
  items: readonly LedgerItem[],
  ledger: PhoneLedger,
  library: LibraryPackage,
  { clock, signal }: RecallOptions,
): Promise<void> {
  const now = clock.now();
  const sources = { library, isItsLibrary: true, ledger, now, signal };
  const { today: found } = await checkInLibrary(items.map(answersOf), sources);
  ledger.findings.recordFindings(
    items.flatMap((item) =>
      item.files.flatMap(({ path }) => {
        const today = found.get(path);
        if (today === undefined) return [];
        const { photosId, evidence, reason } = today;
        const answer = today.answer as StoredAnswer; // what was checked has one of these
        return [{ itemId: item.id, finding: { path, photosId, answer, evidence, reason, checkedAt: now } }];
      }),
    ),
  );
}

/** The files of an item that have an id in Photos. */
function answersOf(item: LedgerItem): CheckedItem {
  return item.files.flatMap(({ path, sizeBytes, sha256, photosId, answer, evidence, reason }) => {
    if (photosId === null || answer === null) return [];
    const known = { path, sizeBytes, sha256, photosId, answer, evidence, reason };
    return [{ ...known, item: item.key, thisRun: false, modifiedAt: null, checkedAt: null }];
  });
}
