import { bug } from "../errors.js";
import type { Phone, PhoneFile } from "../phone/phone.js";
import { absentFiles } from "./absent-files.js";
import { fileNameOf, folderOf } from "./camera-file-names.js";
import { awayParts } from "./cloud-only-parts.js";
import { readRecipes } from "./edit-recipe.js";
import { groupFolder, type LoneAdjustments } from "./group-files.js";
import { type KindEvidence, kindOfFile, NO_EVIDENCE, readContents, rowsOfFiles } from "./kind-evidence.js";
import { listFiles, type ReadCatalogueOptions } from "./list-files.js";
import type { Catalogue, MediaItem, SetAsideFile } from "./media-item.js";
import { mediaItem } from "./media-items.js";
import { ascending, byPath } from "./path-order.js";
import { carryEdit, editWithoutItem, originalOfEdit, recipeToRead, stemKey } from "./phone-edits.js";
import { tieFiles } from "./tie-files.js";

/**
 * Lists everything below `/DCIM`, and what the phone's library names below `/PhotoData`, and sorts it into items.
 * Every file that was seen, and every row of the library, is in exactly one place of the result, and the result does not
 * depend on the order of the listing. Nothing is opened but the recipes of edits that have no AAE, and the beginning of
 * files whose name says nothing.
 * @throws RollcallError as {@link Phone.list} and {@link Phone.read} do; BUG when a file got lost in here
 */
export async function readCatalogue(phone: Phone, options: ReadCatalogueOptions): Promise<Catalogue> {
  const { phoneLibrary } = options;
  const seen = await listFiles(phone, options);
  const rowOf = phoneLibrary === null ? NO_EVIDENCE.rowOf : rowsOfFiles(phoneLibrary, seen);
  const absent = absentFiles(phoneLibrary, seen, rowOf);
  const unreadable = [...absent.unreadable].sort(byPath);
  const listed = seen.files.filter((file) => !absent.empty.has(file));
  const unnamed = listed.filter((file) => setAsideCodeOf(file, rowOf) === "UNKNOWN_KIND" && !isOfEdit(file));
  const byContent = await readContents(phone, unnamed, options.signal);
  const evidence: KindEvidence = { rowOf, byContent };

  const setAside: SetAsideFile[] = [];
  const perFolder = new Map<string, FolderFiles>();
  const folderFiles = (path: string) => {
    const folder = folderOf(path);
    let files = perFolder.get(folder);
    if (files === undefined) perFolder.set(folder, (files = { files: [], absent: [] }));
    return files;
  };
  for (const { path } of unreadable) folderFiles(path).absent.push(path);
  for (const { path } of absent.cloudOnly) folderFiles(path).absent.push(path);
  const edits = new Map<string, PhoneFile[]>();
  for (const file of listed) {
    const code = byContent.has(file.path) ? null : setAsideCodeOf(file, rowOf);
    const edited = rowOf(file.path) === null ? originalOfEdit(file.path) : null;
    if (edited !== null && code !== "EMPTY_FILE") {
      const beside = edits.get(edited);
      if (beside === undefined) edits.set(edited, [file]);
      else beside.push(file);
      continue;
    }
    if (code !== null) setAside.push(setAsideFile(file, code));
    if (code === null) folderFiles(file.path).files.push(file);
    else if (code === "EMPTY_FILE") folderFiles(file.path).absent.push(file.path);
  }

  const items: MediaItem[] = [];
  for (const { files, absent: gone } of perFolder.values()) {
    const grouped = groupFolder(files, gone, evidence);
    for (const draft of grouped.items) items.push(mediaItem(draft));
    for (const lone of grouped.loneAdjustments) setAside.push(setAsideAdjustments(lone));
  }
  const isEdited = (item: MediaItem) => rowOf(item.key)?.edited === true;
  for (const file of await joinEdits(items, edits, isEdited, phone, options.signal)) setAside.push(file);
  items.sort((a, b) => ascending(a.key, b.key));
  setAside.sort((a, b) => ascending(a.file.path, b.file.path));
  checkEveryFileOnce(listed, items, setAside);
  const cloudOnly = [...absent.cloudOnly].sort(byPath);
  const answering = [...listed, ...unreadable, ...cloudOnly].map(({ path }) => path);
  const tied = tieFiles({ items, setAside, unreadable }, phoneLibrary !== null);
  return {
    ...tied,
    cloudOnly,
    awayParts: phoneLibrary === null ? [] : awayParts({ library: phoneLibrary, rowOf }, items, answering),
    folders: seen.folders,
    phoneLibrary: phoneLibrary?.summary ?? null,
  };
}

/**
 * Gives the files of each edit to the item that was edited, in place.
 * @returns those that no item took
 */
async function joinEdits(
  items: MediaItem[],
  edits: ReadonlyMap<string, readonly PhoneFile[]>,
  isEdited: (item: MediaItem) => boolean,
  phone: Phone,
  signal: AbortSignal | undefined,
): Promise<SetAsideFile[]> {
  if (edits.size === 0) return [];
  const itemsOf = new Map<string, number[]>();
  for (const [index, { key }] of items.entries()) {
    const stem = stemKey(`${folderOf(key)}/${fileNameOf(key).stem}`);
    if (!edits.has(stem)) continue;
    const others = itemsOf.get(stem);
    if (others === undefined) itemsOf.set(stem, [index]);
    else others.push(index);
  }
  const left: SetAsideFile[] = [];
  const found: { index: number; files: readonly PhoneFile[] }[] = [];
  for (const [stem, files] of edits) {
    const all = itemsOf.get(stem) ?? [];
    const edited = all.filter((each) => isEdited(items[each]!));
    const [index, another] = edited.length === 1 ? edited : all;
    if (index !== undefined && another === undefined) found.push({ index, files });
    else for (const file of files) left.push(editWithoutItem(file, index === undefined ? "none" : "several"));
  }
  const recipes = found.flatMap(({ index, files }) => recipeToRead(items[index]!, files) ?? []);
  const refusals = await readRecipes(phone, recipes, signal);
  for (const { index, files } of found) {
    const carried = carryEdit(items[index]!, files, refusals);
    items[index] = carried.item;
    for (const file of carried.left) left.push(file);
  }
  return left;
}

interface FolderFiles {
  readonly files: PhoneFile[];
  readonly absent: string[];
}

type OwnSetAsideCode = "HIDDEN_BY_NAME" | "EMPTY_FILE" | "UNKNOWN_KIND";

/** By the name alone; null for what the phone's library calls a photo or video, whatever its name. */
function setAsideCodeOf(file: PhoneFile, rowOf: KindEvidence["rowOf"]): OwnSetAsideCode | null {
  const row = rowOf(file.path);
  if (row === null && file.path.includes("/.")) return "HIDDEN_BY_NAME";
  if (file.sizeBytes === 0) return "EMPTY_FILE";
  return kindOfFile(file.path, row, NO_EVIDENCE) === "unknown" ? "UNKNOWN_KIND" : null;
}

function isOfEdit({ path }: PhoneFile): boolean {
  return originalOfEdit(path) !== null;
}

const SET_ASIDE_BECAUSE: Record<OwnSetAsideCode, string> = {
  HIDDEN_BY_NAME: "Its name, or its folder's, begins with a dot: the phone keeps such files for itself.",
  UNKNOWN_KIND: "Neither its name nor its first bytes are those of a photo or video.",
  EMPTY_FILE: "The file is empty.",
};

function setAsideFile(file: PhoneFile, code: OwnSetAsideCode): SetAsideFile {
  return { file, code, message: SET_ASIDE_BECAUSE[code] };
}

function setAsideAdjustments({ file, why }: LoneAdjustments): SetAsideFile {
  const message =
    why === "nothing-beside-it"
      ? "It describes an edit, and the photo or video that was edited is not beside it."
      : "It describes an edit, and more than one file beside it could be what was edited.";
  return { file, code: "ADJUSTMENTS_WITHOUT_ORIGINAL", message };
}

/** @param files by path, each path once */
function checkEveryFileOnce(
  files: readonly PhoneFile[],
  items: readonly MediaItem[],
  setAside: readonly SetAsideFile[],
): void {
  const placed: PhoneFile[] = [];
  for (const item of items) for (const { file } of item.files) placed.push(file);
  for (const { file } of setAside) placed.push(file);
  placed.sort(byPath);
  for (let at = 0; at < Math.max(files.length, placed.length); at++) {
    if (at > 0 && placed[at] === placed[at - 1])
      throw bug(`${placed[at]?.path} is in two places of the catalogue.`);
    if (placed[at] !== files[at])
      throw bug(`${(files[at] ?? placed[at])?.path} is in no place of the catalogue.`);
  }
}
