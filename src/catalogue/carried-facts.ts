/**
 * What people did with their photos on the phone, and an import loses. Read only where it is asked for. Favourites,
 * trashed and hidden are in the row of each photo.
 */
export interface CarriedFacts {
  /** The top of the sidebar, albums and folders in one sequence; null where the database does not tell. */
  readonly sidebar: readonly SidebarEntry[] | null;
  /** Albums that nobody can make by script: in no promised order, without those that have no title. */
  readonly notCarried: readonly AlbumNotCarried[];
  /** @returns null where the library has no photo there; else see {@link ItemFacts} */
  of(path: string): ItemFacts | null;
  /** What is in the database and not in here, because it is more or longer than that of any library. */
  readonly leftOut: LeftOut;
}

export type SidebarEntry = PhoneAlbum | PhoneFolder;

/** An album that a person made, and did not delete. */
export interface PhoneAlbum {
  readonly kind: "album";
  /** Stays the same when the album is renamed or moved; null where the database has none, or has it twice. */
  readonly uuid: string | null;
  /** As on the phone, which may be anything; null for what is no text of 1 to 1,024 characters. */
  readonly title: string | null;
  /** What the phone shows in it: paths of rows, each once, in the order that was made by hand. */
  readonly members: readonly string[];
  /** How the phone shows it; `unknown` is also one that the phone does not say. */
  readonly sort: "by-hand" | "by-date" | "by-title" | "unknown";
  readonly isAscending: boolean;
  /** The photo that a person chose to stand for it. */
  readonly cover: string | null;
}

interface PhoneFolder {
  readonly kind: "folder";
  /** As of {@link PhoneAlbum}. */
  readonly uuid: string | null;
  readonly title: string | null;
  /** In the order of the sidebar; at most {@link MOST_NESTED} deep. */
  readonly entries: readonly SidebarEntry[];
}

/** Deeper nobody nests; a folder that lies deeper stands at the top. */
export const MOST_NESTED = 32;

export interface AlbumNotCarried {
  readonly title: string;
  readonly why: "shared" | "smart" | "project";
}

/** What was said of one photo; null and empty where nothing was. */
export interface ItemFacts {
  /** Whole, unlike that of the row. */
  readonly caption: string | null;
  readonly title: string | null;
  /** Each once, in no promised order. */
  readonly keywords: readonly string[];
  readonly timeZone: PhoneTimeZone | null;
  /** Of the date in the row, against that in the file. */
  readonly date: DateFact;
  readonly place: PlaceFact;
}

export interface PhoneTimeZone {
  /** `Europe/Rome`, `GMT-0400`; null where only the offset is known. */
  readonly name: string | null;
  /** East of Greenwich. */
  readonly offsetSeconds: number;
}

/**
 * `other-zone`: the file has no zone of its own, and its date was read in another one; it may also have been moved by
 * whole or half hours. `unsaid`: the database lacks one of the two dates.
 */
export type DateFact = "as-in-file" | "changed" | "other-zone" | "unsaid";

/** `removed`: the file has a place, and the photo has none. */
export type PlaceFact =
  | { readonly state: "as-in-file" | "removed" | "unsaid" }
  | { readonly state: "changed"; readonly latitude: number; readonly longitude: number };

interface LeftOut {
  /** Whether there are more albums, folders or keywords, or longer titles of them in all, than are read. */
  readonly albums: boolean;
  readonly keywords: boolean;
  /** Whether more photos are said to be in albums, or to have keywords, than is read. */
  readonly memberships: boolean;
  /** How many captions and titles of photos are too long, or were too many. */
  readonly texts: number;
}
