import type { Clock } from "../clock.js";
import { recordExtraCopy } from "../import/record-outcome.js";
import type { LedgerFile } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { LibraryPackage, LibraryPackageRecords } from "../photos/library-package.js";
import { lastName } from "../text/last-name.js";
import { type FoundUnderOtherId, findUnderOtherId } from "./find-under-other-id.js";
import type { Judged } from "./judge-imported.js";
import { EDIT_KEPT_OTHERWISE, EDIT_NOT_KEPT } from "./verdict-from-library.js";

interface CameApartSources {
  readonly library: LibraryPackage;
  readonly records: LibraryPackageRecords;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const RENDERINGS: ReadonlySet<LedgerFile["role"]> = new Set(["edited", "edited-live-movie"]);
const NOT_AS_SUCH: ReadonlySet<string | undefined> = new Set([EDIT_KEPT_OTHERWISE, EDIT_NOT_KEPT]);

/**
 * Where the photo has not the bytes of its rendering, the same import may have made an item of its own of them, which no
 * script shows: hidden, or under no name. That is an extra copy, and the rendering did not come as the edit of its photo.
 * @returns what is left to be recorded of the item
 * @throws RollcallError STOPPED, LIBRARY_UNREADABLE
 */
export async function recordCameApart(judged: Judged, sources: CameApartSources): Promise<Judged> {
  const { ledger, runId, clock } = sources;
  const { item, verdicts } = judged;
  const renderings = item.files.filter(({ role }) => RENDERINGS.has(role));
  let isApart = false;
  for (const file of renderings) {
    if (!NOT_AS_SUCH.has(verdicts.get(file.path)?.reason?.code)) continue;
    const found = await itemOfItsOwn(file, sources);
    if (found === null) continue;
    isApart = true;
    const { photosId, record } = found;
    const photo = { id: photosId, filename: record.name ?? lastName(file.path), sizeBytes: record.sizeBytes };
    recordExtraCopy({ photo, ledgerId: item.id, path: file.path }, runId, { ledger, clock });
  }
  if (!isApart) return judged;
  const paths = new Set(renderings.map(({ path }) => path));
  return { ...judged, verdicts: new Map([...verdicts].filter(([path]) => !paths.has(path))) };
}

/** By every byte, among what came by the same import as its photo and is nothing known. */
async function itemOfItsOwn(
  file: LedgerFile,
  { library, records, ledger, signal }: CameApartSources,
): Promise<FoundUnderOtherId | null> {
  if (file.photosId === null) return null;
  const besideIt = new Set(records.idsImportedWith(file.photosId));
  const isWanted = (photosId: string) => besideIt.has(photosId) && !ledger.items.isKnownPhotosId(photosId);
  return await findUnderOtherId([file], { library, records }, { isWanted, signal });
}
