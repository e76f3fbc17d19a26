import { appleSeconds } from "./apple-time.js";
import { type AssetRow, type AssetSelection, readAssets } from "./library-assets.js";
import { albumKind, insertRow, newUuid, type VirtualLibrary } from "./virtual-library.js";

/** An album or a folder that is not deleted. */
export interface ContainerRow {
  readonly kind: "album" | "folder";
  readonly pk: number;
  readonly uuid: string;
  readonly name: string;
  /** Null at the top level. */
  readonly parentPk: number | null;
}

const selectContainers = `SELECT c.Z_PK pk, c.ZUUID uuid, c.ZTITLE name, c.ZKIND kind,
    CASE p.ZKIND WHEN ${albumKind.root} THEN NULL ELSE p.Z_PK END parentPk
  FROM ZGENERICALBUM c JOIN ZGENERICALBUM p ON p.Z_PK = c.ZPARENTFOLDER
  WHERE c.ZTRASHEDSTATE = 0 AND c.ZKIND IN (${albumKind.album}, ${albumKind.folder})`;

interface RawContainer {
  pk: number;
  uuid: string;
  name: string | null;
  kind: number;
  parentPk: number | null;
}

function toContainer(row: RawContainer): ContainerRow {
  return { ...row, name: row.name ?? "", kind: row.kind === albumKind.folder ? "folder" : "album" };
}

/** The albums and folders directly in a folder, oldest first; null means the top level. */
export function containersIn(library: VirtualLibrary, parentPk: number | null): ContainerRow[] {
  const rows = library.database
    .prepare(`${selectContainers} AND parentPk IS ? ORDER BY c.Z_PK`)
    .all(parentPk);
  return (rows as unknown as RawContainer[]).map(toContainer);
}

export function containerByUuid(library: VirtualLibrary, uuid: string): ContainerRow | null {
  return oneContainer(library, "c.ZUUID = ?", uuid);
}

export function containerByPk(library: VirtualLibrary, pk: number): ContainerRow | null {
  return oneContainer(library, "c.Z_PK = ?", pk);
}

/** What lies in a deleted folder is deleted with it, at whatever depth. */
function oneContainer(library: VirtualLibrary, where: string, key: string | number): ContainerRow | null {
  const row = library.database.prepare(`${selectContainers} AND ${where}`).get(key);
  if (row === undefined) return null;
  const found = toContainer(row as unknown as RawContainer);
  return found.parentPk === null || containerByPk(library, found.parentPk) !== null ? found : null;
}

export function makeContainer(
  library: VirtualLibrary,
  kind: "album" | "folder",
  name: string,
  parentPk: number | null,
  now: Date,
): ContainerRow {
  const root = library.database
    .prepare("SELECT Z_PK pk FROM ZGENERICALBUM WHERE ZKIND = ?")
    .get(albumKind.root);
  const made = appleSeconds(now);
  const uuid = newUuid();
  const pk = insertRow(
    library.database,
    library.schema,
    "ZGENERICALBUM",
    kind === "album" ? "Album" : "Folder",
    {
      ZKIND: albumKind[kind],
      ZUUID: uuid,
      ZTITLE: name,
      ZPARENTFOLDER: parentPk ?? (root as { pk: number }).pk,
      ZTRASHEDSTATE: 0,
      ZCACHEDCOUNT: 0,
      ZCACHEDPHOTOSCOUNT: 0,
      ZCACHEDVIDEOSCOUNT: 0,
      ZCLOUDLOCALSTATE: 0,
      ZISPINNED: 0,
      ZISPROTOTYPE: 0,
      ZCUSTOMSORTASCENDING: 1,
      ZCUSTOMSORTKEY: 1,
      ZCREATIONDATE: made,
      ZLASTMODIFIEDDATE: made,
      ZIMPORTEDBYBUNDLEIDENTIFIER: "com.apple.Photos",
    },
  );
  return { kind, pk, uuid, name, parentPk };
}

export function renameContainer(library: VirtualLibrary, pk: number, name: string, now: Date): void {
  library.database
    .prepare("UPDATE ZGENERICALBUM SET ZTITLE = ?, ZLASTMODIFIEDDATE = ?, Z_OPT = Z_OPT + 1 WHERE Z_PK = ?")
    .run(name, appleSeconds(now), pk);
}

/** As in real libraries the row stays, marked; its photos are not touched. */
export function trashContainer(library: VirtualLibrary, pk: number, now: Date): void {
  library.database
    .prepare("UPDATE ZGENERICALBUM SET ZTRASHEDSTATE = 1, ZTRASHEDDATE = ?, Z_OPT = Z_OPT + 1 WHERE Z_PK = ?")
    .run(appleSeconds(now), pk);
}

/** What an album lists, in its order. */
export function albumMembers(library: VirtualLibrary, albumPk: number): AssetRow[] {
  return readAssets(library, membersOf(library, albumPk));
}

/** Favorites: a container of the application that is not in `albums` (Jmuccigr/AppleScripts); no row stands for it. */
export const favorites: ContainerRow = {
  kind: "album",
  pk: -1,
  uuid: "00000000-0000-0000-0000-0000FA0017E5",
  name: "Favorites",
  parentPk: null,
};

/** For {@link readAssets} and counting. */
export function membersOf(library: VirtualLibrary, albumPk: number): Required<Omit<AssetSelection, "where">> {
  if (albumPk === favorites.pk)
    return { join: "JOIN (SELECT 1) ON a.ZFAVORITE = ?", order: "a.Z_PK", values: [1] };
  const { table, album, asset, order } = library.schema.membership;
  return {
    join: `JOIN ${table} m ON m.${asset} = a.Z_PK AND m.${album} = ?`,
    order: `m.${order}`,
    values: [albumPk],
  };
}

/** An asset that is there already stays where it is. */
export function addToAlbum(
  library: VirtualLibrary,
  albumPk: number,
  assetPks: readonly number[],
  now: Date,
): void {
  const { table, album, asset, order } = library.schema.membership;
  const last = library.database
    .prepare(`SELECT coalesce(max(${order}), 0) place FROM ${table} WHERE ${album} = ?`)
    .get(albumPk) as { place: number };
  const insert = library.database.prepare(
    `INSERT OR IGNORE INTO ${table} (${album}, ${asset}, ${order}) VALUES (?, ?, ?)`,
  );
  // Photos leaves gaps of 1024 so that it can put items between.
  let place = last.place;
  for (const pk of assetPks) insert.run(albumPk, pk, (place += 1024));
  library.database
    .prepare(
      `UPDATE ZGENERICALBUM SET ZCACHEDCOUNT = (SELECT count(*) FROM ${table} WHERE ${album} = ?),
         ZLASTMODIFIEDDATE = ?, Z_OPT = Z_OPT + 1 WHERE Z_PK = ?`,
    )
    .run(albumPk, appleSeconds(now), albumPk);
}
