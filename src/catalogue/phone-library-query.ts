import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { modelVersionOf } from "./core-data-model-version.js";
import type { Burst, PartRole, PhoneLibraryRow } from "./phone-library-rows.js";

/** The tables that every run asks. Only their pages are read off the phone. */
const ASKED_TABLES: ReadonlySet<string> = new Set([
  ...["ZASSET", "ZGENERICASSET", "ZADDITIONALASSETATTRIBUTES", "ZASSETDESCRIPTION", "ZINTERNALRESOURCE"],
  ...["ZGENERICALBUM", "Z_PRIMARYKEY", "Z_METADATA"],
]);

/** What only a run asks that carries what people did with their photos: about 150 bytes a photo more. */
const TABLES_OF_CARRIED_FACTS: ReadonlySet<string> = new Set(["ZEXTENDEDATTRIBUTES", "ZKEYWORD"]);

/** Also those that join albums and photos, or keywords and photos, which are called by numbers. */
export function isAskedTable(table: string, withCarriedFacts: boolean): boolean {
  if (ASKED_TABLES.has(table) || /^Z_\d+ASSETS$/.test(table)) return true;
  return withCarriedFacts && (TABLES_OF_CARRIED_FACTS.has(table) || /^Z_\d+KEYWORDS$/.test(table));
}

/** What a question about assets asks besides; see {@link assetQuery} for the names of the tables. */
export interface MoreAssetColumns {
  /** Of ZADDITIONALASSETATTRIBUTES, where it has them. */
  readonly extra: readonly string[];
  /** Further tables: how each is made, and how it is joined. */
  readonly tables: readonly { readonly made: string; readonly join: string }[];
  readonly selected: (tables: {
    readonly hasExtra: boolean;
    readonly hasCaption: boolean;
  }) => readonly string[];
}

const NO_MORE: MoreAssetColumns = { extra: [], tables: [], selected: () => [] };

/**
 * The question put to `Photos.sqlite`. Tables and columns differ from iOS 9.3 to 26, so each is used only where
 * it is there. Meanings: iLEAPP's queries, schemas of iOS 9.3.5 and 11.2, and libraries of macOS 10.15 to 26,
 * which have the same model.
 *
 * No index is asked, since indexes are not read off the phone: hence `NOT INDEXED`, and tables that are joined are
 * materialized, for which SQLite makes an index of its own.
 *
 * The `CASE`s and `CAST`s make every value of the answer small and of a known type, whatever a damaged or
 * crafted row holds.
 *
 * The asset is `a`, its attributes `x`, its caption `d`.
 * @param more is asked behind the columns of {@link rowOf}
 * @returns null where no table says what is trashed and what is hidden, because a library that cannot say so
 *   must not be taken for one without such pictures
 */
export function assetQuery(database: DatabaseSyncInstance, more: MoreAssetColumns = NO_MORE): string | null {
  const columnsOf = (table: string) => tableColumns(database, table);
  const asset = assetTable(database);
  if (asset === null) return null;

  const own = columnsOf(asset);
  const extra = columnsOf("ZADDITIONALASSETATTRIBUTES");
  const resource = columnsOf("ZINTERNALRESOURCE");
  const description = columnsOf("ZASSETDESCRIPTION");
  const hasExtra = extra.has("ZASSET");
  const hasCaption =
    hasExtra &&
    extra.has("ZASSETDESCRIPTION") &&
    description.has("Z_PK") &&
    description.has("ZLONGDESCRIPTION");
  const hasResource = ["ZASSET", "ZDATASTORESUBTYPE", "ZLOCALAVAILABILITY"].every((name) =>
    resource.has(name),
  );

  const ofAsset = (name: string) => (own.has(name) ? `a.${name}` : "NULL");
  const ofExtra = (name: string) => (hasExtra && extra.has(name) ? `x.${name}` : "NULL");
  const ofResource = (name: string) => (hasResource ? `r.${name}` : "NULL");
  // ZHASADJUSTMENTS up to iOS 17, ZADJUSTMENTSSTATE from 18.
  const edited = ["ZADJUSTMENTSSTATE", "ZHASADJUSTMENTS"].find((name) => own.has(name));
  const selected = [
    key("a.Z_PK"),
    text("a.ZDIRECTORY"),
    text("a.ZFILENAME"),
    isSet("a.ZTRASHEDSTATE"),
    isSet("a.ZHIDDEN"),
    whole(ofAsset("ZFAVORITE")),
    whole(ofAsset("ZKIND")),
    whole(ofAsset("ZKINDSUBTYPE")),
    whole(ofAsset("ZVISIBILITYSTATE")),
    whole(ofAsset("ZCLOUDLOCALSTATE")),
    real(ofAsset("ZDATECREATED")),
    text(ofExtra("ZORIGINALFILENAME")),
    real(ofExtra("ZORIGINALFILESIZE")),
    whole(ofResource("here")),
    whole(ofResource("away")),
    whole(ofResource("remote")),
    edited === undefined ? "NULL" : isSet(`a.${edited}`),
    whole(ofAsset("ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE")),
    text(ofAsset("ZAVALANCHEUUID")),
    whole(ofAsset("ZAVALANCHEPICKTYPE")),
    hasCaption ? beginning("d.ZLONGDESCRIPTION") : "NULL",
    real(ofAsset("ZDURATION")),
    ...more.selected({ hasExtra, hasCaption }),
  ];
  const joined = [
    ...(hasExtra
      ? [materialized("x", "ZADDITIONALASSETATTRIBUTES", [...EXTRA_COLUMNS, ...more.extra], extra)]
      : []),
    ...(hasCaption
      ? [materialized("d", "ZASSETDESCRIPTION", ["Z_PK", "ZLONGDESCRIPTION"], description)]
      : []),
    ...(hasResource ? [`r AS MATERIALIZED (${originalsQuery(resource)})`] : []),
    ...more.tables.map(({ made }) => made),
  ];
  return [
    joined.length > 0 ? `WITH ${joined.join(",\n  ")}` : "",
    `SELECT ${selected.join(",\n  ")}`,
    `FROM ${asset} AS a NOT INDEXED`,
    hasExtra ? "LEFT JOIN x ON x.ZASSET = a.Z_PK" : "",
    hasCaption ? "LEFT JOIN d ON d.Z_PK = x.ZASSETDESCRIPTION" : "",
    hasResource ? "LEFT JOIN r ON r.asset = a.Z_PK" : "",
    ...more.tables.map(({ join }) => join),
    `WHERE ${isOwn(own)}`,
    // Z_PK in every database of Apple's. Of this one no crafted table makes SQLite sort all rows before the first.
    "ORDER BY a.rowid",
  ].join("\n");
}

/** ZGENERICASSET up to iOS 13, ZASSET from 14. */
export function assetTable(database: DatabaseSyncInstance): string | null {
  const found = ["ZASSET", "ZGENERICASSET"].find((table) => {
    const columns = tableColumns(database, table);
    return ["Z_PK", "ZDIRECTORY", "ZFILENAME", "ZTRASHEDSTATE", "ZHIDDEN"].every((name) => columns.has(name));
  });
  return found ?? null;
}

const EXTRA_COLUMNS = ["ZASSET", "ZASSETDESCRIPTION", "ZORIGINALFILENAME", "ZORIGINALFILESIZE"];

/** Those columns of a table that it has, as a table of its own. */
export function materialized(
  name: string,
  table: string,
  wanted: readonly string[],
  columns: ReadonlySet<string>,
): string {
  const asked = wanted.filter((column) => columns.has(column));
  return `${name} AS MATERIALIZED (SELECT ${asked.join(", ")} FROM ${table} NOT INDEXED)`;
}

/**
 * Leaves out other people's pictures, which are not in this library: 4 shared album, 8 iCloud link, 12 Shared
 * with You; from iOS 15 also ZBUNDLESCOPE 1 link, 2 shared album, 3 Shared with You. What is in the Shared
 * Library stays: the phone shows it among its own.
 */
function isOwn(columns: ReadonlySet<string>): string {
  const tests = ["1"];
  if (columns.has("ZSAVEDASSETTYPE")) tests.push("coalesce(a.ZSAVEDASSETTYPE, 3) NOT IN (4, 8, 12)");
  if (columns.has("ZBUNDLESCOPE")) tests.push("coalesce(a.ZBUNDLESCOPE, 0) NOT IN (1, 2, 3)");
  return tests.join(" AND ");
}

/**
 * Of each asset's original (ZDATASTORESUBTYPE 1; absent before iOS 12): is it here, is it away and known to
 * iCloud, and does iCloud have it. Away needs a sign that it exists at all, a fingerprint or iCloud's word
 * (the rule with the fingerprint is iLEAPP's; from iOS 18 it may be called ZSTABLEHASH).
 */
function originalsQuery(columns: ReadonlySet<string>): string {
  const isRemote = columns.has("ZREMOTEAVAILABILITY") ? "ZREMOTEAVAILABILITY = 1" : "NULL";
  const signs = ["ZFINGERPRINT", "ZSTABLEHASH"].filter((name) => columns.has(name));
  const isKnown = [...signs.map((name) => `${name} IS NOT NULL`), `coalesce(${isRemote}, 0)`].join(" OR ");
  return `SELECT ZASSET AS asset, max(ZLOCALAVAILABILITY = 1) AS here,
      max(ZLOCALAVAILABILITY = -1 AND (${isKnown})) AS away, max(${isRemote}) AS remote
    FROM ZINTERNALRESOURCE NOT INDEXED WHERE ZDATASTORESUBTYPE = 1 AND ZASSET IS NOT NULL GROUP BY ZASSET`;
}

export const MAX_TEXT_LENGTH = 1_024;

/** A primary key, as a number that JavaScript holds exactly. */
export function key(column: string): string {
  return `CASE WHEN typeof(${column}) = 'integer' AND ${column} BETWEEN 1 AND 9007199254740991 THEN ${column} END`;
}

function beginning(column: string): string {
  return `CASE WHEN typeof(${column}) = 'text' THEN substr(${column}, 1, ${MAX_TEXT_LENGTH}) END`;
}

export function text(column: string, maxLength = MAX_TEXT_LENGTH): string {
  if (column === "NULL") return column;
  return `CASE WHEN typeof(${column}) = 'text' AND length(${column}) <= ${maxLength} THEN ${column} END`;
}

/** Anything but 0 counts: rather ask about a picture than show one that was put away. */
export function isSet(column: string): string {
  return `coalesce(${column} <> 0, 0)`;
}

export function whole(column: string): string {
  return column === "NULL"
    ? column
    : `CASE WHEN ${column} BETWEEN -32768 AND 32767 THEN CAST(${column} AS INTEGER) END`;
}

/** As a floating-point number: an integer above 2^53 would be refused on the way to JavaScript. */
export function real(column: string): string {
  if (column === "NULL") return column;
  return `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN CAST(${column} AS REAL) END`;
}

/** How many rows are about what others shared, which {@link assetQuery} leaves out; null where no table tells. */
export function othersCountQuery(database: DatabaseSyncInstance): string | null {
  const asset = assetTable(database);
  if (asset === null) return null;
  return `SELECT count(*) AS others FROM ${asset} AS a NOT INDEXED WHERE NOT (${isOwn(tableColumns(database, asset))})`;
}

/**
 * One row of the answer, in the order of the question.
 * @param albumsOf the titles of the albums that hold an asset, by its primary key
 * @param ordinal stands for the primary key where that is none
 */
export function rowOf(
  columns: readonly unknown[],
  albumsOf: (asset: unknown) => readonly string[],
  { ordinal, partsHere }: { readonly ordinal: number; readonly partsHere: readonly PartRole[] },
): PhoneLibraryRow {
  const [asset, directory, name, trashed, hidden, favorite, kind, subtype, visibility, cloud, ...more] =
    columns;
  const [taken, originalName, originalSize, here, away, remote, ...rest] = more;
  const [edited, participation, burstId, pickType, caption, seconds] = rest;
  const durationMs = durationOf(seconds);
  const place = pathOf(directory, name);
  const isPlaced = place !== null;
  return {
    path: place ?? ownPlace(asset, ordinal),
    unplaced: isPlaced ? null : declaredPlace(directory, name),
    kind: kind === 0 ? "photo" : kind === 1 ? "video" : null,
    screenshot: subtype === 10,
    live: subtype === 2,
    partsHere,
    trashed: trashed === 1,
    hidden: hidden === 1,
    favorite: favorite === 1,
    // 2: not in the grid, as the frames of a burst that nobody picked.
    shown: visibility !== 2,
    originalFileName: typeof originalName === "string" && originalName !== "" ? originalName : null,
    originalSizeBytes: sizeOf(originalSize),
    takenAtMs: timeOf(taken),
    ...(kind === 1 && durationMs !== null && { durationMs }),
    // ZCLOUDLOCALSTATE 1 is reported as "uploaded" by several readers of such databases, and the one synced
    // library at hand agrees (1 together with ZREMOTEAVAILABILITY 1). Where the original's own row denies it, it
    // is not believed, because a picture wrongly taken for synced would be left behind. ZSAVEDASSETTYPE 6
    // (came from iCloud) is no proof: it stays when iCloud Photos is turned off.
    syncedWithICloud: cloud === 1 && (remote === null || remote === 1),
    inICloud: inICloud(cloud, remote, away),
    bytesHere: here === 1 ? "yes" : away === 1 ? "no" : "unsaid",
    edited: edited === 1,
    // iLEAPP: 1 is "in the Shared Library". No library at hand has one, so nothing is decided by it alone.
    inSharedLibrary: participation === 1,
    caption: typeof caption === "string" && caption !== "" ? caption : null,
    burst: burstOf(burstId, pickType),
    albums: albumsOf(asset),
  };
}

/** ZCLOUDLOCALSTATE is 0 in every library at hand that is not synced; what another number than 1 means is not known. */
function inICloud(cloud: unknown, remote: unknown, away: unknown): PhoneLibraryRow["inICloud"] {
  if ((typeof cloud === "number" && cloud !== 0) || remote === 1 || away === 1) return "yes";
  return cloud === 0 || remote === 0 ? "no" : "unsaid";
}

/** Bits of ZAVALANCHEPICKTYPE: 2 not picked, 4 the phone's pick, 8 a person's, 16 it stands for the burst. */
function burstOf(id: unknown, pickType: unknown): Burst | null {
  if (typeof id !== "string" || id === "") return null;
  return { id, isPicked: typeof pickType === "number" && (pickType & (4 | 8 | 16)) !== 0 };
}

/** Deeper no folder of a phone is listed. */
const MOST_FOLDERS = 32;

/** The same row as one of which another row names the file already: it answers in its own place. */
export function repeatedRow(row: PhoneLibraryRow, asset: unknown, ordinal: number): PhoneLibraryRow {
  return {
    ...row,
    path: ownPlace(asset, ordinal),
    unplaced: `it names ${JSON.stringify(row.path)}, as another photo of the library does`,
  };
}

/** Photos.sqlite is a file: nothing lies below it, and {@link pathOf} takes no row that says so. */
const OWN_PLACES = "/PhotoData/Photos.sqlite/ZASSET/";

/** Where a row lies that names no file of its own. */
function ownPlace(asset: unknown, ordinal: number): string {
  return `${OWN_PLACES}${typeof asset === "number" ? asset : `row-${ordinal}`}`;
}

const LONGEST_PLACE_SHOWN = 200;

function declaredPlace(directory: unknown, name: unknown): string {
  if (typeof directory !== "string" || typeof name !== "string") return "it names no file";
  const place = JSON.stringify(`${directory}/${name}`.slice(0, LONGEST_PLACE_SHOWN));
  return `it names ${place}, which is not in a folder of photos`;
}

/**
 * ZDIRECTORY (`DCIM/100APPLE`) and ZFILENAME as a path on the phone. Besides DCIM there are `PhotoData/CPLAssets`, and
 * `PhotoData/Sync` for what was synced from a computer; a folder that nobody has heard of yet is one, too. Null for
 * anything that does not lie plainly below these: absolute folders, `..`, empty names, NUL, too many folders.
 */
function pathOf(directory: unknown, name: unknown): string | null {
  if (typeof directory !== "string" || typeof name !== "string") return null;
  const path = `/${directory}/${name}`;
  const names = path.slice(1).split("/");
  // Mutations holds what is rendered of edits, and no original.
  const isBeside = names[0] === "PhotoData" && names.length > 2 && names[1] !== "Mutations";
  if (names[0] !== "DCIM" && !isBeside) return null;
  if (names.length > MOST_FOLDERS) return null;
  if (path.startsWith(OWN_PLACES)) return null; // it would stand where another row answers
  if (name.includes("/") || names.some((part) => part === "" || part === "." || part === "..")) return null;
  return path.includes("\0") ? null : path;
}

const SECONDS_FROM_1970_TO_2001 = 978_307_200;
/** Nobody took a photograph before 1826; and 123456789012345 has been seen. */
const EARLIEST = Date.UTC(1826, 0);
const LATEST = Date.UTC(2200, 0);

/** Null for what is no count of bytes. */
export function sizeOf(bytes: unknown): number | null {
  return typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}

/** Of a video: nobody films for more than a day. */
function durationOf(seconds: unknown): number | null {
  return typeof seconds === "number" && seconds > 0 && seconds < 86_400 ? Math.round(seconds * 1000) : null;
}

/** @param seconds since 2001-01-01 UTC */
export function timeOf(seconds: unknown): number | null {
  if (typeof seconds !== "number") return null;
  const milliseconds = Math.round((seconds + SECONDS_FROM_1970_TO_2001) * 1000);
  return milliseconds >= EARLIEST && milliseconds < LATEST ? milliseconds : null;
}

/** The columns of a table; none where there is no such table. */
export function tableColumns(database: DatabaseSyncInstance, table: string): ReadonlySet<string> {
  const isTable = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
    .get(table);
  if (isTable === undefined) return new Set();
  const rows = database.prepare("SELECT name FROM pragma_table_info(?)").all(table) as { name: string }[];
  return new Set(rows.map((row) => row.name));
}

/** The number of the data model (13537 is macOS 10.15.1 and its iOS); null where it is not told. */
export function modelVersionIn(database: DatabaseSyncInstance): number | null {
  if (!tableColumns(database, "Z_METADATA").has("Z_PLIST")) return null;
  const row: { plist: unknown } | undefined = database
    .prepare(
      "SELECT CASE WHEN typeof(Z_PLIST) = 'blob' AND length(Z_PLIST) < 1048576 THEN Z_PLIST END AS plist FROM Z_METADATA NOT INDEXED",
    )
    .get();
  return row?.plist instanceof Uint8Array ? modelVersionOf(row.plist) : null;
}
