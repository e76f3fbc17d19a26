import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { LibraryPackage } from "../photos/library-package.js";
import { compareBytes, type Proof, type WantedFile } from "./compare-bytes.js";
import { isUntouchedCopy } from "./delete-proved-copies.js";
import type { LibraryVerdict } from "./verdict-from-library.js";

/** What was read in one go, by item and path. */
export class Proofs {
  readonly #byItem = new Map<number, ReadonlyMap<string, Proof>>();

  add(itemId: number, proofs: ReadonlyMap<string, Proof>): void {
    this.#byItem.set(itemId, proofs);
  }

  of(itemId: number, path: string): Proof | undefined {
    return this.#byItem.get(itemId)?.get(path);
  }

  /** Paths of the files whose bytes were read in the library. */
  readOf(itemId: number): Set<string> {
    const proofs = this.#byItem.get(itemId) ?? new Map<string, Proof>();
    return new Set([...proofs].flatMap(([path, { kind }]) => (kind === "proved" ? [path] : [])));
  }

  some(kind: Proof["kind"]): boolean {
    return [...this.#byItem.values()].some((proofs) => [...proofs.values()].some((one) => one.kind === kind));
  }
}

/**
 * Reads what the library keeps under the ids of these items. What was proved before is read again only where its copy
 * still waits to be let go (a run was cut off there), or where `isReread` says so.
 * @throws RollcallError STOPPED, LIBRARY_UNREADABLE
 */
export async function readStored(
  items: readonly LedgerItem[],
  library: LibraryPackage,
  { isReread = false, signal }: { readonly isReread?: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Proofs> {
  const open: { item: LedgerItem; paths: Set<string> }[] = [];
  for (const item of items) {
    const paths = new Set<string>();
    for (const file of item.files) {
      const isOpen = isReread || file.answer !== "proved" || (await isUntouchedCopy(file));
      if (file.photosId !== null && isOpen) paths.add(file.path);
    }
    if (paths.size > 0) open.push({ item, paths });
  }
  const libraryFiles = library.filesOf(
    open.flatMap(({ item }) => wantedOf(item).map(({ photosId }) => photosId)),
  );
  const proofs = new Proofs();
  for (const { item, paths } of open) {
    const isWanted = ({ path }: WantedFile) => paths.has(path);
    proofs.add(item.id, await compareBytes(wantedOf(item), library, libraryFiles, { isWanted, signal }));
  }
  return proofs;
}

/** What Photos has an id for; what it would not take has its answer already. */
export function wantedOf({ files }: LedgerItem): WantedFile[] {
  return files.flatMap(({ path, role, sizeBytes, sha256, photosId, copyPath }) =>
    photosId === null ? [] : [{ path, role, sizeBytes, sha256, photosId, copyPath }],
  );
}

export function verdictsOf(
  item: LedgerItem,
  proofs: Proofs,
  judge: (file: WantedFile, proof: Proof) => LibraryVerdict | null,
): Map<string, LibraryVerdict> {
  const verdicts = new Map<string, LibraryVerdict>();
  for (const file of wantedOf(item)) {
    const before = item.files.find(({ path }) => path === file.path);
    // Not read this time because it was before.
    const proof = proofs.of(item.id, file.path) ?? (before?.answer === "proved" ? PROVED_BEFORE : undefined);
    const verdict = proof === undefined ? null : judge(file, proof);
    if (verdict !== null) verdicts.set(file.path, verdict);
  }
  return verdicts;
}

const PROVED_BEFORE: Proof = { kind: "proved", pathInLibrary: "" };
