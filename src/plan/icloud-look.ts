import type { MediaItem } from "../catalogue/media-item.js";

/** What was seen of the Mac's side before anything is said of it. It suggests, and proves nothing. */
export interface ICloudLook {
  /**
   * Whether the library has items that its database says iCloud Photos has: then it is kept in step, or was. Null:
   * the library could not be looked at.
   */
  readonly usesICloud: boolean | null;
  /** Keys of the phone's items of which the library has one of the same name and length. */
  readonly seen: ReadonlySet<string>;
  /** Why it was not looked at; a sentence. */
  readonly why: string | null;
}

/** New photos of a phone that were left to iCloud Photos, and what the Mac's side looks like. */
export interface LeftToICloud {
  readonly items: number;
  readonly files: number;
  /** Of the items: the library has one of the same name and length. Null: it could not be looked at. */
  readonly seen: number | null;
  readonly usesICloud: boolean | null;
  /** A person said so: by flag, in the config file, or when asked. Otherwise it is what happens when nobody says. */
  readonly isChosen: boolean;
  readonly why: string | null;
}

/** Adds up what is left; undefined where nothing is. */
export function leftToICloud(
  items: readonly MediaItem[],
  look: ICloudLook | null,
  isChosen: boolean,
): LeftToICloud | undefined {
  if (items.length === 0) return undefined;
  const isLooked = look !== null && look.usesICloud !== null;
  return {
    items: items.length,
    files: items.reduce((sum, { files }) => sum + files.length, 0),
    seen: isLooked ? items.filter(({ key }) => look.seen.has(key)).length : null,
    usesICloud: look?.usesICloud ?? null,
    isChosen,
    why: look?.why ?? null,
  };
}

/**
 * False where a photo may be nowhere but on the phone and in its iCloud: the library shows nothing like it, and either
 * nobody chose that, or what they chose is not how the library looks.
 */
export function isAccountedFor({ items, seen, usesICloud, isChosen }: LeftToICloud): boolean {
  if (seen === items) return true;
  return isChosen && usesICloud !== false;
}

/** What the look suggests: to skip only where the library has photos of iCloud Photos, or all of these. */
export function suggestedForICloud({
  items,
  seen,
  usesICloud,
}: Pick<LeftToICloud, "items" | "seen" | "usesICloud">): "skip" | "import" {
  return usesICloud === true || (items > 0 && seen === items) ? "skip" : "import";
}
