import { setImmediate as letOthersRun } from "node:timers/promises";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { stopped } from "../errors.js";
import { AlbumMemberships, MOST_ALBUMS } from "./album-memberships.js";
import { key, tableColumns, text } from "./phone-library-query.js";

/** The person's own albums, and what is in them. */
interface PhoneAlbums {
  /** Sorted; two albums of one title are one here. Empty albums are among them. */
  readonly titles: readonly string[];
  /** The titles of the albums that hold an asset, by its primary key in the database. */
  readonly of: (asset: unknown) => readonly string[];
}

/** More memberships than that no library has; the rest of such a one is not read. */
const MOST_MEMBERSHIPS = 5_000_000;
/** Of all titles together: those of 100,000 albums, were each as long as a title may be, would fill the memory. */
const MOST_TITLE_LETTERS = 10_000_000;
const MEMBERSHIPS_AT_A_TIME = 20_000;

/**
 * Reads which album holds which asset. Of ZGENERICALBUM only what a person made (ZKIND 2) and did not delete
 * counts: not folders, import sessions, or albums shared by others. Folders are not followed.
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
      LIMIT ${MOST_ALBUMS}`,
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

  const members = database.prepare(
    `SELECT ${key(join.assetColumn)} AS asset, ${key(join.albumColumn)} AS album FROM ${join.table} NOT INDEXED
      LIMIT ${MOST_MEMBERSHIPS}`,
  );
  members.setReturnArrays(true);
  const memberships = new AlbumMemberships(titles);
  let seen = 0;
  for (const [asset, album] of members.iterate() as Iterable<unknown[]>) {
    if (++seen % MEMBERSHIPS_AT_A_TIME === 0) {
      await letOthersRun();
      if (signal?.aborted) throw stopped(signal);
    }
    if (typeof asset === "number" && typeof album === "number") memberships.add(asset, album);
  }
  members.setReturnArrays(false); // keeps the statement until here, as in readRows
  return {
    titles: [...new Set(titles.values())].sort(),
    of: (asset) => (typeof asset === "number" ? memberships.titlesOf(asset) : []),
  };
}

interface AlbumJoin {
  readonly table: string;
  readonly albumColumn: string;
  readonly assetColumn: string;
}

/**
 * The table that joins albums and assets: `Z_26ASSETS` with `Z_26ALBUMS` and `Z_34ASSETS` in iOS 13, other
 * numbers in nearly every version since. They are entity numbers, so the table is found by its shape; where
 * several have it, by the number that `Z_PRIMARYKEY` gives to `Album`. What is put into a question matches
 * the patterns here and nothing else.
 */
function albumJoin(database: DatabaseSyncInstance): AlbumJoin | null {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'Z_[0-9]*ASSETS'")
    .all() as { name: string }[];
  const found = tables.flatMap(({ name }): (AlbumJoin & { entity: string })[] => {
    const entity = /^Z_(\d+)ASSETS$/.exec(name)?.[1];
    if (entity === undefined) return [];
    const columns = [...tableColumns(database, name)];
    const albumColumn = columns.find((column) => column === `Z_${entity}ALBUMS`);
    const assetColumn = columns.find((column) => /^Z_\d+ASSETS$/.test(column));
    return albumColumn && assetColumn ? [{ table: name, albumColumn, assetColumn, entity }] : [];
  });
  if (found.length < 2) return found[0] ?? null;
  const keys = tableColumns(database, "Z_PRIMARYKEY");
  if (!keys.has("Z_ENT") || !keys.has("Z_NAME")) return null;
  const row = database
    .prepare("SELECT CAST(Z_ENT AS TEXT) AS entity FROM Z_PRIMARYKEY NOT INDEXED WHERE Z_NAME = 'Album'")
    .get();
  return found.find(({ entity }) => entity === row?.entity) ?? null;
}
