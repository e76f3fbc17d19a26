import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { albumJoin, readJoin } from "./join-tables.js";
import { Memberships, MOST_TITLES } from "./memberships.js";
import { key, tableColumns, text } from "./phone-library-query.js";

/** The person's own albums, and what is in them. */
interface PhoneAlbums {
  /** Sorted; two albums of one title are one here. Empty albums are among them. */
  readonly titles: readonly string[];
  /** The titles of the albums that hold an asset, by its primary key in the database. */
  readonly of: (asset: unknown) => readonly string[];
}

/** Of all titles together: those of 100,000 albums, were each as long as a title may be, would fill the memory. */
export const MOST_TITLE_LETTERS = 10_000_000;

/**
 * Reads which album holds which asset. Of ZGENERICALBUM only what a person made (ZKIND 2) and did not delete
 * counts: not folders, import sessions, or albums shared by others. Folders are not followed here: see `album-tree.ts`.
 * @returns null where the database has no tables that tell
 * @throws RollcallError STOPPED
 */
export async function readAlbums(
  database: DatabaseSyncInstance,
  signal?: AbortSignal,
): Promise<PhoneAlbums | null> {
  const columns = tableColumns(database, "ZGENERICALBUM");
  if (!["Z_PK", "ZKIND", "ZTITLE"].every((name) => columns.has(name))) return null;
  const join = albumJoin(database);
  if (join === null) return null;

  const isNotTrashed = columns.has("ZTRASHEDSTATE") ? "AND coalesce(ZTRASHEDSTATE, 0) = 0" : "";
  const own = database.prepare(
    `SELECT ${key("Z_PK")} AS album, ${text("ZTITLE")} AS title FROM ZGENERICALBUM NOT INDEXED
      WHERE ZKIND = 2 ${isNotTrashed}
      LIMIT ${MOST_TITLES}`,
  );
  const titles = new Map<number, string>();
  own.setReturnArrays(true);
  let letters = 0;
  for (const [album, title] of own.iterate() as Iterable<unknown[]>) {
    if (typeof album !== "number" || typeof title !== "string" || title === "") continue;
    letters += title.length;
    if (letters > MOST_TITLE_LETTERS) break;
    titles.set(album, title);
  }
  own.setReturnArrays(false); // keeps the statement until here, as in readRows

  const memberships = new Memberships(titles);
  await readJoin(database, join, (album, asset) => memberships.add(asset, album), signal);
  return {
    titles: [...new Set(titles.values())].sort(),
    of: (asset) => (typeof asset === "number" ? memberships.titlesOf(asset) : []),
  };
}
