import type { Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { openInPackage } from "./package-files.js";
import { readFileOnce } from "./read-file-once.js";

/** What is looked for inside a library. */
interface WantedOriginal {
  /** As Photos gives it: `UUID/L0/001`. */
  readonly photosId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The copy outside the library, so that it is never taken for its own witness. */
  readonly copyPath: string;
}

/** Where a library keeps what belongs to one UUID: `<folder>/<first character>/<UUID>.*`, `<UUID>_3.mov` and so on. */
const FOLDERS = ["originals", "resources/renders"];

/**
 * The files that a library package keeps, found by an item's id alone and read byte for byte. Needs the right
 * to read the package; where that is absent nothing is found.
 */
export class OriginalFiles {
  readonly #libraryPath: string;
  readonly #names = new Map<string, Promise<readonly string[]>>();

  constructor(libraryPath: string) {
    this.#libraryPath = libraryPath;
  }

  /**
   * @returns the path inside the package of a file with these bytes; null where none was found. A symbolic link,
   *   or another name of the copy itself, does not count.
   */
  async find(wanted: WantedOriginal, signal?: AbortSignal): Promise<string | null> {
    const uuid = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/.exec(wanted.photosId)?.[0];
    if (uuid === undefined) return null;
    const copy = await lstat(wanted.copyPath).catch(() => null);
    for (const folder of FOLDERS) {
      const place = `${folder}/${uuid.slice(0, 1).toUpperCase()}`;
      for (const name of await this.#namesIn(join(this.#libraryPath, place))) {
        if (!name.toUpperCase().startsWith(uuid.toUpperCase())) continue;
        signal?.throwIfAborted();
        if (await this.#isWitness(`${place}/${name}`, wanted, copy, signal))
          return join(this.#libraryPath, place, name);
      }
    }
    return null;
  }

  /** False also where it cannot be read. */
  async #isWitness(
    path: string,
    { sha256, sizeBytes }: WantedOriginal,
    copy: Stats | null,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    try {
      await using file = await openInPackage(this.#libraryPath, path);
      if (file === null) return false;
      const found = await file.stat();
      if (found.size !== sizeBytes || (found.dev === copy?.dev && found.ino === copy.ino)) return false;
      return (await readFileOnce(file, { signal })).sha256 === sha256;
    } catch (error) {
      if (signal?.aborted) throw error;
      return false;
    }
  }

  #namesIn(folder: string): Promise<readonly string[]> {
    let names = this.#names.get(folder);
    if (names === undefined) this.#names.set(folder, (names = readdir(folder).catch(() => [])));
    return names;
  }
}
