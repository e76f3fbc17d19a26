import { lstatSync } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, RollcallError, stopped } from "../errors.js";
import type { LibraryAccess } from "../photos/library-access.js";
import type {
  LibraryPackage,
  LibraryPackageFile,
  LibraryPackagePart,
  LibraryPackageRecord,
  LibraryPackageRecords,
  LibraryPackages,
  LibraryTrouble,
} from "../photos/library-package.js";
import { type LibraryDatabase, openLibraryDatabase } from "./library-database.js";
import { libraryIdOf } from "./library-id.js";
import type { LibraryItem, ResourceRole } from "./library-item.js";
import { LIBRARY_NOT_KNOWN, notALibrary, readingFailed, reasonOf } from "./library-trouble.js";
import { ORIGINALS, openInPackage, PackageFiles } from "./package-files.js";
import { readFileOnce } from "./read-file-once.js";

/**
 * {@link LibraryPackages} over the packages on this computer.
 * @param options.workFolder private and there: short-lived copies of a library's database
 * @param options.access touches each package first
 */
export function libraryOriginals({
  workFolder,
  access,
}: {
  readonly workFolder: string;
  readonly access: Pick<LibraryAccess, "touch">;
}): LibraryPackages {
  return {
    async open(libraryPath, signal) {
      if (signal?.aborted) throw stopped(signal);
      if (libraryPath === null) return LIBRARY_NOT_KNOWN;
      const touch = access.touch(libraryPath);
      if (await touch.inTime(signal)) return await openTouched(libraryPath, workFolder);
      return { ...touch.waiting, later: touch.answer.then(() => openTouched(libraryPath, workFolder)) };
    },
  };
}

/** Never rejects for what is wrong with the library. */
async function openTouched(
  libraryPath: string,
  workFolder: string,
): Promise<LibraryPackage | LibraryTrouble> {
  try {
    const path = await realpath(libraryPath);
    await requireReadable(path);
    return new PackageOnDisk(path, workFolder);
  } catch (error) {
    if (error instanceof RollcallError) return reasonOf(error);
    return reasonOf(
      hasErrno(error, "ENOENT", "ENOTDIR")
        ? notALibrary(libraryPath, "There is nothing of this name.", error)
        : readingFailed(libraryPath, error),
    );
  }
}

/**
 * What macOS keeps from a program, it keeps whole: listing its folders shows whether the package may be read
 * (unverified on macOS).
 */
async function requireReadable(path: string): Promise<void> {
  const isLibrary = await lstat(join(path, "database")).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      if (hasErrno(error, "ENOENT", "ENOTDIR")) return false;
      throw error;
    },
  );
  if (!isLibrary) throw notALibrary(path, "It has no database.");
  await readdir(join(path, "database"));
  await readdir(join(path, "originals")).catch((error: unknown) => {
    if (!hasErrno(error, "ENOENT")) throw error; // a library without a photo may have no folder for them yet
  });
}

class PackageOnDisk implements LibraryPackage {
  readonly path: string;
  readonly #workFolder: string;

  constructor(path: string, workFolder: string) {
    this.path = path;
    this.#workFolder = workFolder;
  }

  libraryId(signal?: AbortSignal): Promise<string | null> {
    return libraryIdOf(this.path, { workFolder: this.#workFolder, signal });
  }

  filesOf(photosIds: Iterable<string>): Map<string, readonly LibraryPackageFile[]> {
    const names = new PackageFiles(this.path);
    const found = new Map<string, readonly LibraryPackageFile[]>();
    try {
      for (const id of photosIds) if (!found.has(id)) found.set(id, [...this.#filesOf(id, names)]);
    } catch (error) {
      throw error instanceof RollcallError ? error : readingFailed(this.path, error);
    }
    return found;
  }

  *#filesOf(photosId: string, names: PackageFiles): Generator<LibraryPackageFile> {
    const uuid = uuidOf(photosId);
    if (uuid === null) return;
    const initial = uuid.slice(0, 1).toUpperCase();
    // The library's own come first: only what is not among them is looked for in a scope.
    for (const top of ORIGINALS) {
      const own = [...this.#filesIn(`${top}/${initial}`, uuid, names)];
      yield* own;
      if (own.length > 0) break;
    }
    for (const file of this.#filesIn(`resources/renders/${initial}`, uuid, names))
      yield { ...file, part: "edit" };
  }

  *#filesIn(folder: string, uuid: string, names: PackageFiles): Generator<LibraryPackageFile> {
    for (const name of names.namesIn(folder).ofId(uuid)) {
      const path = `${folder}/${name}`;
      const stats = lstatSync(join(this.path, path), { throwIfNoEntry: false });
      if (stats?.isFile() !== true) continue;
      const part = partOf(name.slice(uuid.length));
      const isAmongShared = folder.startsWith("scopes/");
      yield { part, path, isAmongShared, sizeBytes: stats.size, fileId: `${stats.dev}:${stats.ino}` };
    }
  }

  async sha256Of({ path, sizeBytes }: LibraryPackageFile, signal?: AbortSignal): Promise<string | null> {
    try {
      await using file = await openInPackage(this.path, path);
      if (file === null) return null;
      const before = await file.stat();
      const reading = await readFileOnce(file, { signal });
      const after = await file.stat();
      const isAtRest = after.size === reading.sizeBytes && after.mtimeMs === before.mtimeMs;
      return isAtRest && reading.sizeBytes === sizeBytes ? reading.sha256 : null;
    } catch (error) {
      if (signal?.aborted) throw stopped(signal);
      if (error instanceof Error && "syscall" in error) return null;
      throw error;
    }
  }

  async openRecords(signal?: AbortSignal): Promise<LibraryPackageRecords | LibraryTrouble> {
    try {
      return new RecordsOfDatabase(
        await openLibraryDatabase(this.path, { workFolder: this.#workFolder, signal }),
      );
    } catch (error) {
      if (signal?.aborted) throw stopped(signal);
      return reasonOf(error);
    }
  }
}

/** What follows the UUID in a file's name, as measured on real libraries. */
function partOf(ending: string): LibraryPackagePart {
  if (ending.startsWith("_3.")) return "live-movie";
  if (ending.startsWith("_4.")) return "raw";
  if (ending.startsWith("_")) return "sidecar";
  return "original";
}

class RecordsOfDatabase implements LibraryPackageRecords {
  readonly #database: LibraryDatabase;

  constructor(database: LibraryDatabase) {
    this.#database = database;
  }

  get unsizedItems(): number {
    return this.#database.countUnsized();
  }

  get iCloudItems(): number {
    return this.#database.countInICloud();
  }

  find(photosId: string): LibraryPackageRecord | null {
    const uuid = uuidOf(photosId);
    const item = uuid === null ? null : this.#database.item(uuid);
    return item === null ? null : recordOf(item);
  }

  standingOf(photosId: string): "listed" | "trashed" | "absent" {
    const uuid = uuidOf(photosId);
    return uuid === null ? "absent" : this.#database.standingOf(uuid);
  }

  hasAlbum(albumId: string): boolean {
    const uuid = uuidOf(albumId);
    return uuid !== null && this.#database.hasAlbum(uuid);
  }

  idsWithSize(sizeBytes: number): string[] {
    return this.#database.uuidsWithSize(sizeBytes).map((uuid) => `${uuid}/L0/001`);
  }

  idsImportedWith(photosId: string): string[] {
    const uuid = uuidOf(photosId);
    return uuid === null ? [] : this.#database.uuidsImportedWith(uuid).map((one) => `${one}/L0/001`);
  }

  idsAddedBetween(from: Date, to: Date): string[] | null {
    return this.#database.uuidsAddedBetween(from, to)?.map((uuid) => `${uuid}/L0/001`) ?? null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#database[Symbol.asyncDispose]();
  }
}

const PARTS: Readonly<Partial<Record<ResourceRole, LibraryPackagePart>>> = {
  primary: "original",
  "live-video": "live-movie",
  "raw-alternate": "raw",
  sidecar: "sidecar",
  edit: "edit",
};

function recordOf(item: LibraryItem): LibraryPackageRecord {
  const { savedType, name, isTrashed, isComplete, isEdited, sizeBytes, fingerprint, addedAt } = item;
  const parts = item.resources.flatMap(({ role, isPresent, declaredState }) => {
    const part = PARTS[role];
    return part === undefined
      ? []
      : [{ part, isHere: isPresent, isInICloud: !isPresent && declaredState === "icloud" }];
  });
  return {
    photosId: `${item.uuid}/L0/001`,
    savedType,
    name,
    isTrashed,
    isComplete,
    isEdited,
    sizeBytes,
    fingerprint,
    addedAt,
    parts,
    isDamaged: item.trouble !== null,
  };
}

function uuidOf(photosId: string): string | null {
  return /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?=\/|$)/.exec(photosId)?.[0] ?? null;
}
