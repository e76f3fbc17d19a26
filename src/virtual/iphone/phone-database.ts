import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { makeTemporaryFolder } from "../../owned-folder.js";
import { buildBinaryPropertyList } from "../../usb/wire/property-list.js";
import {
  albumJoinColumns,
  albumJoinTable,
  entities,
  phoneDatabaseSchema,
  phoneModelVersion,
} from "./phone-database-schema.js";
import { SeededNumbers } from "./seeded-numbers.js";

/** One item as the phone's own database knows it. Only the first four are needed. */
export interface PhoneDatabaseRow {
  /** Below the media folder, without a slash at either end: `DCIM/100APPLE`, `PhotoData/CPLAssets/group12`. */
  readonly directory: string;
  /** `IMG_0001.JPG`: the still of a Live Photo, the JPEG of a RAW pair. */
  readonly filename: string;
  readonly kind: "photo" | "video";
  readonly createdAt: Date;
  /** The name it had when it came; default `filename`. */
  readonly originalFilename?: string;
  readonly subtype?: keyof typeof kindSubtypes;
  /** Default `createdAt`. */
  readonly addedAt?: Date;
  /** In Recently Deleted. */
  readonly isTrashed?: boolean;
  readonly isHidden?: boolean;
  readonly isFavorite?: boolean;
  readonly isEdited?: boolean;
  /** Default true; false is "Optimise iPhone Storage": a row, and no bytes under `directory`. */
  readonly isOnPhone?: boolean;
  /** Kept in step with iCloud Photos; default false. */
  readonly isSyncedWithICloud?: boolean;
  readonly sizeBytes?: number;
  /** The content identifier of a Live Photo. */
  readonly mediaGroupUuid?: string | null;
  readonly caption?: string;
  readonly burst?: { readonly id: string; readonly isPicked: boolean };
  /** In the iCloud Shared Photo Library; default false. */
  readonly isInSharedLibrary?: boolean;
  /** Titles of the user albums that hold it; an album is made at its first mention. */
  readonly albums?: readonly string[];
  /** The other files of the item. */
  readonly parts?: readonly {
    readonly part: keyof typeof resourceParts;
    readonly filename: string;
    readonly sizeBytes: number;
    /** Default as the item; false: of the item this file alone is in iCloud only. */
    readonly isOnPhone?: boolean;
  }[];
}

export interface PhoneDatabaseOptions {
  /** Leave every row in `Photos.sqlite-wal`; the main file then holds empty tables, as on a busy phone. */
  readonly leaveRowsInWal?: boolean;
  readonly modelVersion?: number;
  /**
   * What the phone keeps beside each item of faces, scenes and moments, between the rows that say where it is. Real
   * databases have 42,000 to 134,000 bytes an item. Default 0.
   */
  readonly analysisBytesPerItem?: number;
  /**
   * How long the file is in the end. The rows lie in forty places all over it, and it is sparse between them: so a
   * database of a large phone costs little to make. It has no `-wal` then.
   */
  readonly spreadOverBytes?: number;
  readonly seed?: number;
}

/** ZKINDSUBTYPE, by the published query sets of iLEAPP. */
const kindSubtypes = {
  none: 0,
  panorama: 1,
  live: 2,
  screenshot: 10,
  "slow-motion": 101,
  "time-lapse": 102,
  "screen-recording": 103,
} as const;

/** ZRESOURCETYPE, ZDATASTORESUBTYPE and ZVERSION of an item's further files. */
const resourceParts = {
  "live-movie": { type: 3, store: 18, version: 0 },
  raw: { type: 4, store: 17, version: 0 },
  adjustments: { type: 5, store: 22, version: 0 },
  edited: { type: 0, store: 2, version: 2 },
  "edited-live-movie": { type: 3, store: 19, version: 2 },
} as const;

/**
 * Writes `PhotoData/Photos.sqlite` below `mediaFolder`, with the tables and columns that say where each item
 * is and in which state. An existing one is replaced.
 */
export async function writePhoneDatabase(
  mediaFolder: string,
  rows: Iterable<PhoneDatabaseRow>,
  options: PhoneDatabaseOptions = {},
): Promise<void> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const photoData = join(mediaFolder, "PhotoData");
  await mkdir(photoData, { recursive: true });
  if (options.spreadOverBytes !== undefined) {
    for (const suffix of ["-shm", "-wal", ""])
      await rm(join(photoData, `Photos.sqlite${suffix}`), { force: true });
    return buildSpread(DatabaseSync, join(photoData, "Photos.sqlite"), [...rows], options);
  }
  const workshop = makeTemporaryFolder("rollcall-phone-database");
  try {
    const built = join(workshop.path, "Photos.sqlite");
    const database = new DatabaseSync(built);
    try {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0;");
      database.exec(`BEGIN; ${phoneDatabaseSchema}`);
      writeVersion(database, options);
      database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN;");
      rowWriter(options)(database, rows);
      database.exec("COMMIT;");
      if (options.leaveRowsInWal !== true) database.exec("PRAGMA wal_checkpoint(TRUNCATE);");
      // Copied while open: closing the last connection would fold the log into the main file and remove it.
      for (const suffix of ["-shm", "-wal", ""])
        await rm(join(photoData, `Photos.sqlite${suffix}`), { force: true });
      await copyFile(`${built}-wal`, join(photoData, "Photos.sqlite-wal"));
      await copyFile(built, join(photoData, "Photos.sqlite"));
    } finally {
      database.close();
    }
  } finally {
    workshop.remove();
  }
}

const SPREAD_PLACES = 40;

/** Between two groups of rows the file grows by a hole, so that SQLite puts the next ones behind it. */
function buildSpread(
  DatabaseSync: typeof import("@photostructure/sqlite")["DatabaseSync"],
  path: string,
  rows: readonly PhoneDatabaseRow[],
  options: PhoneDatabaseOptions,
): void {
  const sizeBytes = options.spreadOverBytes ?? 0;
  const write = rowWriter(options);
  const groupSize = Math.ceil(rows.length / SPREAD_PLACES);
  for (let place = 0; place < SPREAD_PLACES; place++) {
    const database = new DatabaseSync(path);
    try {
      database.exec("PRAGMA synchronous = OFF; BEGIN");
      if (place === 0) {
        database.exec(phoneDatabaseSchema);
        writeVersion(database, options);
      }
      write(database, rows.slice(place * groupSize, (place + 1) * groupSize));
      database.exec("COMMIT");
      if (place === SPREAD_PLACES - 1) database.exec("PRAGMA journal_mode = WAL");
    } finally {
      database.close();
    }
    growByHole(path, Math.floor((sizeBytes * (place + 1)) / SPREAD_PLACES));
  }
}

/** The page count in the header makes the hole part of the database. Format: "Database File Format", section 1.3.8. */
function growByHole(path: string, sizeBytes: number): void {
  const file = openSync(path, "r+");
  try {
    const header = Buffer.alloc(100);
    readSync(file, header, 0, header.length, 0);
    const pageCount = Math.floor(sizeBytes / header.readUInt16BE(16));
    if (pageCount <= header.readUInt32BE(28)) return;
    header.writeUInt32BE(pageCount, 28);
    writeSync(file, header, 0, header.length, 0);
    ftruncateSync(file, pageCount * header.readUInt16BE(16));
  } finally {
    closeSync(file);
  }
}

function writeVersion(database: DatabaseSyncInstance, options: PhoneDatabaseOptions): void {
  const entity = database.prepare("INSERT INTO Z_PRIMARYKEY VALUES (?, ?, ?, 0)");
  for (const [name, { number, parent }] of Object.entries(entities)) entity.run(number, name, parent);
  const plist = buildBinaryPropertyList({
    PLModelVersion: options.modelVersion ?? phoneModelVersion,
    NSStoreType: "SQLite",
    NSPersistenceFrameworkVersion: 1448,
  });
  const uuid = new SeededNumbers((options.seed ?? 1) + 1).uuid();
  database.prepare("INSERT INTO Z_METADATA VALUES (1, ?, ?)").run(uuid, plist);
}

/** Writes rows, also in several goes: an album is made once, at its first mention. */
function rowWriter(options: PhoneDatabaseOptions) {
  const numbers = new SeededNumbers(options.seed ?? 1);
  const albums = new Map<string, number>();
  let root: number | null = null;
  return (database: DatabaseSyncInstance, rows: Iterable<PhoneDatabaseRow>): void => {
    const insert = insertInto(database);
    root ??= insert("ZGENERICALBUM", { Z_ENT: entities.Folder.number, ZKIND: 3999, ZUUID: numbers.uuid() });
    writeRows(database, rows, {
      insert,
      numbers,
      albums,
      root,
      analysisBytes: options.analysisBytesPerItem ?? 0,
    });
  };
}

function writeRows(
  database: DatabaseSyncInstance,
  rows: Iterable<PhoneDatabaseRow>,
  into: {
    readonly insert: Insert;
    readonly numbers: SeededNumbers;
    readonly albums: Map<string, number>;
    readonly root: number;
    readonly analysisBytes: number;
  },
): void {
  const { insert, numbers, albums, root, analysisBytes } = into;
  const analysis = database.prepare("INSERT INTO ZSCENEPRINT (ZDATA) VALUES (zeroblob(?))");
  for (const row of rows) {
    const isSynced = row.isSyncedWithICloud ?? false;
    const uniformType = typeOf(row.filename).name;
    const master = isSynced
      ? insert("ZCLOUDMASTER", {
          Z_ENT: entities.CloudMaster.number,
          ZCLOUDLOCALSTATE: 3,
          ZCREATIONDATE: appleSeconds(row.createdAt),
          ZCLOUDMASTERGUID: numbers.uuid(),
          ZORIGINALFILENAME: row.originalFilename ?? row.filename,
          ZUNIFORMTYPEIDENTIFIER: uniformType,
        })
      : null;
    const asset = insert("ZASSET", {
      ...assetColumns(row),
      ZMASTER: master,
      ZUNIFORMTYPEIDENTIFIER: uniformType,
      ZUUID: numbers.uuid(),
      ZCLOUDASSETGUID: isSynced ? numbers.uuid() : null,
    });
    const caption =
      row.caption === undefined
        ? null
        : insert("ZASSETDESCRIPTION", {
            Z_ENT: entities.AssetDescription.number,
            ZLONGDESCRIPTION: row.caption,
          });
    const attributes = insert("ZADDITIONALASSETATTRIBUTES", {
      Z_ENT: entities.AdditionalAssetAttributes.number,
      ZASSET: asset,
      ZASSETDESCRIPTION: caption,
      ZIMPORTEDBY: isSynced && row.isOnPhone === false ? 0 : 1,
      ZORIGINALFILENAME: row.originalFilename ?? row.filename,
      ZORIGINALFILESIZE: row.sizeBytes ?? null,
      ZORIGINALRESOURCECHOICE: 0,
      ZPTPTRASHEDSTATE: row.isTrashed ? 1 : 0,
    });
    database.prepare("UPDATE ZASSET SET ZADDITIONALATTRIBUTES = ? WHERE Z_PK = ?").run(attributes, asset);
    if (caption !== null)
      database
        .prepare("UPDATE ZASSETDESCRIPTION SET ZASSETATTRIBUTES = ? WHERE Z_PK = ?")
        .run(attributes, caption);
    writeResources(insert, row, asset);
    if (analysisBytes > 0) analysis.run(analysisBytes);
    for (const title of row.albums ?? []) {
      const album =
        albums.get(title) ??
        insert("ZGENERICALBUM", {
          Z_ENT: entities.Album.number,
          ZKIND: 2,
          ZTITLE: title,
          ZTRASHEDSTATE: 0,
          ZPARENTFOLDER: root,
          ZUUID: numbers.uuid(),
        });
      albums.set(title, album);
      insert(albumJoinTable, {
        [albumJoinColumns.album]: album,
        [albumJoinColumns.asset]: asset,
        [albumJoinColumns.order]: 1024 * asset,
      });
    }
  }
  database.exec(
    "UPDATE Z_PRIMARYKEY SET Z_MAX = (SELECT coalesce(max(Z_PK), 0) FROM ZASSET) WHERE Z_NAME = 'Asset'",
  );
}

function assetColumns(row: PhoneDatabaseRow): Columns {
  const subtype = row.subtype ?? "none";
  const playbackStyle = row.kind === "video" ? 4 : subtype === "live" ? 3 : 1;
  const isSynced = row.isSyncedWithICloud ?? false;
  return {
    Z_ENT: entities.Asset.number,
    ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE: row.isInSharedLibrary ? 1 : 0,
    ZADJUSTMENTSSTATE: row.isEdited ? 2 : 0,
    ZAVALANCHEUUID: row.burst?.id ?? null,
    // 4 and 16: the phone's own pick, which stands for the burst; 2: not picked.
    ZAVALANCHEPICKTYPE: row.burst === undefined ? 0 : row.burst.isPicked ? 20 : 2,
    ZBUNDLESCOPE: 0,
    ZCLOUDDELETESTATE: 0,
    ZCLOUDLOCALSTATE: isSynced ? 1 : 0,
    ZCOMPLETE: 1,
    ZFAVORITE: row.isFavorite ? 1 : 0,
    ZHIDDEN: row.isHidden ? 1 : 0,
    ZISDETECTEDSCREENSHOT: subtype === "screenshot" ? 1 : 0,
    ZKIND: row.kind === "video" ? 1 : 0,
    ZKINDSUBTYPE: kindSubtypes[subtype],
    ZORIENTATION: 1,
    ZPLAYBACKSTYLE: playbackStyle,
    ZSAVEDASSETTYPE: isSynced && row.isOnPhone === false ? 6 : 3,
    ZTRASHEDREASON: 0,
    ZTRASHEDSTATE: row.isTrashed ? 1 : 0,
    ZTRASHEDDATE: row.isTrashed ? appleSeconds(row.addedAt ?? row.createdAt) : null,
    ZVISIBILITYSTATE: row.burst?.isPicked === false ? 2 : 0,
    ZADDEDDATE: appleSeconds(row.addedAt ?? row.createdAt),
    ZDATECREATED: appleSeconds(row.createdAt),
    ZMODIFICATIONDATE: appleSeconds(row.addedAt ?? row.createdAt),
    ZSORTTOKEN: appleSeconds(row.createdAt),
    ZDIRECTORY: row.directory,
    ZFILENAME: row.filename,
    ZMEDIAGROUPUUID: row.mediaGroupUuid ?? null,
  };
}

function writeResources(insert: Insert, row: PhoneDatabaseRow, asset: number): void {
  const isOnPhone = row.isOnPhone ?? true;
  const isSynced = row.isSyncedWithICloud ?? false;
  const whole = { type: row.kind === "video" ? 1 : 0, store: 1, version: 0 };
  const files = [
    { ...whole, filename: row.filename, sizeBytes: row.sizeBytes ?? null, isOnPhone },
    ...(row.parts ?? []).map((part) => ({ isOnPhone, ...resourceParts[part.part], ...part })),
  ];
  for (const file of files) {
    insert("ZINTERNALRESOURCE", {
      Z_ENT: entities.InternalResource.number,
      ZASSET: asset,
      ZRESOURCETYPE: file.type,
      ZDATASTORECLASSID: 0,
      ZDATASTORESUBTYPE: file.store,
      ZVERSION: file.version,
      ZDATALENGTH: file.sizeBytes,
      ZLOCALAVAILABILITY: file.isOnPhone ? 1 : -1,
      ZREMOTEAVAILABILITY: isSynced ? 1 : 0,
      ZTRASHEDSTATE: 0,
      ZCOMPACTUTI: typeOf(file.filename).compact,
      // A row without bytes is known by its fingerprint (iLEAPP Ph051): 28 characters that begin with A.
      ZFINGERPRINT: isSynced ? `A${"k".repeat(26)}=` : null,
    });
  }
}

type Columns = Record<string, string | number | null>;
type Insert = (table: string, columns: Columns) => number;

/** Inserts one row and returns its primary key. Statements are kept per table and set of columns. */
function insertInto(database: DatabaseSyncInstance): Insert {
  const statements = new Map<string, ReturnType<DatabaseSyncInstance["prepare"]>>();
  return (table, columns) => {
    const names = Object.keys(columns).join(", ");
    const sql = `INSERT INTO ${table} (${names}) VALUES (${Object.keys(columns)
      .map(() => "?")
      .join(", ")})`;
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return Number(statement.run(...Object.values(columns)).lastInsertRowid);
  };
}

/** Uniform type identifiers, and the numbers that stand for them in ZCOMPACTUTI (kept there as text). */
function typeOf(filename: string): { name: string; compact: string | null } {
  const types: Record<string, [string, string]> = {
    ".jpg": ["public.jpeg", "1"],
    ".heic": ["public.heic", "3"],
    ".png": ["public.png", "6"],
    ".dng": ["com.adobe.raw-image", "9"],
    ".mov": ["com.apple.quicktime-movie", "23"],
    ".mp4": ["public.mpeg-4", "24"],
    ".aae": ["com.apple.photos.apple-adjustment-envelope", "37"],
  };
  const [name, compact] = types[extname(filename).toLowerCase()] ?? ["public.data", null];
  return { name, compact };
}

/** Core Data counts seconds from the start of 2001. */
function appleSeconds(moment: Date): number {
  return moment.getTime() / 1000 - 978_307_200;
}
