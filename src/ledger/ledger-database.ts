import { dirname } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RollcallError } from "../errors.js";
import { makeFolder } from "../make-folder.js";
import { ownRealPath } from "../owned-file.js";
import { readIntoMemory } from "./ledger-in-memory.js";
import { explainLedgerTrouble, isDiskFull, ledgerDamaged, notWritable } from "./ledger-trouble.js";

/** Raised with every change of the tables below. A newer one is refused, never guessed at. */
export const LEDGER_VERSION = 4;

/** The Photos that Rollcall started, ours to quit: asked for, and then known by its pid and start. One row at most. */
const PHOTOS_STARTED = `
  CREATE TABLE photos_started (
    id INTEGER PRIMARY KEY CHECK (id = 1), asked_ms INTEGER NOT NULL, pid INTEGER, started_ms INTEGER
  ) STRICT;`;

/** How many edited photos one event may carry, for each library and version of Photos; see import/edited-batches.ts. */
const EDITED_BATCHES = `
  CREATE TABLE edited_batches (
    destination INTEGER NOT NULL, photos_version TEXT NOT NULL, proved_items INTEGER NOT NULL, proved_ms INTEGER,
    ended_items INTEGER, ended_message TEXT, ended_ms INTEGER, PRIMARY KEY (destination, photos_version)
  ) STRICT;`;

/** Items in Photos that nobody wanted: ours, and the answer of no file. */
const EXTRA_COPY = `
  CREATE TABLE extra_copy (
    destination INTEGER NOT NULL, photos_id TEXT NOT NULL, name TEXT NOT NULL, item INTEGER NOT NULL,
    path TEXT NOT NULL, run TEXT NOT NULL, seen_ms INTEGER NOT NULL, album_id TEXT, album_name TEXT, PRIMARY KEY (destination, photos_id)
  ) STRICT;`;

/** Few at any time, and looked for at the beginning of each run. */
const UNKNOWN_ITEM = "CREATE INDEX unknown_item ON item (phone, destination) WHERE state = 'unknown';";

const TABLES = `
  CREATE TABLE phone (
    udid TEXT PRIMARY KEY, name TEXT NOT NULL, product_type TEXT NOT NULL, ios_version TEXT NOT NULL
  ) STRICT;
  CREATE TABLE destination (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (kind, key)
  ) STRICT;
  -- What a person decided once for a phone and a library.
  CREATE TABLE choice (
    phone TEXT NOT NULL, destination INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (phone, destination, name)
  ) STRICT;
  -- A file whose bytes were read: same path, size and time means same hash, without reading it again.
  CREATE TABLE sighting (
    phone TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, modified_ms INTEGER NOT NULL,
    sha256 TEXT NOT NULL, PRIMARY KEY (phone, path)
  ) STRICT, WITHOUT ROWID;
  -- plan --mark-known: files a person says are in the library. Nothing was read.
  CREATE TABLE mark (
    phone TEXT NOT NULL, destination INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL, PRIMARY KEY (phone, destination, path)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE run (
    id TEXT PRIMARY KEY, phone TEXT NOT NULL, destination INTEGER NOT NULL, started_ms INTEGER NOT NULL,
    finished_ms INTEGER, receipt_path TEXT, album_id TEXT, album_name TEXT, journal_id TEXT,
    -- Random names of albums that are being made: a crash before the id is known leaves them findable.
    album_pending TEXT, journal_pending TEXT, journal_closing TEXT, extra_pending TEXT
  ) STRICT;
  CREATE UNIQUE INDEX one_open_run ON run (phone, destination) WHERE finished_ms IS NULL;
  CREATE TABLE item (
    id INTEGER PRIMARY KEY, phone TEXT NOT NULL, destination INTEGER NOT NULL, identity TEXT NOT NULL,
    state TEXT NOT NULL, key TEXT NOT NULL, run TEXT NOT NULL, UNIQUE (phone, destination, identity)
  ) STRICT;
  CREATE INDEX item_of_run ON item (run);
  ${UNKNOWN_ITEM}
  CREATE TABLE item_file (
    item INTEGER NOT NULL REFERENCES item (id), path TEXT NOT NULL, role TEXT NOT NULL, size INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL, sha256 TEXT NOT NULL, fingerprint TEXT NOT NULL, copy_path TEXT NOT NULL,
    photos_id TEXT, answer TEXT, evidence TEXT NOT NULL DEFAULT '[]', reason TEXT, checked_ms INTEGER,
    PRIMARY KEY (item, path)
  ) STRICT;
  CREATE INDEX item_file_hash ON item_file (sha256);
  CREATE INDEX item_file_path ON item_file (path);
  CREATE INDEX item_file_photos ON item_file (photos_id);
  CREATE INDEX item_file_copy ON item_file (copy_path);
  -- An import event: written before it is sent, with what the library held then; replied as soon as Photos has
  -- answered; ended when its outcome is known. event: 'plain' or 'by-hand'.
  CREATE TABLE batch (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, items TEXT NOT NULL, begun_ms INTEGER NOT NULL,
    photos_pid INTEGER, photos_started_ms INTEGER, ended_ms INTEGER,
    items_before INTEGER, replied_ms INTEGER, reply_ids TEXT, reply_count INTEGER,
    event TEXT NOT NULL DEFAULT 'plain'
  ) STRICT;
  ${PHOTOS_STARTED}
  ${EDITED_BATCHES}
  ${EXTRA_COPY}
  CREATE TABLE our_album (
    destination INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, run TEXT NOT NULL, made_ms INTEGER NOT NULL,
    PRIMARY KEY (destination, id)
  ) STRICT;
  PRAGMA user_version = ${LEDGER_VERSION};
`;

/** What each format lacks of the next one, by its number. */
const NEXT_FORMAT: Readonly<Record<number, string>> = {
  1: `
    ${UNKNOWN_ITEM}
    ${PHOTOS_STARTED}
    INSERT INTO photos_started SELECT 1, launched_ms, launched_pid, launched_ms FROM run
      WHERE finished_ms IS NULL AND launched_pid IS NOT NULL ORDER BY launched_ms DESC LIMIT 1;
    ALTER TABLE run DROP COLUMN launched_pid;
    ALTER TABLE run DROP COLUMN launched_ms;
    ALTER TABLE batch ADD COLUMN items_before INTEGER;
    ALTER TABLE batch ADD COLUMN replied_ms INTEGER;
    ALTER TABLE batch ADD COLUMN reply_ids TEXT;
    ALTER TABLE batch ADD COLUMN reply_count INTEGER;`,
  // Which event carried a batch before was not written down.
  2: "ALTER TABLE batch ADD COLUMN event TEXT NOT NULL DEFAULT 'plain';",
  3: `
    ${EDITED_BATCHES}
    ${EXTRA_COPY}
    ALTER TABLE run ADD COLUMN extra_pending TEXT;`,
};

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
    if (version < LEDGER_VERSION) bringUpToDate(database);
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
  if (!isDiskFull(dirname(path))) return await openLedgerDatabase(path);
  let database: DatabaseSyncInstance | undefined;
  try {
    ownRealPath(path);
    database = await readIntoMemory(path);
    if (requireLedger(path, database) < LEDGER_VERSION) bringUpToDate(database);
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
function bringUpToDate(database: DatabaseSyncInstance): void {
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
