import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import type { MemoryFile } from "../../src/virtual/iphone/memory-phone.js";

/** The columns that matter of a phone on iOS 18. */
export const IOS_18 = `
  CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZTRASHEDSTATE INTEGER,
    ZHIDDEN INTEGER, ZFAVORITE INTEGER, ZKIND INTEGER, ZKINDSUBTYPE INTEGER, ZSAVEDASSETTYPE INTEGER,
    ZVISIBILITYSTATE INTEGER, ZCLOUDLOCALSTATE INTEGER, ZDATECREATED, ZDURATION TIMESTAMP, ZADDEDDATE TIMESTAMP);
  CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZORIGINALFILENAME VARCHAR,
    ZORIGINALFILESIZE INTEGER);
  CREATE TABLE ZINTERNALRESOURCE (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZDATASTORESUBTYPE INTEGER,
    ZLOCALAVAILABILITY INTEGER, ZREMOTEAVAILABILITY INTEGER, ZFINGERPRINT VARCHAR);
  CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR(255), Z_PLIST BLOB);
`;

/** One photo as a test describes it: column names without their Z. Resources as of its original. */
export interface AssetForTest {
  readonly path: string;
  readonly asset?: Record<string, unknown>;
  readonly extra?: Record<string, unknown>;
  readonly resource?: Record<string, unknown>;
}

export function insertAsset(database: DatabaseSyncInstance, table: string, photo: AssetForTest): number {
  const at = photo.path.lastIndexOf("/");
  const insert = (into: string, values: Record<string, unknown>) => {
    const names = Object.keys(values);
    const marks = names.map(() => "?").join(", ");
    const columns = names.map((name) => `Z${name}`).join(", ");
    return database
      .prepare(`INSERT INTO ${into} (${columns}) VALUES (${marks})`)
      .run(...(Object.values(values) as (string | number)[])).lastInsertRowid;
  };
  const key = insert(table, {
    DIRECTORY: photo.path.slice(0, at),
    FILENAME: photo.path.slice(at + 1),
    TRASHEDSTATE: 0,
    HIDDEN: 0,
    KIND: 0,
    ...photo.asset,
  });
  if (photo.extra) insert("ZADDITIONALASSETATTRIBUTES", { ASSET: key, ...photo.extra });
  if (photo.resource) insert("ZINTERNALRESOURCE", { ASSET: key, DATASTORESUBTYPE: 1, ...photo.resource });
  return Number(key);
}

/**
 * Makes `/PhotoData/Photos.sqlite` and its `-wal` as files of a phone.
 * @param change fills the database; what `late` does lies in the `-wal` only
 */
export function databaseFiles(
  change: (database: DatabaseSyncInstance) => void,
  late?: (database: DatabaseSyncInstance) => void,
): [path: string, file: Partial<MemoryFile>][] {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
  const path = join(folder, "Photos.sqlite");
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    change(database);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    late?.(database);
    return [
      ["/PhotoData/Photos.sqlite", { bytes: readFileSync(path) }],
      ["/PhotoData/Photos.sqlite-wal", { bytes: readFileSync(`${path}-wal`) }],
    ];
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

/** A phone's database of iOS 18 with these photos. */
export function libraryOf(photos: readonly AssetForTest[]): [path: string, file: Partial<MemoryFile>][] {
  return databaseFiles((database) => {
    database.exec(IOS_18);
    for (const photo of photos) insertAsset(database, "ZASSET", photo);
  });
}

/**
 * A real library's database, of a Mac, with its photos moved to where a phone has them. The original stays.
 * @param where what was changed lies in the main file, or in the `-wal` with what the library had there
 */
export function macLibraryOnPhone(
  library: string,
  where: "main" | "log" = "main",
): [path: string, file: Partial<MemoryFile>][] {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
  const path = join(folder, "Photos.sqlite");
  try {
    for (const suffix of ["", "-wal"]) {
      const from = join(library, "database", `Photos.sqlite${suffix}`);
      if (existsSync(from)) copyFileSync(from, path + suffix);
    }
    for (const suffix of ["", "-wal"]) if (existsSync(path + suffix)) chmodSync(path + suffix, 0o600);
    const database = new DatabaseSync(path);
    try {
      database.exec("PRAGMA wal_autocheckpoint = 0");
      const table = database
        .prepare("SELECT name FROM sqlite_schema WHERE name IN ('ZASSET', 'ZGENERICASSET')")
        .get().name;
      withoutTriggers(database, () => {
        database.exec(`UPDATE ${table} SET ZDIRECTORY = 'DCIM/100APPLE'`);
      });
      if (where === "main") database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      const main: Partial<MemoryFile> = { bytes: readFileSync(path) };
      const log: Partial<MemoryFile> = { bytes: readFileSync(`${path}-wal`) };
      return [
        ["/PhotoData/Photos.sqlite", main],
        ["/PhotoData/Photos.sqlite-wal", log],
      ];
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A phone's database with the tables of a real library (a Mac's, of the same model), emptied and filled anew.
 * @param fill the name of its table of photos, and of the table that joins them to albums, as Core Data numbers it
 */
export function phoneDatabaseLike(
  library: string,
  fill: (database: DatabaseSyncInstance, tables: RealTables) => void,
): [path: string, file: Partial<MemoryFile>][] {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
  const path = join(folder, "Photos.sqlite");
  try {
    copyFileSync(join(library, "database", "Photos.sqlite"), path);
    chmodSync(path, 0o600);
    const database = new DatabaseSync(path);
    try {
      const entity = (names: string) =>
        Number(
          database.prepare(`SELECT min(Z_ENT) AS n FROM Z_PRIMARYKEY WHERE Z_NAME IN (${names})`).get().n,
        );
      const asset = database
        .prepare("SELECT name FROM sqlite_schema WHERE name IN ('ZASSET', 'ZGENERICASSET')")
        .get().name;
      const album = entity("'Album'");
      const tables = {
        asset,
        join: `Z_${album}ASSETS`,
        joinAlbum: `Z_${album}ALBUMS`,
        joinAsset: `Z_${entity(asset === "ZASSET" ? "'Asset'" : "'GenericAsset'")}ASSETS`,
      };
      const emptied = [
        "ZADDITIONALASSETATTRIBUTES",
        "ZINTERNALRESOURCE",
        "ZGENERICALBUM",
        "ZASSETDESCRIPTION",
      ];
      withoutTriggers(database, () => {
        for (const table of [asset, tables.join, ...emptied]) database.exec(`DELETE FROM ${table}`);
        fill(database, tables);
      });
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      database.close();
    }
    return [["/PhotoData/Photos.sqlite", { bytes: readFileSync(path) }]];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface RealTables {
  readonly asset: string;
  readonly join: string;
  readonly joinAlbum: string;
  readonly joinAsset: string;
}

/** Changes a real database, whose triggers call functions that only Photos has. They are there again afterwards. */
export function withoutTriggers(database: DatabaseSyncInstance, change: () => void): void {
  const triggers: { name: string; sql: string }[] = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
  change();
  for (const { sql } of triggers) database.exec(sql);
}
