import type { DatabaseSyncInstance } from "@photostructure/sqlite";

/** The three questions put to a library, each with its answer in the order of the numbers that join them. */
export interface LibraryQueries {
  /** {@link AssetRow}s by `Z_PK`. */
  readonly assets: string;
  /** {@link AttributesRow}s by asset; null where the table is not there. */
  readonly attributes: string | null;
  /** {@link ResourceRow}s by asset: files of the item itself, no thumbnails. */
  readonly resources: string;
  /** `Z_PK` and `ZUUID` of the import sessions; null where there are none. */
  readonly sessions: string | null;
  /** One row where an album with this `ZUUID` is there and not deleted; null where albums cannot be asked for. */
  readonly album: string | null;
  /** One row: how many items iCloud Photos has; null where no column tells. */
  readonly inICloud: string | null;
  /** `ZUUID`s of the items that came in between two moments, in seconds since 2001; null where no column tells. */
  readonly addedBetween: string | null;
  /** `plist`: the property list that tells the model's version; null where there is none. */
  readonly metadata: string | null;
  /** Whether an item is in Recently Deleted, by its `ZUUID`, once {@link makeLookUp} was run; no row where there is none. */
  readonly standing: string;
  /** For looking up one item: tables of our own, because an index of a damaged database may hide rows. */
  readonly makeLookUp: string;
  /** The same for finding items by the length of a file of theirs: `own_asset` (uuid, pk), `item_size` (asset, bytes). */
  readonly makeSizes: string;
  /** The same for finding what one import imported: `imported_asset` (uuid, session, pk); null where no row tells. */
  readonly makeImported: string | null;
}

/** In the order of {@link libraryQueries}' columns. Every value is small and of its type, or null. */
export type LibraryRow = readonly unknown[];

/**
 * Writes the questions for the tables and columns that this library has; they differ from macOS 10.15 to 26 and
 * will differ again. Measured on 21 model versions from 13537 to 19320.
 *
 * `NOT INDEXED`: the check that is made of a database does not compare its indexes with its tables, so a table
 * is read from its beginning to its end. `CASE` and `CAST` make every value small, whatever a row holds.
 * @returns the name of what is not there and cannot be done without
 */
export function libraryQueries(
  database: DatabaseSyncInstance,
): LibraryQueries | { readonly missing: string } {
  const has = columnsByTable(database);
  // ZGENERICASSET up to 13703 (macOS 10.15), ZASSET from 14104 (macOS 11).
  const asset = ["ZASSET", "ZGENERICASSET"].find((table) => has(table, "ZUUID"));
  if (asset === undefined) return { missing: "a table of photos" };
  const needed = {
    [asset]: ["Z_PK", "ZDIRECTORY", "ZFILENAME"],
    ZINTERNALRESOURCE: ["ZASSET", "ZDATASTORESUBTYPE"],
  };
  for (const [table, columns] of Object.entries(needed))
    for (const column of columns) if (!has(table, column)) return { missing: `${table}.${column}` };

  const extra = "ZADDITIONALASSETATTRIBUTES";
  const hasBookmarks = has("ZINTERNALRESOURCE", "ZFILESYSTEMBOOKMARK") && has("ZFILESYSTEMBOOKMARK", "Z_PK");
  const hasVolumes = has("ZINTERNALRESOURCE", "ZFILESYSTEMVOLUME") && has("ZFILESYSTEMVOLUME", "Z_PK");
  const a = (column: string) => (has(asset, column) ? `a.${column}` : "NULL");
  const x = (column: string) => (has(extra, column) ? `x.${column}` : "NULL");
  const r = (column: string) => (has("ZINTERNALRESOURCE", column) ? `r.${column}` : "NULL");
  const firstOf = (...columns: string[]) => columns.find((column) => column !== "NULL") ?? "NULL";

  const assets = [
    "a.Z_PK",
    text(a("ZUUID")),
    text(a("ZDIRECTORY")),
    text(a("ZFILENAME")),
    whole(a("ZSAVEDASSETTYPE")),
    whole(a("ZTRASHEDSTATE")),
    whole(a("ZHIDDEN")),
    whole(a("ZFAVORITE")),
    whole(a("ZVISIBILITYSTATE")),
    whole(a("ZCOMPLETE")),
    // Renamed with 18164 (macOS 15).
    whole(firstOf(a("ZADJUSTMENTSSTATE"), a("ZHASADJUSTMENTS"))),
    whole(a("ZKIND")),
    whole(a("ZKINDSUBTYPE")),
    real(a("ZADDEDDATE")),
    real(a("ZDATECREATED")),
    text(a("ZMEDIAGROUPUUID")),
    text(a("ZAVALANCHEUUID")),
    whole(a("ZAVALANCHEPICKTYPE")),
    real(a("ZIMPORTSESSION")),
  ];
  const attributes = [
    "x.ZASSET",
    text(x("ZORIGINALFILENAME")),
    real(x("ZORIGINALFILESIZE")),
    // Renamed with 18164 (macOS 15).
    text(firstOf(x("ZORIGINALSTABLEHASH"), x("ZMASTERFINGERPRINT"))),
    `CASE WHEN typeof(${x("ZORIGINALHASH")}) = 'blob' AND length(${x("ZORIGINALHASH")}) = 21 THEN ${x("ZORIGINALHASH")} END`,
    whole(x("ZORIGINALRESOURCECHOICE")),
    // ZCREATORBUNDLEID up to 14208.
    text(firstOf(x("ZIMPORTEDBYBUNDLEIDENTIFIER"), x("ZCREATORBUNDLEID"))),
  ];
  const resources = [
    "r.ZASSET",
    whole(r("ZRESOURCETYPE")),
    whole("r.ZDATASTORESUBTYPE"),
    whole(r("ZVERSION")),
    whole(r("ZLOCALAVAILABILITY")),
    whole(r("ZREMOTEAVAILABILITY")),
    real(r("ZDATALENGTH")),
    text(r("ZFINGERPRINT")),
    text(r("ZSTABLEHASH")),
    // A number kept as text from 15134 ('11'), the type's own name before.
    asText(firstOf(r("ZCOMPACTUTI"), r("ZUNIFORMTYPEIDENTIFIER"))),
    hasBookmarks && has("ZFILESYSTEMBOOKMARK", "ZPATHRELATIVETOVOLUME")
      ? text("b.ZPATHRELATIVETOVOLUME")
      : "NULL",
    hasVolumes && has("ZFILESYSTEMVOLUME", "ZNAME") ? text("v.ZNAME") : "NULL",
  ];
  // A version that there is not must not take a file off the roll either.
  const version = has("ZINTERNALRESOURCE", "ZVERSION")
    ? "CASE WHEN typeof(r.ZVERSION) = 'integer' AND r.ZVERSION BETWEEN 0 AND 1000000 THEN r.ZVERSION ELSE 0 END"
    : "0";
  const wanted = [
    `r.ZDATASTORESUBTYPE IN (1, 9, 17, 18, 22) AND ${version} = 0`,
    `r.ZDATASTORESUBTYPE IN (2, 19) AND ${version} = 2`,
  ];
  // A row that has lost its kind, or holds none that there is, must not take a file off the roll.
  const isNoKind =
    "(typeof(r.ZDATASTORESUBTYPE) <> 'integer' OR r.ZDATASTORESUBTYPE NOT BETWEEN 1 AND 1000000)";
  if (has("ZINTERNALRESOURCE", "ZRESOURCETYPE"))
    wanted.push(`${isNoKind} AND ${version} = 0 AND r.ZRESOURCETYPE IN (3, 4, 5)`);
  const hasSessions = ["Z_PK", "ZKIND", "ZUUID"].every((column) => has("ZGENERICALBUM", column));
  return {
    assets: `SELECT ${assets.join(", ")} FROM ${asset} AS a NOT INDEXED`,
    attributes: has(extra, "ZASSET")
      ? `SELECT ${attributes.join(", ")} FROM ${extra} AS x NOT INDEXED`
      : null,
    resources: [
      `SELECT ${resources.join(", ")} FROM ZINTERNALRESOURCE AS r NOT INDEXED`,
      hasBookmarks ? "LEFT JOIN ZFILESYSTEMBOOKMARK AS b ON b.Z_PK = r.ZFILESYSTEMBOOKMARK" : "",
      hasVolumes ? "LEFT JOIN ZFILESYSTEMVOLUME AS v ON v.Z_PK = r.ZFILESYSTEMVOLUME" : "",
      `WHERE (${wanted.join(" OR ")})`,
    ].join(" "),
    sessions: hasSessions ? `SELECT Z_PK, ${text("ZUUID")} FROM ZGENERICALBUM WHERE ZKIND = 1506` : null,
    album:
      hasSessions && has("ZGENERICALBUM", "ZTRASHEDSTATE")
        ? "SELECT 1 FROM ZGENERICALBUM NOT INDEXED WHERE ZKIND = 2 AND ZUUID = ? AND ZTRASHEDSTATE = 0"
        : null,
    // 1 in the library of a Mac with iCloud Photos (measured, macOS 10.15.1), 0 in six without. Whether it goes back to 0
    // when iCloud Photos is turned off is unverified on macOS.
    inICloud: has(asset, "ZCLOUDLOCALSTATE")
      ? `SELECT count(*) FROM ${asset} AS a NOT INDEXED WHERE a.ZCLOUDLOCALSTATE = 1
         AND coalesce(${a("ZTRASHEDSTATE")}, 0) = 0 AND coalesce(${a("ZSAVEDASSETTYPE")}, 3) NOT IN (4, 8, 12)`
      : null,
    addedBetween: has(asset, "ZADDEDDATE")
      ? `SELECT ${text("a.ZUUID")} FROM ${asset} AS a NOT INDEXED WHERE ${real("a.ZADDEDDATE")} BETWEEN ? AND ? ORDER BY a.Z_PK`
      : null,
    metadata: has("Z_METADATA", "Z_PLIST")
      ? "SELECT CASE WHEN typeof(Z_PLIST) = 'blob' AND length(Z_PLIST) < 1048576 THEN Z_PLIST END AS plist FROM Z_METADATA"
      : null,
    standing: `SELECT ${whole(a("ZTRASHEDSTATE"))} FROM ${asset} AS a NOT INDEXED
      WHERE a.Z_PK IN (SELECT pk FROM temp.asset_by_uuid WHERE uuid = ?) LIMIT 1`,
    makeLookUp: `
      CREATE TEMP TABLE asset_by_uuid AS SELECT ZUUID AS uuid, Z_PK AS pk FROM ${asset} NOT INDEXED;
      CREATE INDEX temp.asset_by_uuid_index ON asset_by_uuid (uuid);
      CREATE TEMP TABLE attributes_of AS ${has(extra, "ZASSET") ? `SELECT ZASSET AS asset, Z_PK AS pk FROM ${extra} NOT INDEXED` : "SELECT 0 AS asset, 0 AS pk WHERE 0"};
      CREATE INDEX temp.attributes_of_index ON attributes_of (asset);
      CREATE TEMP TABLE resources_of AS SELECT ZASSET AS asset, Z_PK AS pk FROM ZINTERNALRESOURCE AS r NOT INDEXED WHERE (${wanted.join(" OR ")});
      CREATE INDEX temp.resources_of_index ON resources_of (asset);`,
    // 4, 8 and 12 are other people's pictures (shared albums, links, Shared with You): no original is kept.
    makeSizes: `
      CREATE TEMP TABLE own_asset AS SELECT ${text("ZUUID")} AS uuid, Z_PK AS pk FROM ${asset} NOT INDEXED
        ${has(asset, "ZSAVEDASSETTYPE") ? "WHERE coalesce(ZSAVEDASSETTYPE, 3) NOT IN (4, 8, 12)" : ""};
      CREATE INDEX temp.own_asset_index ON own_asset (pk);
      CREATE TEMP TABLE item_size (asset, bytes);
      ${has(extra, "ZASSET") && has(extra, "ZORIGINALFILESIZE") ? `INSERT INTO item_size SELECT x.ZASSET, x.ZORIGINALFILESIZE FROM ${extra} AS x NOT INDEXED WHERE x.ZORIGINALFILESIZE > 0;` : ""}
      ${has("ZINTERNALRESOURCE", "ZDATALENGTH") ? `INSERT INTO item_size SELECT r.ZASSET, r.ZDATALENGTH FROM ZINTERNALRESOURCE AS r NOT INDEXED WHERE r.ZDATASTORESUBTYPE IN (1, 17, 18) AND ${version} = 0 AND r.ZDATALENGTH > 0;` : ""}
      CREATE INDEX temp.item_size_index ON item_size (bytes, asset);`,
    makeImported: has(asset, "ZIMPORTSESSION")
      ? `
      CREATE TEMP TABLE imported_asset AS
        SELECT ${text("ZUUID")} AS uuid, ${real("ZIMPORTSESSION")} AS session, Z_PK AS pk FROM ${asset} NOT INDEXED;
      CREATE INDEX temp.imported_asset_uuid ON imported_asset (uuid);
      CREATE INDEX temp.imported_asset_session ON imported_asset (session);`
      : null,
  };
}

function columnsByTable(database: DatabaseSyncInstance): (table: string, column: string) => boolean {
  const known = new Map<string, Set<string>>();
  const tables = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  const columns = database.prepare("SELECT name FROM pragma_table_info(?)");
  return (table, column) => {
    let names = known.get(table);
    if (names === undefined) {
      const rows = tables.get(table) === undefined ? [] : (columns.all(table) as { name: string }[]);
      known.set(table, (names = new Set(rows.map(({ name }) => name))));
    }
    return names.has(column);
  };
}

const MAX_TEXT_LENGTH = 1_024;

function text(column: string): string {
  if (column === "NULL") return column;
  return `CASE WHEN typeof(${column}) = 'text' AND length(${column}) <= ${MAX_TEXT_LENGTH} THEN ${column} END`;
}

/** For a column that is text or a number. */
function asText(column: string): string {
  if (column === "NULL") return column;
  return `CASE WHEN typeof(${column}) IN ('text', 'integer') AND length(${column}) <= 100 THEN CAST(${column} AS TEXT) END`;
}

function whole(column: string): string {
  if (column === "NULL") return column;
  return `CASE WHEN typeof(${column}) = 'integer' AND ${column} BETWEEN -1000000 AND 1000000 THEN ${column} END`;
}

/** As a floating-point number: an integer above 2^53 would be refused on the way to JavaScript. */
function real(column: string): string {
  if (column === "NULL") return column;
  return `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN CAST(${column} AS REAL) END`;
}
