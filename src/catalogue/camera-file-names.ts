import { lastName } from "../text/last-name.js";

/** A file name taken apart: `IMG_0001.HEIC` is the stem `IMG_0001` and the extension `heic`. */
interface FileName {
  /** As spelled, everything before the last dot. */
  readonly stem: string;
  /** Lower case, without the dot; empty where there is none. */
  readonly extension: string;
}

/** Takes the last part of a path apart. A name that begins with its only dot has no extension. */
export function fileNameOf(path: string): FileName {
  const name = lastName(path);
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return { stem: name, extension: "" };
  return { stem: name.slice(0, dot), extension: name.slice(dot + 1).toLowerCase() };
}

/** The folder of a path, as spelled: `/DCIM/100APPLE`. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** By what stems are compared: `Img_0001` and `IMG_0001` are one, however accents are composed. */
export function foldedStem(stem: string): string {
  return stem.normalize("NFC").toLowerCase().normalize("NFC");
}

/** `IMG_0001` with both names that a phone gives to what belongs to it. All three folded. */
interface CameraName {
  /** `img_0001` */
  readonly plain: string;
  /** `img_e0001`: the edited picture or video. */
  readonly edited: string;
  /** `img_o0001`: with .AAE, what the camera itself applied. */
  readonly original: string;
}

/**
 * Three letters, an underscore, perhaps E or O, four digits: how phones name what they take, and the only
 * pattern that Photos takes for an edited version (osxphotos PR #1113). The letters need not be IMG.
 * @param folded a stem from {@link foldedStem}
 * @returns null for every other name
 */
export function cameraNameOf(folded: string): CameraName | null {
  const parts = /^(\p{L}{3}_)[eo]?([0-9]{4})$/u.exec(folded);
  if (parts === null) return null;
  const [, letters, digits] = parts;
  return {
    plain: `${letters}${digits}`,
    edited: `${letters}e${digits}`,
    original: `${letters}o${digits}`,
  };
}

/** True for the names iCloud Photos gives to files on a phone: a UUID, which says nothing to a person. */
export function isUuidName(stem: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(stem);
}

/**
 * A title that somebody gave (`Trip 12/05.JPG`) as the stem of one file name: it is no path, so a slash in it becomes
 * a dash. What it ends in is taken off where it looks like the ending of a file name; a dot at its beginning too,
 * because such a file would be hidden.
 * @returns null where nothing is left, as of `.JPG`
 */
export function stemOfTitle(title: string): string | null {
  const stem = title
    .replaceAll("/", "-")
    .replace(/\.[A-Za-z0-9]{1,5}$/, "")
    .replace(/^\.+/, "");
  return stem.trim() === "" ? null : stem;
}
