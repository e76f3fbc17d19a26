import { setImmediate as letOthersRun } from "node:timers/promises";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { LibraryPackage, LibraryPackageFile, LibraryPackageRecords } from "../photos/library-package.js";

/** A library is listed once for so many items. */
const ITEMS_AT_ONCE = 2_000;

/**
 * Items of a run whose row, or a file that was read or seen there, is not in the library any more. Reads the names and
 * lengths of files and no byte of them.
 * @returns their ids in the ledger
 * @throws RollcallError LIBRARY_UNREADABLE, STOPPED
 */
export async function lostSince(
  runId: string,
  {
    library,
    ledger,
    signal,
  }: {
    readonly library: LibraryPackage;
    readonly ledger: PhoneLedger;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<number[]> {
  const opened = await library.openRecords(signal);
  const records = "code" in opened ? null : opened;
  const lost: number[] = [];
  try {
    const ids = ledger.items.itemIdsOfRun(runId, "imported");
    for (let at = 0; at < ids.length; at += ITEMS_AT_ONCE) {
      await letOthersRun();
      const items = ids.slice(at, at + ITEMS_AT_ONCE).map((id) => ledger.items.get(id));
      const libraryFiles = library.filesOf(
        items.flatMap(({ files }) => files.flatMap(({ photosId }) => photosId ?? [])),
      );
      for (const item of items) if (isLost(item, records, libraryFiles)) lost.push(item.id);
    }
  } finally {
    await records?.[Symbol.asyncDispose]();
  }
  return lost;
}

function isLost(
  { files }: LedgerItem,
  records: LibraryPackageRecords | null,
  libraryFiles: ReadonlyMap<string, readonly LibraryPackageFile[]>,
): boolean {
  const wasSeen = ({ answer, evidence }: LedgerFile) =>
    answer === "proved" || (answer === "present" && evidence.includes("database"));
  return files.some((file) => {
    const { photosId, sizeBytes, answer } = file;
    if (photosId === null || !wasSeen(file)) return false;
    if (records !== null && records.find(photosId) === null) return true;
    return (
      answer === "proved" &&
      !libraryFiles.get(photosId)?.some((one) => one.sizeBytes === sizeBytes && !one.isAmongShared)
    );
  });
}
