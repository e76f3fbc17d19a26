import type { EventValue } from "./apple-event.js";
import { fromAppleSeconds } from "./apple-time.js";
import { classes } from "./dictionary.js";
import { EventFailure, noSuchObject } from "./event-failure.js";
import { liveVideoBytes, noPlace } from "./library-assets.js";
import { idEndings, type PhotosContext, type PhotosObject, parentOf, specifierOf } from "./photos-object.js";
import type { FileNames } from "./standing-behavior.js";

/**
 * One property of one object, as a script gets it.
 * @throws EventFailure -1728 for a property that the dictionary does not give this class
 */
export function readProperty(context: PhotosContext, object: PhotosObject, name: string): EventValue {
  if (classes[object.kind].properties[name] === undefined) {
    const { unknownName = noSuchObject } = context.behavior;
    if (unknownName !== "undefined") throw new EventFailure(unknownName);
    // No value at all, which JSON leaves out on the way to the script.
    return undefined as unknown as null;
  }
  switch (object.kind) {
    case "application":
      return readApplication(context, name);
    case "mediaItem":
      return readItem(context, object.row, name);
    default:
      if (name === "name") return object.row.name;
      return name === "id"
        ? `${object.row.uuid}${idEndings[object.kind]}`
        : specifierOf(parentOf(context, object.row));
  }
}

function readApplication(context: PhotosContext, name: string): EventValue {
  switch (name) {
    case "name":
      return "Photos";
    case "version":
      return context.version;
    case "frontmost":
    case "slideshowRunning":
      return false;
    case "selection":
      return [];
    default:
      // Favorites, Last Import, Recently Deleted: what they return today is not known.
      throw new EventFailure(noSuchObject);
  }
}

function readItem(
  { library, behavior }: PhotosContext,
  row: Extract<PhotosObject, { kind: "mediaItem" }>["row"],
  name: string,
): EventValue {
  switch (name) {
    case "id":
      return `${row.uuid}${idEndings.mediaItem}`;
    case "filename":
      return reportedName(row.filename, behavior.fileNames);
    case "name":
      return row.title;
    case "favorite":
      return row.isFavorite;
    case "date":
      return { date: fromAppleSeconds(row.createdAt).getTime() };
    case "width":
      return row.width;
    case "height":
      return row.height;
    case "size": {
      const bytes = row.sizeBytes + (behavior.liveSizeCountsBoth ? liveVideoBytes(library, row.pk) : 0);
      return behavior.sizesWrap ? bytes | 0 : bytes;
    }
    case "location":
      return row.latitude === noPlace ? [null, null] : [row.latitude, row.longitude];
    default:
      // description, keywords, altitude: missing value where there are none.
      return null;
  }
}

function reportedName(name: string, how: FileNames | undefined): string | null {
  switch (how) {
    case "decomposed":
      return name.normalize("NFD");
    case "capitals":
      return name.toUpperCase();
    case "other-ending":
      return name.replace(/\.(jpe?g|heic)$/i, ".jpeg");
    case "absent":
      return null;
    default:
      return name;
  }
}
