import { hasErrno, stopped } from "../errors.js";
import type { CheckOptions } from "./check-item.js";
import { openInPackage, PackageFiles } from "./package-files.js";
import { readFileOnce } from "./read-file-once.js";

/** A file below `originals` of a library whose database cannot be read. What it belongs to is not known. */
export interface LooseFile {
  /** Below the package. */
  readonly path: string;
  /** Null where it could not be read. */
  readonly sizeBytes: number | null;
  /** Null where its bytes were not read. */
  readonly sha256: string | null;
}

/**
 * The files that a library keeps, each read once, without its database: what is there, and whether it can be read.
 * Whether something is missing or changed, only the database could say.
 * @throws RollcallError LIBRARY_UNREADABLE, LIBRARY_NOT_PERMITTED, STOPPED
 */
export async function* readWithoutDatabase(
  libraryPath: string,
  { signal, depth, onBytes }: CheckOptions = {},
): AsyncGenerator<LooseFile, void, undefined> {
  for (const path of originalsIn(libraryPath)) {
    if (signal?.aborted) throw stopped(signal);
    const unread = { path, sizeBytes: null, sha256: null };
    try {
      await using file = await openInPackage(libraryPath, path);
      if (file === null) continue;
      if (depth === "size") yield { ...unread, sizeBytes: (await file.stat()).size };
      else {
        const { sizeBytes, sha256 } = await readFileOnce(file, { signal, onBytes });
        yield { path, sizeBytes, sha256 };
      }
    } catch (error) {
      if (signal?.aborted) throw stopped(signal);
      if (!(error instanceof Error && "syscall" in error)) throw error;
      if (!hasErrno(error, "ENOENT")) yield unread;
    }
  }
}

/** How many names {@link readWithoutDatabase} will look at. */
export function countOriginals(libraryPath: string): number {
  return originalsIn(libraryPath).length;
}

/** Every name in a folder of `originals`, in an order that stays. */
function originalsIn(libraryPath: string): string[] {
  const files = new PackageFiles(libraryPath);
  const folders = [...files.namesIn("originals").all()].sort();
  return folders.flatMap((folder) =>
    [...files.namesIn(`originals/${folder}`).all()]
      .filter((name) => !name.startsWith("."))
      .sort()
      .map((name) => `originals/${folder}/${name}`),
  );
}
