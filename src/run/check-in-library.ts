import { setImmediate as letOthersRun } from "node:timers/promises";
import { cameraNameOf, fileNameOf, foldedStem } from "../catalogue/camera-file-names.js";
import { ORIGINAL_ROLES } from "../catalogue/file-roles.js";
import type { FileRole } from "../catalogue/media-item.js";
import { type Reason, stopped } from "../errors.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { fileKind } from "../media/file-kinds.js";
import type { LibraryPackage, LibraryPackageRecords, LibraryTrouble } from "../photos/library-package.js";
import type { Answer } from "../receipt/answer.js";
import { compareBytes, type Proof } from "../verify/compare-bytes.js";
import { namingDropped } from "../verify/dropped-edits.js";
import {
  findUnderOtherId,
  isNotLiving,
  type SoughtFile,
  verdictsElsewhere,
} from "../verify/find-under-other-id.js";
import { GONE, type LibraryVerdict, NO_ROW, verdictFromLibrary } from "../verify/verdict-from-library.js";
import { referencedNow } from "./referenced-now.js";

const ITEMS_AT_ONCE = 50;

/** Files of one photo, each with its hash. */
export type HashedItem = readonly (Answer & { readonly sha256: string })[];
/** The same, each with the id of its item in Photos. */
export type CheckedItem = readonly (HashedItem[number] & { readonly photosId: string })[];

/**
 * Looks today for every file of these photos inside the library, byte for byte, and at their rows. Sends no event,
 * and reads each kept file at most once.
 * @param sources.isItsLibrary the receipt names this library: then an absence is one. Otherwise it counts only where
 *   something of the receipt is found there
 * @throws RollcallError LIBRARY_UNREADABLE, STOPPED
 */
export async function checkInLibrary(
  items: readonly CheckedItem[],
  sources: {
    readonly library: LibraryPackage;
    readonly isItsLibrary: boolean;
    readonly ledger: PhoneLedger | null;
    readonly now: Date;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<CheckedInLibrary> {
  const { library, isItsLibrary, signal } = sources;
  const opened = await library.openRecords(signal);
  const records = "code" in opened ? null : opened;
  const today = new Map<string, Answer>();
  const gone: Answer[] = [];
  let hasFound = isItsLibrary;
  try {
    for (let at = 0; at < items.length; at += ITEMS_AT_ONCE) {
      await letOthersRun();
      const some = items.slice(at, at + ITEMS_AT_ONCE);
      const libraryFiles = library.filesOf(some.flatMap((item) => item.map(({ photosId }) => photosId)));
      for (const item of some) {
        if (signal?.aborted) throw stopped(signal);
        const sought = soughtIn(item, sources.ledger);
        const wanted = sought.map((file, index) => ({ ...file, photosId: item[index]!.photosId }));
        const proofs = await compareBytes(wanted, library, libraryFiles, { signal });
        const found = await judge(item, sought, proofs, records, sources);
        if (found === "gone") gone.push(...item);
        else {
          if (found.size > 0) hasFound = true;
          for (const [path, answer] of found) today.set(path, answer);
        }
      }
    }
  } finally {
    await records?.[Symbol.asyncDispose]();
  }
  const verdict: LibraryVerdict = { answer: "removed", evidence: [], reason: GONE };
  if (hasFound) for (const answer of gone) today.set(answer.path, answerToday(answer, verdict, sources.now));
  return { today, unread: "code" in opened ? opened : null };
}

interface CheckedInLibrary {
  /** Today's answers by path; a file is absent of which neither bytes nor database say anything. */
  readonly today: ReadonlyMap<string, Answer>;
  /** Why the database could not be read: then the bytes alone were. */
  readonly unread: LibraryTrouble | null;
}

/**
 * Looks for photos that were handed to Photos and of which nobody knew whether it has them.
 * @returns today's answers by path, of those whose every byte is in the library; of others nothing is said
 * @throws RollcallError LIBRARY_UNREADABLE, STOPPED
 */
export async function findUnresolved(
  items: readonly HashedItem[],
  { library, ledger, now, signal }: Parameters<typeof checkInLibrary>[1],
): Promise<Map<string, Answer>> {
  const today = new Map<string, Answer>();
  const records = items.length === 0 ? null : await library.openRecords(signal);
  if (records === null || "code" in records) return today;
  await using _closed = records;
  const isWanted = (photosId: string) => ledger?.items.isKnownPhotosId(photosId) !== true;
  const mustHave = ({ role }: SoughtFile) => ORIGINAL_ROLES.has(role);
  for (const item of items) {
    const sought = soughtIn(item, ledger);
    const found = await findUnderOtherId(sought, { library, records }, { mustHave, isWanted, signal });
    if (found === null) continue;
    const { photosId, record, proofs } = found;
    for (const [at, file] of sought.entries()) {
      const verdict = verdictFromLibrary({ ...file, photosId }, proofs.get(file.path)!, record);
      if (verdict !== null) today.set(file.path, { ...answerToday(item[at]!, verdict, now), photosId });
    }
  }
  return today;
}

async function judge(
  item: CheckedItem,
  sought: readonly SoughtFile[],
  proofs: ReadonlyMap<string, Proof>,
  records: LibraryPackageRecords | null,
  { library, now, signal }: Parameters<typeof checkInLibrary>[1],
): Promise<Map<string, Answer> | "gone"> {
  const own = new Map<string, { verdict: LibraryVerdict; photosId: string }>();
  const ids = new Set(item.map(({ photosId }) => photosId));
  const rows = new Map([...ids].map((id) => [id, records?.find(id) ?? null]));
  const hasRows = records === null || ![...rows.values()].includes(null);
  for (const [at, file] of sought.entries()) {
    const { photosId } = item[at]!;
    const proof = proofs.get(file.path)!;
    const fromLibrary = hasRows
      ? verdictFromLibrary({ ...file, photosId }, proof, rows.get(photosId) ?? null)
      : NO_ROW_TODAY;
    const verdict = await referencedNow(fromLibrary, file);
    if (verdict !== null) own.set(file.path, { verdict, photosId });
  }
  const checked = async (verdicts: ReadonlyMap<string, { verdict: LibraryVerdict; photosId: string }>) => {
    const named = await namingDropped(
      sought.map((file, at) => ({ ...file, before: item[at]!.answer })),
      verdicts,
    );
    return new Map(
      item.flatMap((answer) => {
        const found = named.get(answer.path);
        if (found === undefined) return [];
        return [
          [answer.path, { ...answerToday(answer, found.verdict, now), photosId: found.photosId }] as const,
        ];
      }),
    );
  };
  const verdicts = new Map([...own].map(([path, { verdict }]) => [path, verdict]));
  if (records === null || !isNotLiving(sought, verdicts)) return checked(own);
  const elsewhere = await findUnderOtherId(
    sought,
    { library, records },
    { mustHave: ({ role }) => ORIGINAL_ROLES.has(role), isWanted: (id) => !ids.has(id), signal },
  );
  // A repair of the library changes ids, too; then nothing is known of the own one.
  if (elsewhere !== null) return checked(verdictsElsewhere(sought, elsewhere, hasRows ? own : new Map()));
  const isProved = item.every(({ path }) => proofs.get(path)?.kind === "proved");
  return hasRows || isProved ? checked(own) : "gone";
}

const NO_ROW_TODAY: LibraryVerdict = { answer: "unknown", evidence: [], reason: NO_ROW };

function answerToday(answer: Answer, { answer: word, evidence, reason }: LibraryVerdict, now: Date): Answer {
  const found = { answer: word, evidence, reason: reasonToday(answer, reason) };
  return { ...answer, ...found, checkedAt: now.toISOString() };
}

/** What a check found takes the place of the reason before it; whose photo it is stays said. */
export function reasonToday({ reason }: Answer, found: Reason | null): Reason | null {
  const isOfOther = ["SAME_BYTES", "FROM_OTHER_PHONE"].includes(reason?.code ?? "");
  return found ?? (isOfOther ? reason : null);
}

/** The original first. What part a file plays the ledger knows; for a receipt of elsewhere its name tells. */
function soughtIn(item: HashedItem, ledger: PhoneLedger | null): SoughtFile[] {
  return item.map(({ path, item: key, sizeBytes, sha256 }) => {
    const entry = ledger?.items.copyOf(path);
    const isIt = entry?.sha256 === sha256;
    return {
      path,
      role: isIt ? entry.role : roleByName(path, key),
      sizeBytes: sizeBytes ?? 0,
      sha256,
      copyPath: isIt ? entry.copyPath : null,
      fingerprint: isIt ? entry.fingerprint : null,
    };
  });
}

function roleByName(path: string, key: string): FileRole {
  if (path === key) return "original";
  const { stem, extension } = fileNameOf(path);
  const camera = cameraNameOf(foldedStem(stem));
  const kind = fileKind(extension);
  if (kind === "adjustments")
    return foldedStem(stem) === camera?.original ? "original-adjustments" : "adjustments";
  const isVideoOfStill = kind === "video" && fileKind(fileNameOf(key).extension) !== "video";
  if (foldedStem(stem) === camera?.edited) return isVideoOfStill ? "edited-live-movie" : "edited";
  return kind === "raw" ? "raw" : isVideoOfStill ? "live-movie" : "original";
}
