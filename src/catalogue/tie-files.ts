import { folderOf } from "./camera-file-names.js";
import { familyOf } from "./family.js";
import type { MediaItem, SetAsideFile, UnreadableFile } from "./media-item.js";
import { MUTATIONS } from "./phone-edits.js";

/** What of a catalogue may belong to a photo and is no part of its item. */
interface LooseFiles {
  readonly items: readonly MediaItem[];
  readonly setAside: readonly SetAsideFile[];
  readonly unreadable: readonly UnreadableFile[];
}

/**
 * Ties every file that is no part of an item to the item that it belongs to by its folder and name: a recipe, an XMP, a
 * rendering, a half that could not be described. Where it may belong to several, it names what they have in common, and
 * so does an item that the library does not know beside one that it may be a part of. Deleting a photo on the phone
 * deletes all that belongs to it, so a photo stays while any of it is nowhere else.
 * @param isLibraryRead without it nobody knows which items are photos of their own, and nothing may leave the phone
 */
export function tieFiles({ items, setAside, unreadable }: LooseFiles, isLibraryRead: boolean): LooseFiles {
  const isStray = ({ library }: MediaItem) => isLibraryRead && library === null;
  const asked = new Set<string>();
  for (const { file, item } of setAside) if (item === undefined) asked.add(familyOf(file.path));
  for (const { path } of unreadable) asked.add(familyOfUnreadable(path));
  for (const item of items) if (isStray(item)) asked.add(familyOf(item.key));
  if (asked.size === 0) return { items, setAside, unreadable };

  const members = new Map<string, { readonly first: string; count: number }>();
  for (const { key } of items) {
    const family = familyOf(key);
    if (!asked.has(family)) continue;
    const known = members.get(family);
    if (known === undefined) members.set(family, { first: key, count: 1 });
    else known.count += 1;
  }
  return {
    items: items.map((item) => {
      const family = isStray(item) ? familyOf(item.key) : null;
      return family !== null && members.get(family)!.count > 1 ? { ...item, belongsTo: family } : item;
    }),
    setAside: setAside.map((aside) => {
      if (aside.item !== undefined) return aside;
      const belongsTo = familyOf(aside.file.path);
      const known = members.get(belongsTo);
      if (known === undefined) return aside;
      return known.count === 1 ? { ...aside, item: known.first } : { ...aside, belongsTo };
    }),
    unreadable: unreadable.map((one) => {
      const belongsTo = familyOfUnreadable(one.path);
      return belongsTo.endsWith("/") || members.has(belongsTo) ? { ...one, belongsTo } : one;
    }),
  };
}

/**
 * Of a folder of edits that the phone would not list, all photos whose edits may lie in it: the folder of the originals,
 * ending in a slash.
 */
function familyOfUnreadable(path: string): string {
  if (path !== MUTATIONS && !path.startsWith(`${MUTATIONS}/`)) return familyOf(path);
  const original = path.slice(MUTATIONS.length);
  const isOfOne = /^\/(?:DCIM\/[^/]+|PhotoData\/[^/]+\/[^/]+)\/./.test(original);
  if (!isOfOne) return `${original}/`;
  return familyOf(path.endsWith("/Adjustments") || folderOf(path).endsWith("/Adjustments") ? path : original);
}
