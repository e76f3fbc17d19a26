import { fileKind } from "../media/file-kinds.js";
import { fileNameOf, folderOf } from "./camera-file-names.js";
import type { AwayPart, MediaItem } from "./media-item.js";
import { byPath } from "./path-order.js";
import { MUTATIONS, stemKey } from "./phone-edits.js";
import type { PhoneLibrary } from "./phone-library.js";
import type { PartAway } from "./phone-library-parts.js";

/**
 * The moving halves, RAW halves and edits that are in iCloud only, while their photo is on the phone. Each is named
 * where it would lie: the database names the photo, and says of a part only that it exists. A part that the phone
 * listed after all, or that answers as something else, is not among them.
 * @param answering the paths of everything that has a place in the catalogue already
 */
export function awayParts(
  library: PhoneLibrary,
  items: readonly MediaItem[],
  answering: Iterable<string>,
): AwayPart[] {
  const told = [...library.partsAway()];
  if (told.length === 0) return [];
  const itemOf = new Map<string, MediaItem>();
  for (const item of items) for (const { file } of item.files) itemOf.set(file.path, item);
  // However the phone spells the extension: a HEIC may be rendered as JPEG.
  const placeOf = (path: string) => {
    const { stem, extension } = fileNameOf(path);
    return `${fileKind(extension)} ${stemKey(`${folderOf(path)}/${stem}`)}`;
  };
  const taken = new Set<string>();
  for (const path of answering) taken.add(placeOf(path));

  const away: AwayPart[] = [];
  for (const { path, parts } of told) {
    const item = itemOf.get(path);
    if (item === undefined) continue;
    for (const part of parts) {
      const where = pathOf(path, item, part);
      if (item.files.some(({ role }) => role === part.role) || taken.has(placeOf(where))) continue;
      taken.add(placeOf(where));
      away.push({
        path: where,
        item: item.key,
        role: part.role,
        sizeBytes: part.sizeBytes,
        trashed: item.trashed,
      });
    }
  }
  return away.sort(byPath);
}

/** Names as phones give them: file lists of real backups, and of a phone on iOS 14.3. */
function pathOf(original: string, item: MediaItem, { role, extension }: PartAway): string {
  const stem = original.slice(0, original.lastIndexOf("."));
  if (role === "live-movie") return `${stem}.${(extension ?? "mov").toUpperCase()}`;
  if (role === "raw") return `${stem}.${(extension ?? "dng").toUpperCase()}`;
  const isFilm = role === "edited-live-movie" || item.kind === "video";
  return `${MUTATIONS}${stem}/Adjustments/FullSizeRender.${extension ?? (isFilm ? "mov" : "jpg")}`;
}
