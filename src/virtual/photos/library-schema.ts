import { added19320, type ColumnType, columns18600, dropped19320 } from "./library-columns.js";

/** The library versions that can be made: macOS 15.7 and macOS 26.1. */
export type ModelVersion = 18600 | 19320;

/** Entity numbers of Core Data (`Z_ENT`), which differ from version to version; readers take them from `Z_PRIMARYKEY`. */
interface Entities {
  readonly AdditionalAssetAttributes: number;
  readonly Asset: number;
  readonly FileSystemBookmark: number;
  readonly FileSystemVolume: number;
  readonly GenericAlbum: number;
  readonly Album: number;
  readonly Folder: number;
  readonly ImportSession: number;
  readonly InternalResource: number;
  readonly UnmanagedAdjustment: number;
}

const entities: Readonly<Record<ModelVersion, Entities>> = {
  18600: {
    AdditionalAssetAttributes: 1,
    Asset: 3,
    FileSystemBookmark: 27,
    FileSystemVolume: 28,
    GenericAlbum: 29,
    Album: 30,
    Folder: 38,
    ImportSession: 39,
    InternalResource: 46,
    UnmanagedAdjustment: 66,
  },
  19320: {
    AdditionalAssetAttributes: 1,
    Asset: 3,
    FileSystemBookmark: 30,
    FileSystemVolume: 31,
    GenericAlbum: 32,
    Album: 33,
    Folder: 41,
    ImportSession: 42,
    InternalResource: 51,
    UnmanagedAdjustment: 73,
  },
};

const albumKinds: readonly (keyof Entities)[] = ["Album", "Folder", "ImportSession"];

export interface LibrarySchema {
  readonly modelVersion: ModelVersion;
  readonly entities: Entities;
  /** The join of albums and assets: `Z_30ASSETS` with `Z_30ALBUMS`, `Z_3ASSETS` and the order `Z_FOK_3ASSETS`. */
  readonly membership: { table: string; album: string; asset: string; order: string };
  /** Makes every table of an empty library. */
  readonly createSql: string;
  /** The columns of one table, `Z_PK` included. */
  columnsOf(table: string): ReadonlySet<string>;
}

export function librarySchema(modelVersion: ModelVersion): LibrarySchema {
  const numbers = entities[modelVersion];
  const membership = {
    table: `Z_${numbers.Album}ASSETS`,
    album: `Z_${numbers.Album}ALBUMS`,
    asset: `Z_${numbers.Asset}ASSETS`,
    order: `Z_FOK_${numbers.Asset}ASSETS`,
  };
  const tables = Object.keys(columns18600).map((table) => ({
    table,
    columns: columnsIn(table, modelVersion),
  }));
  const columnNames = new Map(
    tables.map(({ table, columns }) => [table, new Set(["Z_PK", ...columns.map(([name]) => name)])]),
  );
  return {
    modelVersion,
    entities: numbers,
    membership,
    createSql: [
      ...tables.map(({ table, columns }) => createTable(table, columns)),
      `CREATE TABLE ${membership.table} (${membership.album} INTEGER, ${membership.asset} INTEGER,
         ${membership.order} INTEGER, PRIMARY KEY (${membership.album}, ${membership.asset}))`,
      "CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER)",
      "CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR(255), Z_PLIST BLOB)",
      "CREATE TABLE Z_MODELCACHE (Z_CONTENT BLOB)",
      "CREATE INDEX Z_Asset_byUuidIndex ON ZASSET (ZUUID COLLATE BINARY ASC)",
      "CREATE INDEX Z_GenericAlbum_byUuidIndex ON ZGENERICALBUM (ZUUID COLLATE BINARY ASC)",
      "CREATE INDEX ZADDITIONALASSETATTRIBUTES_ZASSET_INDEX ON ZADDITIONALASSETATTRIBUTES (ZASSET)",
      "CREATE INDEX ZINTERNALRESOURCE_ZASSET_INDEX ON ZINTERNALRESOURCE (ZASSET)",
      "CREATE INDEX ZASSET_ZIMPORTSESSION_INDEX ON ZASSET (ZIMPORTSESSION)",
      ...Object.entries(numbers).map(([name, number]) => {
        const parent = albumKinds.some((kind) => kind === name) ? numbers.GenericAlbum : 0;
        return `INSERT INTO Z_PRIMARYKEY VALUES (${number}, '${name}', ${parent}, 0)`;
      }),
    ].join(";\n"),
    columnsOf: (table) => columnNames.get(table) ?? new Set(),
  };
}

function columnsIn(table: string, modelVersion: ModelVersion): [name: string, type: ColumnType][] {
  const isNewer = modelVersion === 19320;
  const dropped = new Set(isNewer ? words(dropped19320[table]) : []);
  return [columns18600[table], isNewer ? added19320[table] : undefined]
    .flatMap((byType) => Object.entries(byType ?? {}) as [ColumnType, string][])
    .flatMap(([type, names]) => words(names).map((name): [string, ColumnType] => [name, type]))
    .filter(([name]) => !dropped.has(name));
}

function createTable(table: string, columns: readonly [string, ColumnType][]): string {
  const declared = columns.map(([name, type]) => `${name} ${type}`);
  return `CREATE TABLE ${table} (Z_PK INTEGER PRIMARY KEY, ${declared.join(", ")})`;
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
