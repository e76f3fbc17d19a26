import type { ItemKind, MediaItem } from "../catalogue/media-item.js";
import { lastName } from "../text/last-name.js";
import { namePattern } from "./name-pattern.js";

/** What a person asked for. Everything absent means everything. */
export interface Selection {
  /** Came onto the phone at or after this. */
  readonly since?: Date;
  /** Came onto the phone before this (the command line adds a day to make its date inclusive). */
  readonly before?: Date;
  readonly takenSince?: Date;
  readonly kinds?: readonly ItemKind[];
  /** Shell pattern for the file name, case folded: `IMG_12*`, `*.mov`. Any file of the item may match. */
  readonly name?: string;
  /** `100APPLE`, `DCIM/100APPLE` or a deeper one; everything beneath it. */
  readonly folder?: string;
  readonly favorites?: boolean;
  /** Title of an album on the phone, case folded. */
  readonly album?: string;
  readonly includeHidden?: boolean;
  /** Keys of the items that a person picked by hand; null: of whatever is left by the rest, before they picked. */
  readonly picked?: ReadonlySet<string> | null;
  /** At most this many items are imported. */
  readonly limit?: number;
}

/** True when something narrows the choice; a limit does. */
export function isNarrowed(selection: Selection): boolean {
  return Object.entries(selection).some(
    ([name, value]) => name !== "includeHidden" && value !== undefined && value !== false,
  );
}

/** The test that a selection stands for; made once for a run. The limit is not part of it. */
export function selectionTest(selection: Selection): (item: MediaItem) => boolean {
  const { kinds, favorites, picked } = selection;
  const sinceMs = selection.since?.getTime();
  const beforeMs = selection.before?.getTime();
  const takenSinceMs = selection.takenSince?.getTime();
  const matchesName = selection.name === undefined ? undefined : namePattern(selection.name);
  const isAlbum = selection.album === undefined ? undefined : albumTest(selection.album);
  const folder = selection.folder === undefined ? undefined : folderPrefix(selection.folder);
  return (item) =>
    (sinceMs === undefined || item.arrivedAtMs >= sinceMs) &&
    (beforeMs === undefined || item.arrivedAtMs < beforeMs) &&
    (takenSinceMs === undefined || (item.takenAtMs !== null && item.takenAtMs >= takenSinceMs)) &&
    (kinds === undefined || kinds.includes(item.kind)) &&
    (favorites !== true || item.favorite) &&
    (picked == null || picked.has(item.key)) &&
    (isAlbum === undefined || item.library?.albums.some(isAlbum) === true) &&
    (folder === undefined || `${item.key.toLowerCase()}`.startsWith(folder)) &&
    (matchesName === undefined || item.files.some(({ file }) => matchesName(lastName(file.path))));
}

/** Each title is folded once, however many photos are in that album. */
function albumTest(album: string): (title: string) => boolean {
  const wanted = foldedTitle(album);
  const known = new Map<string, boolean>();
  return (title) => {
    let isIt = known.get(title);
    if (isIt === undefined) known.set(title, (isIt = foldedTitle(title) === wanted));
    return isIt;
  };
}

/** By what titles of albums are compared. */
export function foldedTitle(title: string): string {
  return title.normalize("NFC").trim().toLowerCase().normalize("NFC");
}

/** What the paths begin with that are meant, in lower case. */
export function folderPrefix(folder: string): string {
  const plain = folder.toLowerCase().split("/").filter(Boolean).join("/");
  const isWhole = plain === "dcim" || plain.startsWith("dcim/") || plain.startsWith("photodata/");
  return `/${isWhole ? plain : `dcim/${plain}`}/`;
}
