import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { key, tableColumns, text } from "./phone-library-query.js";

/** The person's own albums, and what is in them. */
export interface PhoneAlbums {
  /** Sorted; two albums of one title are one here. Empty albums are among them. */
  readonly titles: readonly string[];
  /** The titles of the albums that hold an asset, by its primary key in the database. */
  readonly of: (asset: unknown) => readonly string[];
}

const NONE: readonly string[] = [];
/** More memberships than that no library has; the rest of such a one is not read. */
const MOST_MEMBERSHIPS = 5_000_000;
/** Nor is a photo in more albums. Bounds the work that a crafted database can ask for. */
const MOST_ALBUMS_OF_ONE = 200;

/**
 * Reads which album holds which asset. Of ZGENERICALBUM only what a person made (ZKIND 2) and did not delete
 * counts: not folders, import sessions, or albums shared by others. Folders are not followed.
 * @returns null where the database has no tables that tell
 */
export function readAlbums(database: DatabaseSyncInstance): PhoneAlbums | null {
  const columns = tableColumns(database, "ZGENERICALBUM");
  if (!["Z_PK", "ZKIND", "ZTITLE"].every((name) => columns.has(name))) return null;
  const join = albumJoin(database);
  if (join === null) return null;

  const isKept = columns.has("ZTRASHEDSTATE") ? "AND coalesce(ZTRASHEDSTATE, 0) = 0" : "";
  const titleOf = new Map<number, string>();
  const own = database.prepare(
    `SELECT ${key("Z_PK")} AS album, ${text("ZTITLE")} AS title FROM ZGENERICALBUM NOT INDEXED WHERE ZKIND = 2 ${isKept}`,
  );
  for (const { album, title } of own.all() as { album: unknown; title: unknown }[]) {
    if (typeof album === "number" && typeof title === "string" && title !== "") titleOf.set(album, title);
  }

  const members = database.prepare(
    `SELECT ${key(join.assetColumn)} AS asset, ${key(join.albumColumn)} AS album FROM ${join.table} NOT INDEXED
      LIMIT ${MOST_MEMBERSHIPS}`,
  );
  members.setReturnArrays(true);
  const byAsset = new Map<number, readonly string[]>();
  const lists = new AlbumLists();
  for (const [asset, album] of members.iterate() as Iterable<unknown[]>) {
    const title = typeof album === "number" ? titleOf.get(album) : undefined;
    if (title === undefined || typeof asset !== "number") continue;
    byAsset.set(asset, lists.with(byAsset.get(asset) ?? NONE, title));
  }
  members.setReturnArrays(false); // keeps the statement until here, as in readRows
  return {
    titles: [...new Set(titleOf.values())].sort(),
    of: (asset) => (typeof asset === "number" ? byAsset.get(asset) : undefined) ?? NONE,
  };
}

/** Assets in the same albums share one list, since thousands of them are. */
class AlbumLists {
  readonly #longer = new Map<readonly string[], Map<string, readonly string[]>>();

  with(list: readonly string[], title: string): readonly string[] {
    if (list.length >= MOST_ALBUMS_OF_ONE || list.includes(title)) return list;
    let known = this.#longer.get(list);
    if (known === undefined) this.#longer.set(list, (known = new Map()));
    let longer = known.get(title);
    if (longer === undefined) known.set(title, (longer = [...list, title]));
    return longer;
  }
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
