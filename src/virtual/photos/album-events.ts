import { type EventValue, isList, isSpecifierValue } from "./apple-event.js";
import { appleSeconds } from "./apple-time.js";
import { classes, type PropertyType } from "./dictionary.js";
import { cannotConvert, EventFailure, handlerFailed, noSuchObject, notModifiable } from "./event-failure.js";
import {
  addToAlbum,
  type ContainerRow,
  makeContainer,
  renameContainer,
  trashContainer,
} from "./library-albums.js";
import { changeAsset } from "./library-assets.js";
import { type PhotosContext, type PhotosObject, specifierOf } from "./photos-object.js";
import { resolve } from "./resolve-specifier.js";

/** @throws EventFailure -1700 where the value is not an object of that class, -1728 where it does not exist */
export function containerParameter(
  context: PhotosContext,
  value: EventValue,
  kind: "album" | "folder",
): ContainerRow {
  const object = objectParameter(context, value);
  if (object.kind !== kind) throw new EventFailure(cannotConvert);
  return object.row as ContainerRow;
}

/** `make new album named "x"`: names need not be unique. Anything but albums and folders is refused. */
export function makeAlbumOrFolder(
  context: PhotosContext,
  parameters: { readonly [name: string]: EventValue },
  now: Date,
): EventValue {
  const kind = parameters.new;
  if (kind !== "album" && kind !== "folder") throw new EventFailure(cannotConvert);
  const parent = parameters.at === undefined ? null : containerParameter(context, parameters.at, "folder").pk;
  // Photos' own name for a new album.
  const name = typeof parameters.named === "string" ? parameters.named : `untitled ${kind}`;
  return specifierOf({ kind, row: makeContainer(context.library, kind, name, parent, now) });
}

/** @throws EventFailure -1700 where anything in the list is not a media item */
export function addItems(context: PhotosContext, items: EventValue, album: ContainerRow, now: Date): void {
  const pks = (isList(items) ? items : [items]).map((value) => {
    const object = objectParameter(context, value);
    if (object.kind !== "mediaItem") throw new EventFailure(cannotConvert);
    return object.row.pk;
  });
  addToAlbum(context.library, album.pk, pks, now);
}

/** Albums and folders only: no command deletes a media item. Sub-folders cannot be deleted since macOS 10.15. */
export function deleteContainer(context: PhotosContext, target: EventValue, now: Date): void {
  const object = objectParameter(context, target);
  if (object.kind !== "album" && object.kind !== "folder") throw new EventFailure(cannotConvert);
  if (object.kind === "folder" && object.row.parentPk !== null) throw new EventFailure(handlerFailed);
  trashContainer(context.library, object.row.pk, now);
}

/** @throws EventFailure -1728 for an unknown property, -10003 for a read-only one, -1700 for the wrong type */
export function setProperty(
  context: PhotosContext,
  object: PhotosObject,
  name: string,
  value: EventValue,
  now: Date,
): void {
  const property = classes[object.kind].properties[name];
  if (property === undefined) throw new EventFailure(noSuchObject);
  if (property.writable === undefined) throw new EventFailure(notModifiable);
  if (!fits(value, property.type)) throw new EventFailure(cannotConvert);
  if (object.kind === "mediaItem") setItemProperty(context, object.row.pk, name, value);
  else if (object.kind !== "application") renameContainer(context.library, object.row.pk, String(value), now);
}

function setItemProperty(context: PhotosContext, pk: number, name: string, value: EventValue): void {
  const { library } = context;
  if (name === "name") changeAsset(library, pk, { title: value as string });
  else if (name === "favorite") changeAsset(library, pk, { isFavorite: value as boolean });
  else if (name === "date") {
    changeAsset(library, pk, { createdAt: appleSeconds(new Date((value as { date: number }).date)) });
  } else if (name === "location") {
    const [latitude, longitude] = value as readonly [number, number];
    changeAsset(library, pk, { latitude, longitude });
  } else {
    // Descriptions and keywords live in tables that the virtual library does not keep.
    throw new EventFailure(handlerFailed);
  }
}

function fits(value: EventValue, type: PropertyType): boolean {
  switch (type) {
    case "text":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "date":
      return typeof value === "object" && value !== null && "date" in value;
    case "location":
      return isList(value) && value.length === 2 && value.every((part) => typeof part === "number");
    case "text list":
      return isList(value) && value.every((part) => typeof part === "string");
    default:
      return false;
  }
}

function objectParameter(context: PhotosContext, value: EventValue): PhotosObject {
  if (!isSpecifierValue(value)) throw new EventFailure(cannotConvert);
  const resolved = resolve(context, value.object);
  if (resolved.is !== "object") throw new EventFailure(cannotConvert);
  return resolved.object;
}
