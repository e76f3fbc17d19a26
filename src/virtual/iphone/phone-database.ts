import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { makeTemporaryFolder } from "../../owned-folder.js";
import { buildBinaryPropertyList } from "../../usb/wire/property-list.js";
import { type PhoneDatabaseRow, rowWriter } from "./phone-database-rows.js";
import { entities, phoneDatabaseSchema, phoneModelVersion } from "./phone-database-schema.js";
import type { PhoneDatabaseEntry } from "./phone-database-sidebar.js";
import { SeededNumbers } from "./seeded-numbers.js";

interface PhoneDatabaseOptions {
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
  /** Albums and folders, behind those that rows mention. */
  readonly sidebar?: readonly PhoneDatabaseEntry[];
}

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
      const writer = rowWriter(options);
      writer.write(database, rows);
      writer.writeSidebar(database, options.sidebar ?? []);
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
  const writer = rowWriter(options);
  const groupSize = Math.ceil(rows.length / SPREAD_PLACES);
  for (let place = 0; place < SPREAD_PLACES; place++) {
    const database = new DatabaseSync(path);
    try {
      database.exec("PRAGMA synchronous = OFF; BEGIN");
      if (place === 0) {
        database.exec(phoneDatabaseSchema);
        writeVersion(database, options);
      }
      writer.write(database, rows.slice(place * groupSize, (place + 1) * groupSize));
      if (place === SPREAD_PLACES - 1) writer.writeSidebar(database, options.sidebar ?? []);
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
