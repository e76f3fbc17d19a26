import { randomBytes } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { isUuidName } from "../catalogue/camera-file-names.js";
import type { ItemFile, MediaItem } from "../catalogue/media-item.js";
import { editedStem } from "../catalogue/phone-edits.js";
import { lastName } from "../text/last-name.js";
import { isRecipeOfPhone } from "./changed-recipe.js";
import type { DiskNames } from "./disk-names.js";
import type { DistinctPlaces } from "./safe-file-name.js";

/**
 * Where an item's files go, all in one folder, under the names Photos will see. Never over a staged file:
 * with "Copy items to the Photos library" off, it may be the photo.
 */
export async function freePlaces(
  item: MediaItem,
  folder: string,
  { places, names }: { readonly places: DistinctPlaces; readonly names: DiskNames },
): Promise<string[]> {
  const files = item.files.map((each) => ({ phonePath: each.file.path, name: nameToGive(item, each) }));
  const parent = item.key.slice(0, item.key.lastIndexOf("/"));
  await names.learn(files.map(({ name }) => `${parent}/${name}`));
  const usual = places.placesFor(parent, files);
  const taken = await Promise.all(usual.map((place) => exists(join(folder, place))));
  const below = taken.includes(true) ? join(folder, `again-${randomBytes(4).toString("hex")}`) : folder;
  return usual.map((place) => join(below, place));
}

/**
 * iCloud gives originals a UUID for a name; Photos should see the one the camera gave. And every rendering, and every
 * recipe beside one, is called alike on the phone; Photos knows them by the name of their original.
 */
function nameToGive(item: MediaItem, { role, file }: ItemFile): string {
  const name = lastName(file.path);
  if (!file.path.startsWith("/PhotoData/")) return name;
  if (isRecipeOfPhone({ role, file })) return `${item.stem}.AAE`;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  const isRendering = role === "edited" || role === "edited-live-movie";
  if (isRendering) return `${editedStem(item.stem) ?? item.stem}${extension}`;
  return isUuidName(name.slice(0, name.length - extension.length)) ? `${item.stem}${extension}` : name;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
