import type { Phone, PhoneEntry, PhoneFile } from "../phone/phone.js";
import { familyOf } from "./family.js";
import type { UnreadableFile } from "./media-item.js";
import { ascending, byPath } from "./path-order.js";
import { editedOriginals, MUTATIONS, originalOfEdit } from "./phone-edits.js";
import type { PhoneLibrary } from "./phone-library.js";
import { foldersAbove, foldersOfEdits } from "./unlistable-folders.js";
import { filesOutsideDcim, type OutsideDcim } from "./without-phone-library.js";

const CAMERA_ROLL = "/DCIM";
/** Below it lie `CPLAssets`, with originals that came down from iCloud Photos, and `Sync`, with what a computer synced. */
const PHOTO_DATA = "/PhotoData";

export interface ReadCatalogueOptions {
  /** Null where it could not be read and the person said to go on without it. */
  readonly phoneLibrary: PhoneLibrary | null;
  /** Asked where it could not; files outside DCIM are named and stay unless given. */
  readonly outsideDcim?: OutsideDcim | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of files seen so far, every 250 files and once at the end. */
  readonly onProgress?: ((files: number) => void) | undefined;
}

/** What the phone listed; each path once, sorted. */
export interface SeenFiles {
  readonly files: readonly PhoneFile[];
  readonly unreadable: readonly Omit<UnreadableFile, "isInGrid">[];
  readonly folders: readonly string[];
}

/**
 * Lists everything below `/DCIM`, and what the phone's library names below `/PhotoData`: originals in `CPLAssets`, in
 * `Sync` or wherever else, what lies beside them under the same stem, and edits in `Mutations`.
 * @throws RollcallError as {@link Phone.list} does
 */
export async function listFiles(phone: Phone, options: ReadCatalogueOptions): Promise<SeenFiles> {
  const { phoneLibrary, signal, onProgress } = options;
  const files: PhoneFile[] = [];
  const unreadable: Omit<UnreadableFile, "isInGrid">[] = [];
  const folders = new Set<string>();
  const take = (entry: PhoneEntry) => {
    if (entry.type === "unreadable") unreadable.push({ path: entry.path, reason: entry.reason });
    if (entry.type !== "file") return;
    files.push(entry.file);
    if (files.length % 250 === 0) onProgress?.(files.length);
  };

  for await (const entry of phone.list(CAMERA_ROLL, signal)) {
    if (entry.type === "folder") folders.add(entry.path);
    else take(entry);
  }
  const isOnTheWay = foldersAbove(() => (phoneLibrary === null ? [] : pathsBelow(PHOTO_DATA, phoneLibrary)));
  for (const [folder, isWanted] of phoneLibrary === null ? [] : wantedBeside(phoneLibrary)) {
    for await (const entry of phone.list(folder, signal)) {
      const path = entry.type === "file" ? entry.file.path : entry.path;
      if (isWanted(path) || (entry.type === "unreadable" && isOnTheWay(path))) take(entry);
    }
  }
  const edited = phoneLibrary === null ? null : editedOriginals(phoneLibrary);
  if (edited !== null) {
    const isOnTheWay = foldersOfEdits(edited);
    for await (const entry of phone.list(MUTATIONS, signal)) {
      const path = entry.type === "file" ? entry.file.path : entry.path;
      // What an edit that was undone left behind is not named.
      if (edited.has(originalOfEdit(path) ?? "")) take(entry);
      else if (entry.type === "unreadable" && isOnTheWay(path)) take(entry);
    }
  }
  if (phoneLibrary === null)
    for await (const entry of filesOutsideDcim(phone, options.outsideDcim ?? "name", signal)) take(entry);
  onProgress?.(files.length);
  const distinctFiles = distinct(files.sort(byPath));
  const described = new Set(unreadable.length === 0 ? [] : distinctFiles.map((file) => file.path));
  return {
    files: distinctFiles,
    unreadable: distinct(unreadable.sort(byPath)).filter(({ path }) => !described.has(path)),
    folders: [...folders].sort(ascending),
  };
}

function* pathsBelow(folder: string, library: PhoneLibrary): Generator<string> {
  for (const { path, unplaced } of library.rows())
    if (unplaced === null && path.startsWith(`${folder}/`)) yield path;
}

/**
 * The folders of `/PhotoData` in which the library names something, and what is wanted of each. They also hold what
 * iCloud Photos left behind, so only what the library names counts, and whatever lies beside it under the same name: the
 * video, the RAW half and the AAE have no row of their own.
 */
function wantedBeside(library: PhoneLibrary): Map<string, (path: string) => boolean> {
  const families = new Set<string>();
  const folders = new Set<string>();
  for (const path of pathsBelow(PHOTO_DATA, library)) {
    families.add(familyOf(path));
    folders.add(path.slice(0, path.indexOf("/", PHOTO_DATA.length + 1)));
  }
  const isWanted = (path: string) => library.find(path) !== null || families.has(familyOf(path));
  return new Map([...folders].sort(ascending).map((folder) => [folder, isWanted]));
}

/** A phone that lists a path twice has one file there. @param sorted by path */
function distinct<T extends { path: string }>(sorted: readonly T[]): T[] {
  return sorted.filter((each, index) => index === 0 || each.path !== sorted[index - 1]!.path);
}
