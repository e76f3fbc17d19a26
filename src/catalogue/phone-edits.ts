import { fileKind } from "../media/file-kinds.js";
import type { PhoneFile } from "../phone/phone.js";
import { lastName } from "../text/last-name.js";
import { cameraNameOf, fileNameOf, foldedStem, folderOf, isUuidName } from "./camera-file-names.js";
import type { FileRole, MediaItem, SetAsideFile } from "./media-item.js";
import type { PhoneLibrary } from "./phone-library.js";

/** Where a phone keeps what it rendered of an edit, below the path of the original. */
export const MUTATIONS = "/PhotoData/Mutations";

/**
 * The original that a file of an edit belongs to, as folder and folded stem: `/DCIM/100APPLE/img_0001` for
 * `/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender.heic` (file lists of real backups).
 * @returns null for every path of another shape
 */
export function originalOfEdit(path: string): string | null {
  const parts = /^\/PhotoData\/Mutations(\/(?:DCIM|PhotoData\/[^/]+)\/.+)\/Adjustments\/[^/]+$/.exec(path);
  return parts === null ? null : stemKey(parts[1]!);
}

/** The originals that the library calls edited, by {@link stemKey}; null where there are none. */
export function editedOriginals(library: PhoneLibrary): ReadonlySet<string> | null {
  const edited = new Set<string>();
  for (const { path, edited: isEdited } of library.rows()) {
    if (isEdited) edited.add(stemKey(`${folderOf(path)}/${fileNameOf(path).stem}`));
  }
  return edited.size === 0 ? null : edited;
}

/** A folder as spelled and a folded stem, so that a phone that spells the stem otherwise there is understood. */
export function stemKey(pathWithoutExtension: string): string {
  const slash = pathWithoutExtension.lastIndexOf("/");
  return `${pathWithoutExtension.slice(0, slash)}/${foldedStem(pathWithoutExtension.slice(slash + 1))}`;
}

/** What becomes of the files of one edit. Every file is in one of the two. */
interface CarriedEdit {
  readonly item: MediaItem;
  readonly left: readonly SetAsideFile[];
}

/**
 * The recipe of an edit as the phone keeps it beside the rendering. Phones on iOS 26 write it there alone; earlier
 * ones wrote an AAE beside the original too, and then that is the recipe.
 * @returns null where it is not needed, not there, or not clear which it is
 */
export function recipeToRead(item: MediaItem, files: readonly PhoneFile[]): PhoneFile | null {
  if (item.files.some(({ role }) => role === "adjustments")) return null;
  const [recipe, another] = files.filter(({ path }) => isRecipe(path));
  return recipe === undefined || another !== undefined ? null : recipe;
}

/**
 * Adds what the phone keeps of an edit to the item that was edited, where Photos can take it as its edited version:
 * the recipe and the rendering with the original in one call, under the names that a phone once gave them beside it
 * (`IMG_0001.AAE`, `IMG_E0001.HEIC`; osxphotos PR #1113), which they get on this computer. A recipe goes with an
 * original of any name, and Photos renders it anew; a rendering only where the name is of the camera's pattern.
 * Everything else of the edit is set aside, by name.
 * @param refusals why Photos cannot be given the edit, by the path of its recipe; null for one that it takes
 */
export function carryEdit(
  item: MediaItem,
  files: readonly PhoneFile[],
  refusals: ReadonlyMap<string, string | null>,
): CarriedEdit {
  const has = (role: FileRole) => item.files.some((each) => each.role === role);
  const recipe = recipeToRead(item, files);
  // A recipe that was not read is none.
  const recipeRefusal = recipe === null ? undefined : refusals.get(recipe.path);
  const refusal = has("adjustments") ? null : recipeRefusal === undefined ? NO_RECIPE : recipeRefusal;
  const named = isUuidName(item.stem) && refusal === null ? { ...item, stem: chosenStem(item.stem) } : item;
  const renderingRefusal = refusal ?? (editedStem(named.stem) === null ? NAME_OF_OTHER_SHAPE : null);
  const added = new Map<FileRole, PhoneFile>();
  const left: SetAsideFile[] = [];
  // Whatever stays behind keeps its photo on the phone, where deleting the photo would delete it.
  const leave = (file: PhoneFile, message: string) =>
    left.push({ file, code: "EDIT_NOT_CARRIED", message, item: item.key });
  for (const file of files) {
    const role = file === recipe ? "adjustments" : roleIn(item, file);
    if (role === null) {
      const message = refusal === null ? RECORD_OF_CARRIED : RECORD_OF_OTHER;
      left.push({ file, code: "EDIT_RECORD", message, item: item.key });
    } else if (role === "adjustments") {
      if (refusal === null) added.set(role, file);
      else leave(file, refusal);
    } else if (renderingRefusal !== null) leave(file, renderingRefusal);
    else if (has(role) || added.has(role)) leave(file, ANOTHER_RENDERING);
    else added.set(role, file);
  }
  // The moving half of an edit alone would be taken for a video of its own.
  const video = added.get("edited-live-movie");
  if (video !== undefined && !added.has("edited") && !has("edited")) {
    added.delete("edited-live-movie");
    leave(video, NO_EDITED_STILL);
  }
  const inOrder = (["adjustments", "edited", "edited-live-movie"] as const).flatMap((role) => {
    const file = added.get(role);
    return file === undefined ? [] : [{ role, file }];
  });
  return { item: inOrder.length === 0 ? item : { ...named, files: [...item.files, ...inOrder] }, left };
}

/** Sets aside the files of an edit whose original is no item, or could be more than one. */
export function editWithoutItem(file: PhoneFile, why: "none" | "several"): SetAsideFile {
  const message =
    why === "none"
      ? "It belongs to an edit, and its original is not on the phone."
      : "It belongs to an edit, and more than one photo of that name could be what was edited.";
  return { file, code: "EDIT_NOT_CARRIED", message };
}

const RECORD_OF_CARRIED = "It is the phone's own note of an edit; the edit itself comes with its photo.";
const RECORD_OF_OTHER = "It is the phone's own note of an edit, not a photo.";
const NO_RECIPE =
  "It belongs to an edit whose recipe is not on the phone, neither beside the original (AAE) nor beside the rendering: Photos takes an edit only with one.";
const NAME_OF_OTHER_SHAPE =
  "It is the edited version of a photo whose name Photos does not take with one: it has to be like IMG_0001. The recipe of the edit comes with the photo.";
const ANOTHER_RENDERING = "Its photo has another rendering of the edit, and one is all that Photos takes.";
const NO_EDITED_STILL = "It is the moving half of an edit, and the edited still is not on the phone.";

/**
 * A name of the camera's pattern for a photo from iCloud of which nobody knows the name: a UUID says nothing to a
 * person, and Photos would not take a rendering with it. The same for the same UUID.
 */
function chosenStem(uuid: string): string {
  return `IMG_${String(Number.parseInt(uuid.slice(0, 8), 16) % 10_000).padStart(4, "0")}`;
}

function isRecipe(path: string): boolean {
  return foldedStem(lastName(path)) === "adjustments.plist";
}

/** What a rendering is called beside its original: `IMG_E0001` for `IMG_0001`; null for names of other shape. */
export function editedStem(stem: string): string | null {
  const camera = cameraNameOf(foldedStem(stem));
  return camera?.plain === foldedStem(stem) ? stem.replace("_", "_E") : null;
}

/** What a file of an edit is to its item; null where it is no rendering of it. */
function roleIn(item: MediaItem, { path }: PhoneFile): "edited" | "edited-live-movie" | null {
  const { stem, extension } = fileNameOf(path);
  if (foldedStem(stem) !== "fullsizerender") return null;
  const kind = fileKind(extension);
  if (item.kind === "video") return kind === "video" ? "edited" : null;
  if (kind === "photo") return "edited";
  return kind === "video" && item.files.some(({ role }) => role === "live-movie")
    ? "edited-live-movie"
    : null;
}
