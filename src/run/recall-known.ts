import type { Clock } from "../clock.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { KeptAnswer, LedgerItem } from "../ledger/ledger-entry.js";
import { isLibraryTrouble, type KeptLibrary, type KeptRecords } from "../photos/kept-originals.js";
import { type CheckedItem, checkInLibrary } from "./check-in-library.js";

const ITEMS_AT_ONCE = 500;
/** Answers that say a photo is where it was brought. */
const GOOD: ReadonlySet<KeptAnswer> = new Set(["proved", "present"]);

interface RecallOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** {@link recallKnown} for all that was ever brought into this library, from whatever phone. */
export async function recallAll(
  between: LedgerBetween,
  library: KeptLibrary,
  options: RecallOptions,
): Promise<void> {
  const records = await library.openRecords(options.signal);
  if ("code" in records) return;
  await using _closed = records;
  await recallKnown(between.importedIds(), between, { library, records }, options);
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
  between: LedgerBetween,
  { library, records }: { readonly library: KeptLibrary; readonly records: KeptRecords },
  { clock, signal }: RecallOptions,
): Promise<number> {
  const lost: LedgerItem[] = [];
  try {
    for (const id of new Set(ids)) {
      const item = between.item(id);
      const isBelieved = item.files.some(({ answer }) => answer !== null && GOOD.has(answer));
      if (isBelieved && item.files.some((file) => isNotListed(file.photosId, records))) lost.push(item);
    }
    for (const some of withoutSamePaths(lost)) await lookFor(some, between, library, { clock, signal });
  } catch (error) {
    if (!isLibraryTrouble(error)) throw error;
  }
  return lost.length;
}

function isNotListed(photosId: string | null, records: KeptRecords): boolean {
  return photosId !== null && records.standingOf(photosId) !== "listed";
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
  between: LedgerBetween,
  library: KeptLibrary,
  { clock, signal }: RecallOptions,
): Promise<void> {
  const now = clock.now();
  const sources = { library, isItsLibrary: true, between, now, signal };
  const found = await checkInLibrary(items.map(answersOf), sources);
  between.recordFindings(
    items.flatMap((item) =>
      item.files.flatMap(({ path }) => {
        const today = found.get(path);
        if (today === undefined) return [];
        const { photosId, evidence, reason } = today;
        const answer = today.answer as KeptAnswer; // what was checked has one of these
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
