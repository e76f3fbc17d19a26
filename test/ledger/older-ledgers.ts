import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";

/** The fourth format, word for word as Rollcall wrote it. */
const FOURTH = `
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
  -- plan --assume-imported: files a person says are in the library. Nothing was read.
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
  CREATE INDEX unknown_item ON item (phone, destination) WHERE state = 'unknown';
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
  CREATE TABLE photos_started (
    id INTEGER PRIMARY KEY CHECK (id = 1), asked_ms INTEGER NOT NULL, pid INTEGER, started_ms INTEGER
  ) STRICT;
  CREATE TABLE edited_batches (
    destination INTEGER NOT NULL, photos_version TEXT NOT NULL, proved_items INTEGER NOT NULL, proved_ms INTEGER,
    ended_items INTEGER, ended_message TEXT, ended_ms INTEGER, PRIMARY KEY (destination, photos_version)
  ) STRICT;
  CREATE TABLE extra_copy (
    destination INTEGER NOT NULL, photos_id TEXT NOT NULL, name TEXT NOT NULL, item INTEGER NOT NULL,
    path TEXT NOT NULL, run TEXT NOT NULL, seen_ms INTEGER NOT NULL, album_id TEXT, album_name TEXT, PRIMARY KEY (destination, photos_id)
  ) STRICT;
  CREATE TABLE our_album (
    destination INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, run TEXT NOT NULL, made_ms INTEGER NOT NULL,
    PRIMARY KEY (destination, id)
  ) STRICT;
  PRAGMA user_version = 4;
`;

/** What the fifth format did to the fourth, word for word. */
const FIFTH = `
  ALTER TABLE destination RENAME TO destination_before;
  CREATE TABLE destination (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, library_id TEXT, displaced_ms INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX destination_at ON destination (kind, key) WHERE displaced_ms IS NULL;
  CREATE UNIQUE INDEX destination_of_library ON destination (library_id) WHERE library_id IS NOT NULL;
  INSERT INTO destination (id, kind, key) SELECT id, kind, key FROM destination_before;
  DROP TABLE destination_before;
  ALTER TABLE item ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
  UPDATE item SET attempts = 1 WHERE state = 'failed';
`;

/** And the sixth to that. */
const SIXTH = `
  ALTER TABLE batch ADD COLUMN shown_ids TEXT;
  ALTER TABLE batch ADD COLUMN shown_items INTEGER;
  ALTER TABLE batch ADD COLUMN shown_ms INTEGER;
`;

/** What each format had that the next one has not, and the other way round. */
const BACK: Readonly<Record<number, string>> = {
  3: "DROP TABLE edited_batches; DROP TABLE extra_copy; ALTER TABLE run DROP COLUMN extra_pending;",
  2: "ALTER TABLE batch DROP COLUMN event;",
  1: `
    DROP TABLE photos_started; DROP INDEX unknown_item;
    ALTER TABLE run ADD COLUMN launched_pid INTEGER; ALTER TABLE run ADD COLUMN launched_ms INTEGER;
    ALTER TABLE batch DROP COLUMN items_before; ALTER TABLE batch DROP COLUMN replied_ms;
    ALTER TABLE batch DROP COLUMN reply_ids; ALTER TABLE batch DROP COLUMN reply_count;`,
};

export const anna = "A".repeat(40);
export const herLibrary = "/Users/anna/Pictures/A.photoslibrary";

/**
 * A ledger as an older Rollcall left it: one phone, one library and a folder; an open run with a photo that is in, one
 * that Photos would not take, and one that was being sent. Close it.
 */
export function olderLedger(path: string, format: 1 | 2 | 3 | 4 | 5 | 6): DatabaseSyncInstance {
  const database = new DatabaseSync(path);
  database.exec(FOURTH);
  for (let to = 3; to >= format; to -= 1) database.exec(BACK[to]!);
  database.exec(`
    INSERT INTO phone VALUES ('${anna}', 'Anna''s iPhone', 'iPhone16,1', '18.5');
    INSERT INTO destination VALUES (7, 'photos', '${herLibrary}'), (8, 'folder', '/copy');
    INSERT INTO choice VALUES ('${anna}', 7, 'confirmed', 'yes');
    INSERT INTO mark VALUES ('${anna}', 7, '/DCIM/100APPLE/IMG_0009.JPG', 9, 900);
    INSERT INTO run (id, phone, destination, started_ms) VALUES ('run', '${anna}', 7, 1000);
    INSERT INTO our_album VALUES (7, 'ALBUM', 'Last Import', 'run', 1000);`);
  for (const [id, state] of [
    [1, "imported"],
    [2, "failed"],
    [3, "sent"],
  ] as const) {
    const photosId = state === "imported" ? "'PHOTO/L0/001', 'proved'" : "NULL, NULL";
    database.exec(`
      INSERT INTO item VALUES (${id}, '${anna}', 7, 'identity ${id}', '${state}', '/DCIM/${id}.JPG', 'run');
      INSERT INTO sighting VALUES ('${anna}', '/DCIM/${id}.JPG', ${id}, ${id}, 'hash ${id}');
      INSERT INTO item_file (item, path, role, size, modified_ms, sha256, fingerprint, copy_path, photos_id, answer)
        VALUES (${id}, '/DCIM/${id}.JPG', 'original', ${id}, ${id}, 'hash ${id}', '', '/staging/${id}', ${photosId});`);
  }
  database.exec(`
    INSERT INTO batch (run, items, begun_ms) VALUES ('run', '[3]', 1000);
    ${format >= 5 ? FIFTH : ""}
    ${format >= 6 ? SIXTH : ""}
    PRAGMA user_version = ${format};`);
  return database;
}
