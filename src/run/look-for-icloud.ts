import type { MediaItem } from "../catalogue/media-item.js";
import { stopped } from "../errors.js";
import {
  isLibraryTrouble,
  type LibraryPackageRecords,
  type LibraryPackages,
} from "../photos/library-package.js";
import type { ICloudLook } from "../plan/icloud-look.js";

/**
 * Looks at the Mac's side, once for a library.
 * @param libraryPath "" where nobody knows which library is meant
 * @throws RollcallError STOPPED
 */
export type LookForICloud = (libraryPath: string, items: readonly MediaItem[]) => Promise<ICloudLook>;

const NOT_KNOWN = "It is not known which Photos library they would come into.";

/**
 * Looks into the library's database whether it has items of iCloud Photos, and which of the phone's items look like
 * some that it has. No Apple event is sent, and nothing is waited for longer than {@link LibraryPackages.open} waits.
 */
export function lookForICloud(originals: LibraryPackages, signal: AbortSignal | undefined): LookForICloud {
  const known = new Map<string, ICloudLook>();
  return async (libraryPath, items) => {
    const before = known.get(libraryPath);
    if (before !== undefined) return before;
    const look = libraryPath === "" ? unlooked(NOT_KNOWN) : await lookInto(libraryPath, items);
    if (look.usesICloud !== null) known.set(libraryPath, look);
    return look;
  };

  async function lookInto(libraryPath: string, items: readonly MediaItem[]): Promise<ICloudLook> {
    const library = await originals.open(libraryPath, signal);
    if ("code" in library) return unlooked(library.message);
    const records = await library.openRecords(signal);
    if ("code" in records) return unlooked(records.message);
    await using opened = records;
    try {
      const seen = new Set<string>();
      const likeness = new Likeness(opened);
      for (const item of items) {
        if (signal?.aborted) throw stopped(signal);
        if (likeness.has(item)) seen.add(item.key);
      }
      return { usesICloud: opened.iCloudItems > 0, seen, why: null };
    } catch (error) {
      if (isLibraryTrouble(error)) return unlooked(error.message);
      throw error;
    }
  }
}

function unlooked(why: string): ICloudLook {
  return { usesICloud: null, seen: new Set(), why };
}

/**
 * Same name and same length of the original. Another picture may have both, so this is a likeness. The rows of a length
 * are read once, however many photos of the phone have it.
 */
class Likeness {
  readonly #records: LibraryPackageRecords;
  readonly #stemsBySize = new Map<number, ReadonlySet<string>>();

  constructor(records: LibraryPackageRecords) {
    this.#records = records;
  }

  has({ stem, files }: MediaItem): boolean {
    const [original] = files;
    if (original === undefined || original.file.sizeBytes === 0) return false;
    return this.#stemsOf(original.file.sizeBytes).has(folded(stem));
  }

  #stemsOf(sizeBytes: number): ReadonlySet<string> {
    const known = this.#stemsBySize.get(sizeBytes);
    if (known !== undefined) return known;
    const stems = new Set<string>();
    for (const id of this.#records.idsWithSize(sizeBytes)) {
      const record = this.#records.find(id);
      if (record !== null && record.isTrashed !== true && record.name !== null)
        stems.add(stemOf(record.name));
    }
    this.#stemsBySize.set(sizeBytes, stems);
    return stems;
  }
}

function stemOf(name: string): string {
  return folded(name.replace(/\.[^.]*$/, ""));
}

/** Photos may show a name in another case or another Unicode form. */
function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
