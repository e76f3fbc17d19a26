import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { key, sizeOf, tableColumns } from "./phone-library-query.js";
import { PART_ROLES, type PartRole } from "./phone-library-rows.js";

/** A file of an item whose original is on the phone, while this file is in iCloud only. */
export interface CloudPartRow {
  readonly role: PartRole;
  /** Lower case, as its type says; null where that is not known. */
  readonly extension: string | null;
  /** Null where the database does not say. */
  readonly sizeBytes: number | null;
}

type CloudPartsOf = (asset: unknown) => readonly CloudPartRow[];

/** ZDATASTORESUBTYPE, measured on libraries of macOS 15 and 26, which have the same model; edits have ZVERSION 2. */
const ROLES: ReadonlyMap<unknown, PartRole> = new Map<unknown, PartRole>([
  [2, "edited"],
  [17, "raw"],
  [18, "live-movie"],
  [19, "edited-live-movie"],
]);

/** Uniform type identifiers, and the numbers that stand for them in ZCOMPACTUTI since iOS 14. */
const EXTENSIONS: ReadonlyMap<unknown, string> = new Map([
  ["1", "jpg"],
  ["public.jpeg", "jpg"],
  ["3", "heic"],
  ["public.heic", "heic"],
  ["9", "dng"],
  ["com.adobe.raw-image", "dng"],
  ["23", "mov"],
  ["com.apple.quicktime-movie", "mov"],
]);

const NONE: readonly CloudPartRow[] = [];

/**
 * Reads of which items only a part is in iCloud: the moving half, the RAW half, or what the phone rendered of an
 * edit. As with originals, away needs a sign that it exists at all; what is also said to be here is not away. No
 * phone with such a library was at hand: where the columns are not as expected nothing is said, and what is on
 * the phone after all is found by its name (unverified on a phone).
 * @returns by the primary key of the asset
 */
export function readPartsAway(database: DatabaseSyncInstance): CloudPartsOf {
  const columns = tableColumns(database, "ZINTERNALRESOURCE");
  const hasColumns = ["ZASSET", "ZDATASTORESUBTYPE", "ZLOCALAVAILABILITY", "ZVERSION"].every((name) =>
    columns.has(name),
  );
  const signs = [
    ...["ZFINGERPRINT", "ZSTABLEHASH"]
      .filter((name) => columns.has(name))
      .map((name) => `${name} IS NOT NULL`),
    ...(columns.has("ZREMOTEAVAILABILITY") ? ["ZREMOTEAVAILABILITY = 1"] : []),
  ];
  if (!hasColumns || signs.length === 0) return () => NONE;

  const uti = ["ZCOMPACTUTI", "ZUNIFORMTYPEIDENTIFIER"].find((name) => columns.has(name));
  const type =
    uti === undefined ? "NULL" : `max(CASE WHEN length(${uti}) <= 64 THEN CAST(${uti} AS TEXT) END)`;
  const length = columns.has("ZDATALENGTH")
    ? "max(CASE WHEN ZDATALENGTH BETWEEN 1 AND 9007199254740991 THEN CAST(ZDATALENGTH AS REAL) END)"
    : "NULL";
  const statement = database.prepare(`
    SELECT ${key("ZASSET")}, CAST(ZDATASTORESUBTYPE AS INTEGER), ${type}, ${length}
    FROM ZINTERNALRESOURCE NOT INDEXED
    WHERE (ZDATASTORESUBTYPE IN (17, 18) OR (ZDATASTORESUBTYPE IN (2, 19) AND ZVERSION = 2))
      AND ZASSET IN (SELECT ZASSET FROM ZINTERNALRESOURCE NOT INDEXED WHERE ZDATASTORESUBTYPE = 1 AND ZLOCALAVAILABILITY = 1)
    GROUP BY ZASSET, ZDATASTORESUBTYPE
    HAVING max(coalesce(ZLOCALAVAILABILITY = 1, 0)) = 0
      AND max(coalesce(ZLOCALAVAILABILITY = -1, 0) AND (${signs.join(" OR ")})) = 1`);
  statement.setReturnArrays(true);
  const byAsset = new Map<number, CloudPartRow[]>();
  for (const [asset, subtype, availability, size] of statement.iterate() as Iterable<unknown[]>) {
    const role = ROLES.get(subtype);
    if (typeof asset !== "number" || role === undefined) continue;
    const part: CloudPartRow = {
      role,
      extension: EXTENSIONS.get(availability) ?? null,
      sizeBytes: sizeOf(size),
    };
    const others = byAsset.get(asset);
    if (others === undefined) byAsset.set(asset, [part]);
    else others.push(part);
  }
  statement.setReturnArrays(false); // keeps the statement until here, as in readRows
  return (asset) => (typeof asset === "number" ? byAsset.get(asset) : undefined) ?? NONE;
}

const NO_PARTS: readonly PartRole[] = [];

/**
 * Reads which parts the database calls present, so that one that was not listed can be named. Nothing else rests on
 * it: where the columns are not as expected nothing is said (unverified on a phone).
 * @returns by the primary key of the asset
 */
export function readPartsHere(database: DatabaseSyncInstance): (asset: unknown) => readonly PartRole[] {
  const columns = tableColumns(database, "ZINTERNALRESOURCE");
  const hasColumns = ["ZASSET", "ZDATASTORESUBTYPE", "ZLOCALAVAILABILITY", "ZVERSION"].every((name) =>
    columns.has(name),
  );
  if (!hasColumns) return () => NO_PARTS;
  const isNotTrashed = columns.has("ZTRASHEDSTATE") ? "coalesce(ZTRASHEDSTATE, 0) = 0" : "1";
  const isThere = [...ROLES].map(([subtype, role]) => {
    const isIt = `ZDATASTORESUBTYPE = ${subtype}${role.startsWith("edited") ? " AND ZVERSION = 2" : ""}`;
    return `max(coalesce(${isIt}, 0)) * ${1 << PART_ROLES.indexOf(role)}`;
  });
  const statement = database.prepare(`
    SELECT ${key("ZASSET")}, ${isThere.join(" + ")}
    FROM ZINTERNALRESOURCE NOT INDEXED
    WHERE ZLOCALAVAILABILITY = 1 AND ZDATASTORESUBTYPE IN (${[...ROLES.keys()].join(", ")}) AND ${isNotTrashed}
    GROUP BY ZASSET`);
  statement.setReturnArrays(true);
  const byAsset = new Map<number, number>();
  for (const [asset, marks] of statement.iterate() as Iterable<unknown[]>)
    if (typeof asset === "number" && typeof marks === "number" && marks > 0) byAsset.set(asset, marks);
  statement.setReturnArrays(false); // keeps the statement until here, as in readRows
  return (asset) => {
    const marks = typeof asset === "number" ? (byAsset.get(asset) ?? 0) : 0;
    return marks === 0 ? NO_PARTS : PART_ROLES.filter((_role, at) => (marks & (1 << at)) !== 0);
  };
}
