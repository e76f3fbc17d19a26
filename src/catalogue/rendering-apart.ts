import { fileNameOf } from "./camera-file-names.js";
import { familyOf } from "./family.js";
import type { FileRole, ItemFile, MediaItem } from "./media-item.js";
import { MUTATIONS } from "./phone-edits.js";

const ROLES_ALONE: ReadonlyMap<FileRole, FileRole> = new Map([
  ["edited", "original"],
  ["edited-live-movie", "live-movie"],
]);

/**
 * Whether an item has a rendering that the phone keeps beside its original (`IMG_E0001`), and the recipe with it: where
 * that recipe is damaged the rendering is a photo of its own, as where there is none.
 */
export function hasRenderingBesideIt({ files }: Pick<MediaItem, "files">): boolean {
  const isOf = (wanted: FileRole) => (each: ItemFile) =>
    each.role === wanted && !each.file.path.startsWith(`${MUTATIONS}/`);
  return files.some(isOf("adjustments")) && files.some(isOf("edited"));
}

/**
 * The photo with the recipe that is of no use, and the rendering with its moving half. The phone has one photo, and
 * deletes both together: the rendering says to which photo it belongs.
 * @param item with {@link hasRenderingBesideIt}
 * @returns the photo first; only it keeps the key
 */
export function renderingApart(item: MediaItem): readonly [MediaItem, MediaItem] {
  const { sizeSaidBytes: _ofOriginal, ...rest } = item;
  const rendering = item.files.flatMap(({ role, file }): ItemFile[] => {
    const alone = ROLES_ALONE.get(role);
    return alone === undefined ? [] : [{ role: alone, file }];
  });
  const { file } = rendering.find(({ role }) => role === "original")!;
  const isLive = rendering.length > 1;
  return [
    { ...item, files: item.files.filter(({ role }) => !ROLES_ALONE.has(role)) },
    {
      ...rest,
      key: file.path,
      belongsTo: familyOf(item.key),
      kind: item.kind === "video" ? "video" : isLive ? "live" : "photo",
      files: rendering,
      stem: fileNameOf(file.path).stem,
      arrivedAtMs: file.bornAtMs ?? file.modifiedAtMs,
    },
  ];
}
