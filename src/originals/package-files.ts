import { constants, lstatSync, readdirSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../errors.js";
import { comparable } from "./library-item.js";
import { readingFailed } from "./library-trouble.js";

/**
 * Where originals lie: the library's own, those of shared moments, those of "Shared with You" (osxphotos #1116, #1054;
 * unverified on macOS).
 */
export const ORIGINALS = [
  "originals",
  "scopes/momentshared/originals",
  "scopes/syndication/originals",
] as const;

/**
 * A path below the package from parts that a database gave: null for anything that could lead elsewhere (an
 * absolute folder, `..`, an empty name, NUL).
 */
export function plainPath(...parts: readonly string[]): string | null {
  const names = parts.join("/").split("/");
  const isPlain = names.every((name) => name !== "" && name !== "." && name !== ".." && !name.includes("\0"));
  return isPlain ? names.join("/") : null;
}

/**
 * The files of one package, by folder. Each folder is listed once, when it is first asked for. Symbolic links
 * below the package are not followed: what lies behind one is not in the library.
 */
export class PackageFiles {
  readonly #libraryPath: string;
  readonly #folders = new Map<string, FolderNames>();

  constructor(libraryPath: string) {
    this.#libraryPath = libraryPath;
  }

  /**
   * @param folder below the package, of plain names
   * @throws RollcallError LIBRARY_UNREADABLE when it is there and cannot be listed
   */
  namesIn(folder: string): FolderNames {
    let names = this.#folders.get(folder);
    if (names === undefined) this.#folders.set(folder, (names = new FolderNames(this.#list(folder))));
    return names;
  }

  #list(folder: string): string[] {
    try {
      return isRealFolder(this.#libraryPath, folder) ? readdirSync(join(this.#libraryPath, folder)) : [];
    } catch (error) {
      if (hasErrno(error, "ENOENT", "ENOTDIR")) return [];
      throw readingFailed(this.#libraryPath, error);
    }
  }
}

/** The names in one folder, found without their case, the composition of their accents, or their extension. */
export class FolderNames {
  /** All names of one id under one key: an item has one file nearly always, rarely four. */
  readonly #byKey = new Map<string, string | string[]>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const key = keyOf(name);
      const other = this.#byKey.get(key);
      if (other === undefined) this.#byKey.set(key, name);
      else if (typeof other === "string") this.#byKey.set(key, [other, name]);
      else other.push(name);
    }
  }

  /** As spelled on disk; the exact spelling wins. Null where there is none. */
  find(name: string): string | null {
    const near = this.#near(name);
    if (typeof near === "string") return near === name || comparable(near) === comparable(name) ? near : null;
    if (near.includes(name)) return name;
    return near.find((other) => comparable(other) === comparable(name)) ?? null;
  }

  /** All names that are `stem` and an extension. */
  withStem(stem: string): readonly string[] {
    const near = this.#near(`${stem}.`);
    const isIt = (name: string) => comparable(name.slice(0, stemLength(name))) === comparable(stem);
    return typeof near === "string" ? (isIt(near) ? [near] : []) : near.filter(isIt);
  }

  /** All names that begin with this id. */
  ofId(uuid: string): readonly string[] {
    const near = this.#near(`${uuid}.`);
    return typeof near === "string" ? [near] : near;
  }

  /** How many names there are with this id, whatever follows it. */
  countOf(uuid: string): number {
    const near = this.#near(`${uuid}.`);
    return typeof near === "string" ? 1 : near.length;
  }

  *all(): Iterable<string> {
    for (const names of this.#byKey.values()) {
      if (typeof names === "string") yield names;
      else yield* names;
    }
  }

  #near(name: string): string | readonly string[] {
    return this.#byKey.get(keyOf(name)) ?? NONE;
  }
}

const NONE: readonly string[] = [];
const UUID_LENGTH = 36;

/** The UUID that a name begins with, else its stem. */
function keyOf(name: string): string {
  const after = name.charAt(UUID_LENGTH);
  const isId = (after === "." || after === "_") && name.charAt(8) === "-" && name.charAt(23) === "-";
  return comparable(name.slice(0, isId ? UUID_LENGTH : stemLength(name)));
}

function stemLength(name: string): number {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? dot : name.length;
}

/** False where one of the names on the way is a link. */
function isRealFolder(libraryPath: string, folder: string): boolean {
  let at = libraryPath;
  for (const name of folder.split("/")) {
    at = join(at, name);
    if (!lstatSync(at).isDirectory()) return false;
  }
  return true;
}

/**
 * Opens a file below the package for reading. Links are not followed, neither the file nor a folder on the way.
 * @returns null where there is no such file
 * @throws the errors of the file system
 */
export async function openInPackage(libraryPath: string, path: string): Promise<FileHandle | null> {
  const plain = plainPath(path);
  if (plain === null) return null;
  let file: FileHandle;
  try {
    const folder = plain.slice(0, Math.max(0, plain.lastIndexOf("/")));
    if (folder !== "" && !isRealFolder(libraryPath, folder)) return null;
    // Without O_NONBLOCK a named pipe in the place of a photo would keep us waiting for ever.
    const how = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    file = await open(join(libraryPath, plain), how);
  } catch (error) {
    // ELOOP: the file itself is a link. ENXIO: a socket.
    if (hasErrno(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) return null;
    throw error;
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return null;
}

/**
 * The length of a file below the package, without opening it; links are not followed.
 * @returns null where there is no such file
 * @throws the errors of the file system
 */
export function sizeInPackage(libraryPath: string, path: string): number | null {
  const plain = plainPath(path);
  if (plain === null) return null;
  try {
    const folder = plain.slice(0, Math.max(0, plain.lastIndexOf("/")));
    if (folder !== "" && !isRealFolder(libraryPath, folder)) return null;
    const found = lstatSync(join(libraryPath, plain));
    return found.isFile() ? found.size : null;
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}
