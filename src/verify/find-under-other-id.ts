import { ORIGINAL_ROLES } from "../catalogue/file-roles.js";
import type { LedgerFile, StoredAnswer } from "../ledger/ledger-entry.js";
import type {
  LibraryPackage,
  LibraryPackageFile,
  LibraryPackageRecord,
  LibraryPackageRecords,
} from "../photos/library-package.js";
import { compareBytes, type Proof, type WantedFile } from "./compare-bytes.js";
import { HELD_BY_OTHER, type LibraryVerdict, verdictFromLibrary } from "./verdict-from-library.js";

/** A file whose item nobody has an id for. `fingerprint`: Apple's, of its bytes; null where it was not computed. */
export type SoughtFile = Omit<WantedFile, "photosId"> & { readonly fingerprint: string | null };

export interface FoundUnderOtherId {
  readonly photosId: string;
  readonly record: LibraryPackageRecord;
  /** By path on the phone. */
  readonly proofs: ReadonlyMap<string, Proof>;
}

/**
 * The item of the library that holds the bytes of these files, whatever its id: candidates by the length of the
 * first file and by Apple's fingerprint where the database has it, then byte for byte. Trashed items and files
 * outside the package do not count.
 * @param sought of one item, its original first
 * @param mustHave which of them the item has to hold
 * @param isWanted false for an id that is not to be taken
 */
export async function findUnderOtherId(
  sought: readonly SoughtFile[],
  sources: { readonly library: LibraryPackage; readonly records: LibraryPackageRecords },
  options: {
    readonly mustHave?: (file: SoughtFile) => boolean;
    readonly isWanted?: (photosId: string) => boolean;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<FoundUnderOtherId | null> {
  const { mustHave = () => true, isWanted = () => true, signal } = options;
  const [original] = sought;
  if (original === undefined) return null;
  for (const photosId of sources.records.idsWithSize(original.sizeBytes)) {
    if (!isWanted(photosId)) continue;
    const record = sources.records.find(photosId);
    if (record === null || record.isTrashed !== false || record.isDamaged) continue;
    // The same bytes have the same fingerprint: another one spares reading the file.
    const isOther = record.fingerprint !== null && original.fingerprint !== null;
    if (record.sizeBytes === original.sizeBytes && isOther && record.fingerprint !== original.fingerprint)
      continue;
    const libraryFiles: ReadonlyMap<string, readonly LibraryPackageFile[]> = sources.library.filesOf([
      photosId,
    ]);
    const wanted = sought.map((file) => ({ ...file, photosId }));
    const proofs = await compareBytes(wanted, sources.library, libraryFiles, { signal });
    const isIt = sought.every((file) => !mustHave(file) || proofs.get(file.path)?.kind === "proved");
    if (isIt) return { photosId, record, proofs };
  }
  return null;
}

/** What Photos has in place of the living original of a photo: then its bytes may be under another id. */
const NOT_LIVING: ReadonlySet<StoredAnswer | undefined> = new Set([
  "removed",
  "missing",
  "differs",
  "unknown",
]);

/**
 * True where a part without which the photo is not in the library is not there, under its own id, as it was imported: it
 * is in Recently Deleted, has no row or no file, or other bytes.
 */
export function isNotLiving(
  files: readonly Pick<LedgerFile, "path" | "role">[],
  verdicts: ReadonlyMap<string, Pick<LibraryVerdict, "answer">>,
): boolean {
  return files.some(
    ({ path, role }) => ORIGINAL_ROLES.has(role) && NOT_LIVING.has(verdicts.get(path)?.answer),
  );
}

/**
 * What another item says of these files: each of which it holds the bytes is proved by it. An edit that it does not
 * hold keeps what is said of the own one, where there is one.
 * @param own what was found under the own id, by path on the phone
 * @returns by path on the phone, with the id that it holds for
 */
export function verdictsElsewhere(
  sought: readonly SoughtFile[],
  { photosId, record, proofs }: FoundUnderOtherId,
  own: ReadonlyMap<string, { readonly verdict: LibraryVerdict; readonly photosId: string }>,
): Map<string, { readonly verdict: LibraryVerdict; readonly photosId: string }> {
  const verdicts = new Map<string, { verdict: LibraryVerdict; photosId: string }>();
  for (const file of sought) {
    const proof = proofs.get(file.path) ?? { kind: "absent" };
    const before = own.get(file.path);
    if (before !== undefined && proof.kind !== "proved") {
      verdicts.set(file.path, before);
      continue;
    }
    const verdict = verdictFromLibrary({ ...file, photosId }, proof, record);
    if (verdict === null) continue;
    const reason = verdict.reason ?? (before === undefined ? null : HELD_BY_OTHER);
    verdicts.set(file.path, { verdict: { ...verdict, reason }, photosId });
  }
  return verdicts;
}
