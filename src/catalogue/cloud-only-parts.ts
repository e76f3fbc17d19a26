import { fileKind } from "../media/file-kinds.js";
import { fileNameOf, folderOf } from "./camera-file-names.js";
import type { KindEvidence } from "./kind-evidence.js";
import type { CloudOnlyPart, MediaItem } from "./media-item.js";
import { byPath } from "./path-order.js";
import { editedStem, MUTATIONS, stemKey } from "./phone-edits.js";
import type { PhoneLibrary } from "./phone-library.js";
import type { CloudPartRow } from "./phone-library-parts.js";
import type { PartRole } from "./phone-library-rows.js";

/**
 * The moving halves, RAW halves and edits that are in iCloud only, or that the phone's library calls present and that
 * were not seen, while their photo is on the phone. Each is named where it would lie: the database names the photo, and
 * says of a part only that it exists. A part that the phone listed after all, or that answers as something else, is not
 * among them.
 * @param answering the paths of everything that has a place in the catalogue already
 */
export function awayParts(
  { library, rowOf }: { readonly library: PhoneLibrary; readonly rowOf: KindEvidence["rowOf"] },
  items: readonly MediaItem[],
  answering: Iterable<string>,
): CloudOnlyPart[] {
  const inICloud = [...library.partsAway()];
  const missing = items.flatMap((item) => partsNotIn(item, rowOf));
  if (inICloud.length + missing.length === 0) return [];
  const itemOf = new Map<string, MediaItem>();
  for (const item of items) for (const { file } of item.files) itemOf.set(file.path, item);
  // However the phone spells the extension: a HEIC may be rendered as JPEG.
  const placeOf = (path: string) => {
    const { stem, extension } = fileNameOf(path);
    return `${fileKind(extension)} ${stemKey(`${folderOf(path)}/${stem}`)}`;
  };
  const taken = new Set<string>();
  for (const path of answering) taken.add(placeOf(path));

  const found: CloudOnlyPart[] = [];
  const add = (
    declaredState: CloudOnlyPart["declaredState"],
    path: string,
    parts: readonly CloudPartRow[],
  ) => {
    const item = itemOf.get(path);
    if (item === undefined) return;
    for (const part of parts) {
      const where = pathOf(path, item, part);
      if (hasRole(item, part.role) || taken.has(placeOf(where))) continue;
      // A phone once kept a rendering beside its photo.
      const beside = part.role === "edited" ? editedBeside(path, where) : null;
      if (beside !== null && taken.has(placeOf(beside))) continue;
      taken.add(placeOf(where));
      const { role, sizeBytes } = part;
      found.push({ path: where, item: item.key, role, sizeBytes, trashed: item.trashed, declaredState });
    }
  };
  for (const { path, parts } of inICloud) add("in-icloud", path, parts);
  for (const { path, parts } of missing) add("on-phone", path, parts);
  return found.sort(byPath);
}

function hasRole(item: MediaItem, role: PartRole): boolean {
  return item.files.some((each) => each.role === role);
}

/** What the library calls present of an item and the item has not; elsewhere it may have been listed all the same. */
function partsNotIn(
  item: MediaItem,
  rowOf: KindEvidence["rowOf"],
): { path: string; parts: CloudPartRow[] }[] {
  const { path } = item.files[0]!.file;
  const row = rowOf(path);
  if (row === null || row.partsHere.length === 0) return [];
  const isVideo = item.kind === "video";
  const isOfItem = (role: PartRole) => {
    if (role === "edited") return row.edited;
    if (role === "edited-live-movie") return row.edited && !isVideo;
    return !isVideo && !(role === "raw" && fileKind(fileNameOf(path).extension) === "raw");
  };
  const parts = row.partsHere
    .filter((role) => isOfItem(role) && !hasRole(item, role))
    .map((role): CloudPartRow => ({ role, extension: null, sizeBytes: null }));
  return parts.length === 0 ? [] : [{ path, parts }];
}

/** `IMG_E0001.JPG`, for `IMG_0001.HEIC`. */
function editedBeside(original: string, rendering: string): string | null {
  const stem = editedStem(fileNameOf(original).stem);
  return stem === null ? null : `${folderOf(original)}/${stem}.${fileNameOf(rendering).extension}`;
}

/** Names as phones give them: file lists of real backups, and of a phone on iOS 14.3. */
function pathOf(original: string, item: MediaItem, { role, extension }: CloudPartRow): string {
  const stem = original.slice(0, original.lastIndexOf("."));
  if (role === "live-movie") return `${stem}.${(extension ?? "mov").toUpperCase()}`;
  if (role === "raw") return `${stem}.${(extension ?? "dng").toUpperCase()}`;
  const isVideo = role === "edited-live-movie" || item.kind === "video";
  return `${MUTATIONS}${stem}/Adjustments/FullSizeRender.${extension ?? (isVideo ? "mov" : "jpg")}`;
}
