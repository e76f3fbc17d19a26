import { setImmediate as letOthersRun } from "node:timers/promises";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { stopped } from "../errors.js";
import { key, real, tableColumns } from "./phone-library-query.js";

/** A table that joins the rows of two others. What is put into a question matches the patterns here and nothing else. */
interface JoinTable {
  readonly table: string;
  /** Holds the primary key of what the table is named after: the album, the attributes of a photo. */
  readonly ownColumn: string;
  readonly otherColumn: string;
  /** Holds the place of the other within its own; null where the table has none. */
  readonly orderColumn: string | null;
}

/**
 * The table that joins albums and assets: `Z_26ASSETS` with `Z_26ALBUMS`, `Z_34ASSETS` and `Z_FOK_34ASSETS` in iOS 13,
 * other numbers in nearly every version since. They are entity numbers, so the table is found by its shape; where
 * several have it, by the number that `Z_PRIMARYKEY` gives to `Album`.
 */
export function albumJoin(database: DatabaseSyncInstance): JoinTable | null {
  return findJoin(database, { entity: "Album", own: "ALBUMS", other: "ASSETS" });
}

/** Likewise the one that joins the attributes of assets and keywords: `Z_1KEYWORDS` in all versions that are known. */
export function keywordJoin(database: DatabaseSyncInstance): JoinTable | null {
  return findJoin(database, {
    entity: "AdditionalAssetAttributes",
    own: "ASSETATTRIBUTES",
    other: "KEYWORDS",
  });
}

/** More rows than that no such table of a library has; the rest of such a one is not read. */
const MOST_JOINED = 5_000_000;
const JOINED_AT_A_TIME = 20_000;

/**
 * Reads which joins which, as primary keys that need not lead anywhere, in no promised order.
 * @param add is also given the place that the table says; null where it says none
 * @returns false where there is more than is read
 * @throws RollcallError STOPPED
 */
export async function readJoin(
  database: DatabaseSyncInstance,
  { table, ownColumn, otherColumn, orderColumn }: JoinTable,
  add: (own: number, other: number, order: number | null) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const statement = database.prepare(
    `SELECT ${key(ownColumn)}, ${key(otherColumn)}, ${real(orderColumn ?? "NULL")} FROM ${table} NOT INDEXED
      LIMIT ${MOST_JOINED + 1}`,
  );
  statement.setReturnArrays(true);
  let seen = 0;
  for (const [own, other, order] of statement.iterate() as Iterable<unknown[]>) {
    if (++seen > MOST_JOINED) break;
    if (seen % JOINED_AT_A_TIME === 0) {
      await letOthersRun();
      if (signal?.aborted) throw stopped(signal);
    }
    if (typeof own === "number" && typeof other === "number")
      add(own, other, typeof order === "number" ? order : null);
  }
  statement.setReturnArrays(false); // keeps the statement until here, as in readRows
  return seen <= MOST_JOINED;
}

function findJoin(
  database: DatabaseSyncInstance,
  { entity, own, other }: { readonly entity: string; readonly own: string; readonly other: string },
): JoinTable | null {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?")
    .all(`Z_[0-9]*${other}`) as { name: string }[];
  const numberIn = (name: string) => {
    const [, number, rest] = /^Z_(\d+)([A-Z]\w*)$/.exec(name) ?? [];
    return rest === other ? number : undefined;
  };
  const found = tables.flatMap(({ name }): (JoinTable & { number: string })[] => {
    const number = numberIn(name);
    if (number === undefined) return [];
    const columns = [...tableColumns(database, name)];
    const ownColumn = columns.find((column) => column === `Z_${number}${own}`);
    const otherColumn = columns.find((column) => numberIn(column) !== undefined);
    if (!ownColumn || !otherColumn) return [];
    const orderColumn = columns.find((column) => column === otherColumn.replace("Z_", "Z_FOK_")) ?? null;
    return [{ table: name, ownColumn, otherColumn, orderColumn, number }];
  });
  if (found.length < 2) return found[0] ?? null;
  const keys = tableColumns(database, "Z_PRIMARYKEY");
  if (!keys.has("Z_ENT") || !keys.has("Z_NAME")) return null;
  const row = database
    .prepare("SELECT CAST(Z_ENT AS TEXT) AS entity FROM Z_PRIMARYKEY NOT INDEXED WHERE Z_NAME = ?")
    .get(entity);
  return found.find(({ number }) => number === row?.entity) ?? null;
}
