import type { PhoneFile } from "../phone/phone.js";
import { cameraNameOf, fileNameOf, foldedStem, folderOf } from "./camera-file-names.js";
import { fileKind } from "./file-kinds.js";
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
  const parts = /^\/PhotoData\/Mutations(\/(?:DCIM|PhotoData\/CPLAssets)\/.+)\/Adjustments\/[^/]+$/.exec(
    path,
  );
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
export interface CarriedEdit {
  readonly item: MediaItem;
  readonly left: readonly SetAsideFile[];
}

/**
 * Adds what the phone rendered to the item that was edited, where Photos can take it as its edited version: with
 * the original and its AAE in one call, and named by the camera's pattern, which a rendering gets on this
 * computer (`IMG_E0001`; osxphotos PR #1113). Everything else of the edit is set aside, by name.
 */
export function carryEdit(item: MediaItem, files: readonly PhoneFile[]): CarriedEdit {
  const has = (role: FileRole) => item.files.some((each) => each.role === role);
  const refusal = refusalOf(item);
  const added = new Map<FileRole, PhoneFile>();
  const left: SetAsideFile[] = [];
  for (const file of files) {
    const role = roleIn(item, file);
    if (role === null) {
      const carried = refusal === null;
      left.push({ file, code: "EDIT_RECORD", message: carried ? RECORD_OF_CARRIED : RECORD_OF_OTHER });
    } else if (refusal !== null || has(role) || added.has(role)) {
      left.push({ file, code: "EDIT_NOT_CARRIED", message: refusal ?? ANOTHER_RENDERING });
    } else {
      added.set(role, file);
    }
  }
  // The moving half of an edit alone would be taken for a film of its own.
  const movie = added.get("edited-live-movie");
  if (movie !== undefined && !added.has("edited") && !has("edited")) {
    added.delete("edited-live-movie");
    left.push({ file: movie, code: "EDIT_NOT_CARRIED", message: NO_EDITED_STILL });
  }
  const inOrder = (["edited", "edited-live-movie"] as const).flatMap((role) => {
    const file = added.get(role);
    return file === undefined ? [] : [{ role, file }];
  });
  return { item: inOrder.length === 0 ? item : { ...item, files: [...item.files, ...inOrder] }, left };
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
const RECORD_OF_OTHER = "It is the phone's own note of an edit, and no photo.";
const ANOTHER_RENDERING = "Its photo has another rendering of the edit, and one is all that Photos takes.";
const NO_EDITED_STILL = "It is the moving half of an edit, and the edited still is not on the phone.";

/** Why Photos could not be given a rendering of this item; null where it could. */
function refusalOf(item: MediaItem): string | null {
  if (!item.files.some(({ role }) => role === "adjustments")) {
    return "It is the edited version of a photo, and the recipe of the edit (AAE) is not beside the original: Photos takes it only with one.";
  }
  return editedStem(item.stem) === null
    ? `It is the edited version of a photo whose name Photos does not take with an edit: it has to be like IMG_0001.`
    : null;
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
