import { extname } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { entities, type Insert, keywordJoinColumns, keywordJoinTable } from "./phone-database-schema.js";
import { type PhoneDatabaseEntry, SidebarWriter } from "./phone-database-sidebar.js";
import { SeededNumbers } from "./seeded-numbers.js";

/** One item as the phone's own database knows it. Only the first four are needed. */
export interface PhoneDatabaseRow {
  /** Below the media folder, without a slash at either end: `DCIM/100APPLE`, `PhotoData/CPLAssets/group12`. */
  readonly directory: string;
  /** `IMG_0001.JPG`: the still of a Live Photo, the JPEG of a RAW pair. */
  readonly filename: string;
  readonly kind: "photo" | "video";
  readonly createdAt: Date;
  /** Of a video, in seconds; 0 unless given, as for a photo. */
  readonly seconds?: number;
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
  readonly title?: string;
  readonly keywords?: readonly string[];
  readonly timeZone?: ZoneOfPhoto;
  readonly place?: PlaceOfPhoto;
  /** What the file itself says, where the phone shows something else: what was changed on the phone. */
  readonly inFile?: {
    /** Null: it has none. */
    readonly createdAt?: Date | null;
    readonly timeZone?: ZoneOfPhoto;
    readonly place?: PlaceOfPhoto | null;
  };
  readonly burst?: { readonly id: string; readonly isPicked: boolean };
  /** In the iCloud Shared Photo Library; default false. */
  readonly isInSharedLibrary?: boolean;
  /** Titles of albums at the top that hold it; an album is made at its first mention. */
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

interface ZoneOfPhoto {
  /** `Europe/Rome`; `GMT+0200` where the file says its offset. */
  readonly name: string;
  readonly offsetSeconds: number;
}

interface PlaceOfPhoto {
  readonly latitude: number;
  readonly longitude: number;
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

interface RowWriter {
  /** Also in several goes. */
  readonly write: (database: DatabaseSyncInstance, rows: Iterable<PhoneDatabaseRow>) => void;
  /** After the rows: behind the albums that they mention. @throws Error for a photo that no row has */
  readonly writeSidebar: (database: DatabaseSyncInstance, entries: readonly PhoneDatabaseEntry[]) => void;
}

export function rowWriter(options: {
  readonly seed?: number;
  readonly analysisBytesPerItem?: number;
}): RowWriter {
  const numbers = new SeededNumbers(options.seed ?? 1);
  const sidebar = new SidebarWriter(numbers);
  const keywords = new Map<string, number>();
  const analysisBytes = options.analysisBytesPerItem ?? 0;
  return {
    write: (database, rows) => {
      const insert = insertInto(database);
      sidebar.begin(insert);
      writeRows(database, rows, { insert, numbers, sidebar, keywords, analysisBytes });
    },
    writeSidebar: (database, entries) => {
      const assets = assetsByPath(database);
      const assetOf = (path: string) => {
        const asset = assets.get(path);
        if (asset === undefined) throw new Error(`There is no row for ${path}.`);
        return asset;
      };
      sidebar.write(insertInto(database), entries, assetOf);
    },
  };
}

function assetsByPath(database: DatabaseSyncInstance): Map<string, number> {
  const rows = database
    .prepare("SELECT ZDIRECTORY || '/' || ZFILENAME AS path, Z_PK AS asset FROM ZASSET")
    .all();
  return new Map((rows as { path: string; asset: number }[]).map(({ path, asset }) => [path, asset]));
}

function writeRows(
  database: DatabaseSyncInstance,
  rows: Iterable<PhoneDatabaseRow>,
  into: {
    readonly insert: Insert;
    readonly numbers: SeededNumbers;
    readonly sidebar: SidebarWriter;
    /** By title, as the phone has each once. */
    readonly keywords: Map<string, number>;
    readonly analysisBytes: number;
  },
): void {
  const { insert, numbers, sidebar, keywords, analysisBytes } = into;
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
      ZTITLE: row.title ?? null,
      ZTIMEZONENAME: row.timeZone?.name ?? null,
      ZTIMEZONEOFFSET: row.timeZone?.offsetSeconds ?? null,
      ZINFERREDTIMEZONEOFFSET: row.timeZone?.offsetSeconds ?? null,
      // 1: a person set it; -1: nobody knows.
      ZGPSHORIZONTALACCURACY: row.inFile?.place === undefined ? -1 : 1,
    });
    database.prepare("UPDATE ZASSET SET ZADDITIONALATTRIBUTES = ? WHERE Z_PK = ?").run(attributes, asset);
    if (caption !== null)
      database
        .prepare("UPDATE ZASSETDESCRIPTION SET ZASSETATTRIBUTES = ? WHERE Z_PK = ?")
        .run(attributes, caption);
    writeResources(insert, row, asset);
    if (analysisBytes > 0) analysis.run(analysisBytes);
    insert("ZEXTENDEDATTRIBUTES", { ...fileColumns(row), ZASSET: asset });
    for (const title of row.keywords ?? []) {
      const keyword =
        keywords.get(title) ??
        insert("ZKEYWORD", { Z_ENT: entities.Keyword.number, ZTITLE: title, ZUUID: numbers.uuid() });
      keywords.set(title, keyword);
      insert(keywordJoinTable, {
        [keywordJoinColumns.attributes]: attributes,
        [keywordJoinColumns.keyword]: keyword,
      });
    }
    for (const title of row.albums ?? []) sidebar.mention(insert, title, asset);
  }
  database.exec(
    "UPDATE Z_PRIMARYKEY SET Z_MAX = (SELECT coalesce(max(Z_PK), 0) FROM ZASSET) WHERE Z_NAME = 'Asset'",
  );
}

/** As Photos writes it, for both. */
const NO_PLACE = -180;

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
    ZDURATION: row.seconds ?? 0,
    ZLATITUDE: row.place?.latitude ?? NO_PLACE,
    ZLONGITUDE: row.place?.longitude ?? NO_PLACE,
    ZMODIFICATIONDATE: appleSeconds(row.addedAt ?? row.createdAt),
    ZSORTTOKEN: appleSeconds(row.createdAt),
    ZDIRECTORY: row.directory,
    ZFILENAME: row.filename,
    ZMEDIAGROUPUUID: row.mediaGroupUuid ?? null,
  };
}

/** What the phone read in the file. */
function fileColumns(row: PhoneDatabaseRow): Columns {
  const { createdAt = row.createdAt, timeZone = row.timeZone, place = row.place } = row.inFile ?? {};
  return {
    Z_ENT: entities.ExtendedAttributes.number,
    ZDATECREATED: createdAt === null ? null : appleSeconds(createdAt),
    ZTIMEZONENAME: timeZone?.name ?? null,
    ZTIMEZONEOFFSET: timeZone?.offsetSeconds ?? null,
    ZLATITUDE: place?.latitude ?? null,
    ZLONGITUDE: place?.longitude ?? null,
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

type Columns = Parameters<Insert>[1];

/** Statements are kept per table and set of columns. */
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
