import { lastName } from "../text/last-name.js";
import { day } from "./html/in-words.js";
import type { PhotoFiles } from "./why-it-stays.js";

/** What a person calls a photo: the name that it came with, else that of its file: `IMG_0001`. */
export function photoName([{ item, name }]: PhotoFiles): string {
  return name ?? stemOf(item);
}

/** "HEIC + MOV" */
export function kindsOf(files: PhotoFiles): string {
  const kinds = files.map(({ path }) => /[^/.]\.([^./]{1,8})$/.exec(path)?.[1]?.toUpperCase() ?? "");
  return [...new Set(kinds.filter((kind) => kind !== ""))].slice(0, 4).join(" + ");
}

/** The day under which the phone shows it, by the clock of this computer; "day not known" where nobody says. */
export function dayOf(files: PhotoFiles): string {
  const instant = instantOf(files);
  return instant === null ? "day not known" : day(instant);
}

/** In the order in which they were taken. */
export function byInstant<T>(photos: readonly T[], filesOf: (photo: T) => PhotoFiles): T[] {
  const instants = new Map(photos.map((photo) => [photo, Date.parse(instantOf(filesOf(photo)) ?? "") || 0]));
  return [...photos].sort((a, b) => instants.get(a)! - instants.get(b)!);
}

function instantOf([{ takenAt, modifiedAt }]: PhotoFiles): string | null {
  return takenAt ?? modifiedAt;
}

/** `IMG_0001` of `/DCIM/100APPLE/IMG_0001.HEIC`; a name without a stem is whole. */
export function stemOf(path: string): string {
  return lastName(path).replace(/(?<=.)\.[^.]*$/, "");
}
