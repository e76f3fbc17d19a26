import type { Clock } from "../clock.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { LibraryPackage } from "../photos/library-package.js";
import { judgeByOwnId } from "./judge-imported.js";
import { readKept } from "./proofs.js";
import { recordJudged } from "./record-judged.js";
import { NO_ROW, NOT_IN_LIBRARY_YET } from "./verdict-from-library.js";

/** What is said of an item that Photos gave an id before the library's database had its row. */
export const LATE_CODES: readonly string[] = [NO_ROW.code, NOT_IN_LIBRARY_YET.code];

/**
 * One more look at items that were late. Only what is whole now, by row and bytes, gets another answer: what is still
 * not there keeps the one it has.
 * @returns how many are whole now
 * @throws RollcallError STOPPED, LIBRARY_UNREADABLE
 */
export async function lookForLate(
  late: readonly LedgerItem[],
  library: LibraryPackage,
  options: { readonly ledger: PhoneLedger; readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const { signal } = options;
  const records = await library.openRecords(signal);
  if ("code" in records) return 0;
  await using _closed = records;
  const proofs = await readKept(late, library, { signal });
  const own = late.map((item) => judgeByOwnId(item, { records, proofs }));
  const whole = own.filter(({ isWrong, hasRow }) => hasRow && !isWrong).map(({ judged }) => judged);
  await recordJudged(whole, proofs, options);
  return whole.length;
}
