import { ORIGINAL_ROLES } from "../catalogue/file-roles.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type {
  LibraryPackage,
  LibraryPackageRecord,
  LibraryPackageRecords,
} from "../photos/library-package.js";
import type { WantedFile } from "./compare-bytes.js";
import { findUnderOtherId, isNotLiving, verdictsElsewhere } from "./find-under-other-id.js";
import { type Proofs, verdictsOf, wantedOf } from "./proofs.js";
import {
  type LibraryVerdict,
  NO_LONGER_PROVED,
  NO_ROW,
  NOT_IN_LIBRARY,
  NOT_IN_LIBRARY_YET,
  verdictFromLibrary,
} from "./verdict-from-library.js";

export interface Judged {
  readonly item: LedgerItem;
  /** By path on the phone. */
  readonly verdicts: ReadonlyMap<string, LibraryVerdict>;
  /** By path, where another item of the library holds it. */
  readonly movedTo?: ReadonlyMap<string, string>;
}

interface JudgingSources {
  readonly library: LibraryPackage;
  readonly records: LibraryPackageRecords | null;
  readonly proofs: Proofs;
  readonly ledger: PhoneLedger;
  readonly signal: AbortSignal;
}

/**
 * What the library says of an item that Photos gave an id, as far as its own id goes.
 * @returns `isWrong`: a part is not there as it was imported. `mayStillCome`: its row, its file or the rest of a large
 *   one is not there yet
 */
export function judgeByOwnId(
  item: LedgerItem,
  { records, proofs }: Pick<JudgingSources, "records" | "proofs">,
): {
  readonly judged: Judged;
  readonly isWrong: boolean;
  readonly mayStillCome: boolean;
  readonly hasRow: boolean;
} {
  const rows = new Map<string, LibraryPackageRecord | null>();
  for (const { photosId } of item.files)
    if (photosId !== null && records !== null) rows.set(photosId, records.find(photosId));
  const isRowless = [...rows.values()].includes(null);
  const verdicts = isRowless
    ? new Map(wantedOf(item).map(({ path }) => [path, NO_ROW_VERDICT]))
    : verdictsOf(
        item,
        proofs,
        (file, proof) =>
          verdictFromLibrary(file, proof, rows.get(file.photosId) ?? null) ?? noLongerProved(item, file),
      );
  const mayStillCome = ({ path, role }: LedgerFile) =>
    ORIGINAL_ROLES.has(role) && WRONG.has(verdicts.get(path)?.answer ?? "");
  return {
    judged: { item, verdicts },
    isWrong: [...verdicts.values()].some(({ answer }) => WRONG.has(answer)),
    mayStillCome: item.files.some(mayStillCome),
    hasRow: rows.size > 0 && !isRowless,
  };
}

/**
 * Where what lies under the own id is not the living original, its bytes may be under another: a repair gave it that,
 * or a person kept a duplicate and not this one.
 * @param own by {@link judgeByOwnId}
 * @returns "not-there" where its row is nowhere: whether that means anything the caller knows
 */
export async function judgeElsewhere(
  own: { readonly judged: Judged; readonly hasRow: boolean },
  { library, records, proofs, ledger, signal }: JudgingSources,
): Promise<Judged | "not-there"> {
  const { item, verdicts } = own.judged;
  if (records === null || !isNotLiving(item.files, verdicts)) return own.judged;
  const wanted = wantedOf(item);
  const sought = wanted.map((file) => ({
    ...file,
    fingerprint: item.files.find(({ path }) => path === file.path)?.fingerprint ?? null,
  }));
  const found = await findUnderOtherId(
    sought,
    { library, records },
    {
      mustHave: ({ role }) => ORIGINAL_ROLES.has(role),
      isWanted: (photosId) => !ledger.items.isKnownPhotosId(photosId),
      signal,
    },
  );
  if (found !== null) {
    const ownVerdicts = new Map<string, { verdict: LibraryVerdict; photosId: string }>();
    if (own.hasRow)
      for (const { path, photosId } of wanted) {
        const verdict = verdicts.get(path);
        if (verdict !== undefined) ownVerdicts.set(path, { verdict, photosId });
      }
    const moved = verdictsElsewhere(sought, found, ownVerdicts);
    return {
      item,
      verdicts: new Map([...moved].map(([path, { verdict }]) => [path, verdict])),
      movedTo: new Map([...moved].map(([path, { photosId }]) => [path, photosId])),
    };
  }
  if (own.hasRow) return own.judged;
  const isRead = ({ path, photosId, answer }: LedgerFile) =>
    photosId === null || answer === "proved" || proofs.of(item.id, path)?.kind === "proved";
  // Proved in a run that was killed since: under this id its files may be gone.
  const isHere = [...library.filesOf(wanted.map(({ photosId }) => photosId)).values()].flat().length > 0;
  return isHere && item.files.every(isRead) ? own.judged : "not-there";
}

/** Its bytes were read before, are not there as they were, and no database could be read that would say why. */
function noLongerProved({ files }: LedgerItem, { path }: WantedFile): LibraryVerdict | null {
  const before = files.find((file) => file.path === path);
  return before?.answer === "proved" ? NO_LONGER_PROVED_VERDICT : null;
}

/**
 * Neither the id nor the bytes of any part are in the library.
 * @param mayStillCome Photos listed it and goes on: its row may only be late, which is not known yet
 */
export function notThere(item: LedgerItem, mayStillCome: boolean): Judged {
  const verdict = mayStillCome ? NOT_THERE_YET_VERDICT : NOT_THERE_VERDICT;
  return { item, verdicts: new Map(wantedOf(item).map(({ path }) => [path, verdict])) };
}

/** What lies in Recently Deleted is not among them: it does not come later. */
const WRONG: ReadonlySet<string> = new Set(["differs", "missing", "unknown"]);
const NO_ROW_VERDICT: LibraryVerdict = { answer: "unknown", evidence: [], reason: NO_ROW };
const NO_LONGER_PROVED_VERDICT: LibraryVerdict = {
  answer: "unknown",
  evidence: [],
  reason: NO_LONGER_PROVED,
};
const NOT_THERE_YET_VERDICT: LibraryVerdict = { answer: "unknown", evidence: [], reason: NOT_IN_LIBRARY_YET };
const NOT_THERE_VERDICT: LibraryVerdict = { answer: "missing", evidence: [], reason: NOT_IN_LIBRARY };
