import { lstat } from "node:fs/promises";
import type { LedgerFile } from "../ledger/ledger-entry.js";
import type { LibraryPackage, LibraryPackageFile, LibraryPackagePart } from "../photos/library-package.js";

/** A file that came off the phone, and the id of its item in Photos. */
export interface WantedFile {
  readonly path: string;
  readonly role: LedgerFile["role"];
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly photosId: string;
  /** The copy in staging, so that it is never taken for its own witness; null where none is known. */
  readonly copyPath: string | null;
}

/** What the package holds in the place of one file. */
export type Proof =
  | { readonly kind: "proved"; readonly pathInLibrary: string }
  /** Another content lies in its place. */
  | { readonly kind: "other"; readonly keptPath: string }
  | { readonly kind: "unreadable"; readonly keptPath: string }
  /** A file of its id lies among what others shared, and none in its place. */
  | { readonly kind: "among-shared"; readonly keptPath: string }
  | { readonly kind: "absent" };

/** Where the package keeps what plays this part. A video that Photos kept apart is the original of its own item. */
const PART_OF: Readonly<Record<LedgerFile["role"], LibraryPackagePart>> = {
  original: "original",
  "live-movie": "live-movie",
  raw: "raw",
  "original-adjustments": "sidecar",
  adjustments: "edit",
  edited: "edit",
  "edited-live-movie": "edit",
};

/**
 * Looks for the bytes of one item's files among what the library keeps under their ids. Names and extensions do
 * not count, because Photos gives its own. Each kept file that could be it by its length is read once.
 * @param libraryFiles by id, as listed now
 * @param options.isWanted false for files of the item that need not be read; all unless given
 * @returns by path on the phone
 * @throws RollcallError STOPPED
 */
export async function compareBytes(
  files: readonly WantedFile[],
  library: LibraryPackage,
  libraryFiles: ReadonlyMap<string, readonly LibraryPackageFile[]>,
  options: {
    readonly isWanted?: (file: WantedFile) => boolean;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<Map<string, Proof>> {
  const { isWanted = () => true, signal } = options;
  const hashes = new Map<LibraryPackageFile, string | null>();
  const hashOf = async (file: LibraryPackageFile) => {
    if (!hashes.has(file)) hashes.set(file, await library.sha256Of(file, signal));
    return hashes.get(file)!;
  };
  const ids = new Set(files.map(({ photosId }) => photosId));
  const proofs = new Map<string, Proof>();
  for (const wanted of files.filter(isWanted)) {
    const part = ids.size > 1 && isOwnItem(wanted, files) ? "original" : PART_OF[wanted.role];
    const copyId = wanted.copyPath === null ? null : await fileIdOf(wanted.copyPath);
    const candidates = (libraryFiles.get(wanted.photosId) ?? []).filter(({ fileId }) => fileId !== copyId);
    // Its own place first: there it nearly always is, and then nothing else is read.
    const own = candidates.filter((file) => !file.isAmongShared);
    const inPlace = own.filter((file) => file.part === part);
    const elsewhere = own.filter((file) => file.part !== part);
    const proof = await proofOf(wanted, inPlace, elsewhere, hashOf);
    const shared = candidates.find((file) => file.isAmongShared && file.part === part);
    proofs.set(
      wanted.path,
      proof.kind === "absent" && shared !== undefined
        ? { kind: "among-shared", keptPath: shared.path }
        : proof,
    );
  }
  return proofs;
}

async function proofOf(
  { sizeBytes, sha256 }: WantedFile,
  inPlace: readonly LibraryPackageFile[],
  elsewhere: readonly LibraryPackageFile[],
  hashOf: (file: LibraryPackageFile) => Promise<string | null>,
): Promise<Proof> {
  let unreadable: LibraryPackageFile | undefined;
  for (const file of [...inPlace, ...elsewhere]) {
    if (file.sizeBytes !== sizeBytes) continue;
    const found = await hashOf(file);
    if (found === sha256) return { kind: "proved", pathInLibrary: file.path };
    if (found === null) unreadable ??= file;
  }
  if (unreadable !== undefined) return { kind: "unreadable", keptPath: unreadable.path };
  const [other] = inPlace;
  return other === undefined ? { kind: "absent" } : { kind: "other", keptPath: other.path };
}

/** Photos kept this half of a photo as an item of its own. */
function isOwnItem({ role, photosId }: WantedFile, files: readonly WantedFile[]): boolean {
  const [original] = files;
  return role !== "original" && original !== undefined && original.photosId !== photosId;
}

async function fileIdOf(path: string): Promise<string | null> {
  return lstat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => null,
  );
}
