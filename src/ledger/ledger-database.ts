import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { hasErrno, RollcallError } from "../errors.js";
import { makeFolder } from "../make-folder.js";
import { ownRealPath } from "../owned-file.js";
import { LEDGER_VERSION, NEXT_FORMAT, TABLES } from "./ledger-format.js";

/**
 * Opens the ledger's SQLite file, making it where there is none. Every commit is synced to the disk.
 * @param path absolute, or ":memory:"
 * @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE
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
    requireNoOthersTables(database);
    const version = versionOf(database);
    requireKnownVersion(path, version);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw new Error(String(check));
    if (version < LEDGER_VERSION) bringUpToDate(database);
    return database;
  } catch (error) {
    database?.close();
    throw explainLedgerTrouble(path, error);
  }
}

/** Asks for the format again once nobody else can change it: another Rollcall may have begun at the same moment. */
function bringUpToDate(database: DatabaseSyncInstance): void {
  database.exec("BEGIN IMMEDIATE");
  if (versionOf(database) === 0) database.exec(TABLES);
  for (let from = versionOf(database); from < LEDGER_VERSION; from += 1)
    database.exec(`${NEXT_FORMAT[from]} PRAGMA user_version = ${from + 1};`);
  database.exec("COMMIT");
}

function requireNoOthersTables(database: DatabaseSyncInstance): void {
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (names.length > 0 && !names.some(({ name }) => name === "item_file"))
    throw new Error("it is another program's database");
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

/** Whatever went wrong with the ledger's file, as a person is told it. */
export function explainLedgerTrouble(path: string, error: unknown): RollcallError {
  if (error instanceof RollcallError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return damaged(path, "it is a folder", error);
  if (/unable to open|readonly|permission|denied/i.test(text)) return notWritable(dirname(path), error);
  return damaged(path, text, error);
}

function damaged(path: string, why: string, cause: unknown): RollcallError {
  return new RollcallError("LEDGER_DAMAGED", {
    message: "The ledger, Rollcall's memory of what it brought, cannot be read.",
    why: `${path}: ${why}`,
    remedy:
      "It was left as it is. Restore it from a backup (Time Machine has it), or move it away: Rollcall then starts " +
      "with an empty memory and would bring photos again; rollcall plan --mark-known prevents that.",
    cause,
  });
}

/** Makes a folder that only this user can enter. @throws RollcallError FOLDER_NOT_WRITABLE */
export function makePrivateFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw notWritable(path, error);
  }
}

export function notWritable(path: string, cause: unknown): RollcallError {
  const why = hasErrno(cause, "ENOSPC") ? "the disk is full" : "the system refused it";
  return new RollcallError("FOLDER_NOT_WRITABLE", {
    message: `Rollcall cannot write to its data folder: ${path}`,
    why: `${why} (${cause instanceof Error ? cause.message : String(cause)})`,
    remedy: "Make the folder writable for you, or name another one with ROLLCALL_HOME.",
    cause,
  });
}
