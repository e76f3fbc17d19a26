import { dirname } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RollcallError } from "../errors.js";
import { makeFolder } from "../make-folder.js";
import { ownRealPath } from "../owned-file.js";
import { LEDGER_VERSION, NEXT_FORMAT, TABLES } from "./ledger-format.js";
import { readIntoMemory } from "./ledger-in-memory.js";
import { explainLedgerTrouble, isDiskFull, ledgerDamaged, notWritable } from "./ledger-trouble.js";

/**
 * Opens the ledger's SQLite file, making it where there is none. Every commit is synced to the disk.
 * @param path absolute, or ":memory:"
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE, DISK_FULL, ANOTHER_ROLLCALL
 */
export async function openLedgerDatabase(path: string): Promise<DatabaseSyncInstance> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  if (path !== ":memory:") makePrivateFolder(dirname(path));
  let database: DatabaseSyncInstance | undefined;
  try {
    if (path !== ":memory:") ownRealPath(path);
    database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 2000;");
    // Before anything is written: another program's database stays as it is.
    const version = requireLedger(path, database);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    if (version < LEDGER_VERSION) upgrade(database);
    return database;
  } catch (error) {
    database?.close();
    throw explainLedgerTrouble(path, error);
  }
}

/**
 * The same for a command that only looks, or frees room: where the disk is full it is read into memory, and what is
 * written to it is lost. Only while no other Rollcall is at work.
 * @throws as {@link openLedgerDatabase}
 */
export async function openLedgerToLook(path: string): Promise<DatabaseSyncInstance> {
  return isDiskFull(dirname(path)) ? await openLedgerInMemory(path) : await openLedgerDatabase(path);
}

/**
 * The ledger as it is now, in memory: what is written to it is lost, and the file stays as it is. Only while no other
 * Rollcall is at work.
 * @param path of a file that is there
 * @throws as {@link openLedgerDatabase}
 */
export async function openLedgerInMemory(path: string): Promise<DatabaseSyncInstance> {
  let database: DatabaseSyncInstance | undefined;
  try {
    ownRealPath(path);
    database = await readIntoMemory(path);
    if (requireLedger(path, database) < LEDGER_VERSION) upgrade(database);
    return database;
  } catch (error) {
    database?.close();
    throw explainLedgerTrouble(path, error);
  }
}

/** @returns its version, 0 for one that was never written to. @throws RollcallError; what SQLite throws */
function requireLedger(path: string, database: DatabaseSyncInstance): number {
  requireNoOthersTables(path, database);
  const version = versionOf(database);
  requireKnownVersion(path, version);
  const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
  if (check !== "ok") throw ledgerDamaged(path, String(check));
  return version;
}

/** Asks for the format again once nobody else can change it: another Rollcall may have begun at the same moment. */
function upgrade(database: DatabaseSyncInstance): void {
  database.exec("BEGIN IMMEDIATE");
  if (versionOf(database) === 0) database.exec(TABLES);
  for (let from = versionOf(database); from < LEDGER_VERSION; from += 1)
    database.exec(`${NEXT_FORMAT[from]} PRAGMA user_version = ${from + 1};`);
  database.exec("COMMIT");
}

function requireNoOthersTables(path: string, database: DatabaseSyncInstance): void {
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (names.length > 0 && !names.some(({ name }) => name === "item_file"))
    throw ledgerDamaged(path, "it is another program's database");
}

function versionOf(database: DatabaseSyncInstance): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version);
}

/** @throws RollcallError LEDGER_FROM_THE_FUTURE */
export function requireKnownVersion(path: string, version: number): void {
  if (version <= LEDGER_VERSION) return;
  throw new RollcallError("LEDGER_FROM_THE_FUTURE", {
    message: "The ledger was written by a newer Rollcall.",
    why: `${path} has format ${version}; this Rollcall knows ${LEDGER_VERSION}.`,
    remedy: "Update Rollcall, then run this again. Nothing was changed.",
  });
}

/** Makes a folder that only this user can enter. @throws RollcallError FOLDER_NOT_WRITABLE, DISK_FULL */
export function makePrivateFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw notWritable(path, error);
  }
}
