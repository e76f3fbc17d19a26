import type { KeptFile, KeptLibrary, KeptRecord, KeptRecords } from "../photos/kept-originals.js";
import { compareBytes, type Proof, type WantedFile } from "./compare-bytes.js";

/** A file whose item nobody has an id for. `fingerprint`: Apple's, of its bytes; null where it was not computed. */
export type SoughtFile = Omit<WantedFile, "photosId"> & { readonly fingerprint: string | null };

export interface FoundElsewhere {
  readonly photosId: string;
  readonly record: KeptRecord;
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
export async function findElsewhere(
  sought: readonly SoughtFile[],
  sources: { readonly library: KeptLibrary; readonly records: KeptRecords },
  options: {
    readonly mustHave?: (file: SoughtFile) => boolean;
    readonly isWanted?: (photosId: string) => boolean;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<FoundElsewhere | null> {
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
    const kept: ReadonlyMap<string, readonly KeptFile[]> = sources.library.filesOf([photosId]);
    const wanted = sought.map((file) => ({ ...file, photosId }));
    const proofs = await compareBytes(wanted, sources.library, kept, { signal });
    const isIt = sought.every((file) => !mustHave(file) || proofs.get(file.path)?.kind === "proved");
    if (isIt) return { photosId, record, proofs };
  }
  return null;
}
