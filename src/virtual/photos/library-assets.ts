import { letLateRowsCome, seenByScripts } from "./late-rows.js";
import type { VirtualLibrary } from "./virtual-library.js";

/** One item that scripts can see, with everything they can ask of it. */
export interface AssetRow {
  readonly pk: number;
  readonly uuid: string;
  /** The name it was imported under. */
  readonly filename: string;
  /** Of the original alone, without a Live Photo's video. */
  readonly sizeBytes: number;
  readonly title: string | null;
  readonly isFavorite: boolean;
  /** Seconds since 2001. */
  readonly createdAt: number;
  readonly width: number;
  readonly height: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** Narrows the items of a library: SQL around `ZASSET a`. */
export interface AssetSelection {
  readonly join?: string;
  readonly where?: string;
  readonly order?: string;
  readonly values?: readonly (string | number)[];
}

/** Scripts see neither trashed nor hidden items, nor the frames of a burst that were not picked. */
const visible = "a.ZTRASHEDSTATE = 0 AND a.ZHIDDEN = 0 AND a.ZVISIBILITYSTATE = 0";

/** Photos writes this where no place is known. */
export const noPlace = -180;

export function readAssets(library: VirtualLibrary, selection: AssetSelection = {}): AssetRow[] {
  const rows = library.database
    .prepare(
      `SELECT a.Z_PK pk, a.ZUUID uuid, x.ZORIGINALFILENAME filename, x.ZORIGINALFILESIZE sizeBytes, x.ZTITLE title,
         a.ZFAVORITE isFavorite, a.ZDATECREATED createdAt, a.ZWIDTH width, a.ZHEIGHT height,
         a.ZLATITUDE latitude, a.ZLONGITUDE longitude
       ${fromSelection(library, selection)} ORDER BY ${selection.order ?? "a.Z_PK"}`,
    )
    .all(...(selection.values ?? [])) as unknown as (Omit<AssetRow, "isFavorite"> & { isFavorite: number })[];
  return rows.map((row) => ({ ...row, isFavorite: row.isFavorite === 1 }));
}

export function countAssets(library: VirtualLibrary, selection: AssetSelection = {}): number {
  const row = library.database
    .prepare(`SELECT count(*) count ${fromSelection(library, selection)}`)
    .get(...(selection.values ?? [])) as { count: number };
  return row.count;
}

export function assetByUuid(library: VirtualLibrary, uuid: string): AssetRow | null {
  return readAssets(library, { where: "a.ZUUID = ?", values: [uuid] })[0] ?? null;
}

/** Length of a Live Photo's video; 0 for everything else. */
export function liveVideoBytes(library: VirtualLibrary, pk: number): number {
  const row = library.database
    .prepare(
      "SELECT sum(ZDATALENGTH) bytes FROM ZINTERNALRESOURCE WHERE ZASSET = ? AND ZDATASTORESUBTYPE = 18",
    )
    .get(pk) as { bytes: number | null };
  return row.bytes ?? 0;
}

/** True where the library has an item of this name, in any case, and of this size. */
export function hasNameAndSize(library: VirtualLibrary, name: string, sizeBytes: number): boolean {
  const where = "lower(x.ZORIGINALFILENAME) = lower(?) AND x.ZORIGINALFILESIZE = ?";
  return countAssets(library, { where, values: [name, sizeBytes] }) > 0;
}

type AssetChange =
  | { readonly title: string | null }
  | { readonly isFavorite: boolean }
  | { readonly createdAt: number }
  | { readonly latitude: number; readonly longitude: number };

export function changeAsset(library: VirtualLibrary, pk: number, change: AssetChange): void {
  letLateRowsCome(library, null);
  const update = (table: string, assignment: string, key: string, ...values: (string | number | null)[]) =>
    library.database.prepare(`UPDATE ${table} SET ${assignment} WHERE ${key} = ?`).run(...values, pk);
  if ("title" in change) update("ZADDITIONALASSETATTRIBUTES", "ZTITLE = ?", "ZASSET", change.title);
  else if ("isFavorite" in change) update("ZASSET", "ZFAVORITE = ?", "Z_PK", change.isFavorite ? 1 : 0);
  else if ("createdAt" in change) update("ZASSET", "ZDATECREATED = ?", "Z_PK", change.createdAt);
  else update("ZASSET", "ZLATITUDE = ?, ZLONGITUDE = ?", "Z_PK", change.latitude, change.longitude);
}

function fromSelection(library: VirtualLibrary, selection: AssetSelection): string {
  return `FROM ${seenByScripts(library)} a JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = a.Z_PK ${selection.join ?? ""}
    WHERE ${visible} AND ${selection.where ?? "1"}`;
}
