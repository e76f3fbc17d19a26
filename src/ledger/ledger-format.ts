/** Raised with every change of the tables below. A newer one is refused, never guessed at. */
export const LEDGER_VERSION = 7;

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

/**
 * Libraries and folders. `library_id`: the library's own (see originals/library-id.ts), null while it is not known.
 * `displaced_ms`: since then another library lies at its path.
 */
const DESTINATION = `
  CREATE TABLE destination (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, library_id TEXT, displaced_ms INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX destination_at ON destination (kind, key) WHERE displaced_ms IS NULL;
  CREATE UNIQUE INDEX destination_of_library ON destination (library_id) WHERE library_id IS NOT NULL;`;

/** What the journal album of an open run held and no file of it explained: the answer of no file, told by the receipt. */
const UNEXPLAINED = `
  CREATE TABLE unexplained_item (
    run TEXT NOT NULL, photos_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (run, photos_id)
  ) STRICT;`;

/** What a person may type after --album: as each phone's library said it last. */
const PHONE_ALBUM = `
  CREATE TABLE phone_album (
    phone TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (phone, title)
  ) STRICT, WITHOUT ROWID;`;

/** The statements that make every table of a new ledger. */
export const TABLES = `
  CREATE TABLE phone (
    udid TEXT PRIMARY KEY, name TEXT NOT NULL, product_type TEXT NOT NULL, ios_version TEXT NOT NULL
  ) STRICT;
  ${DESTINATION}
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
  -- Files that a person says are in the library. Nothing was read.
  CREATE TABLE mark (
    phone TEXT NOT NULL, destination INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL, PRIMARY KEY (phone, destination, path)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE run (
    id TEXT PRIMARY KEY, phone TEXT NOT NULL, destination INTEGER NOT NULL, started_ms INTEGER NOT NULL,
    finished_ms INTEGER, receipt_path TEXT, album_id TEXT, album_name TEXT, journal_id TEXT,
    -- Random names of albums that are being made: a crash before the id is known leaves them findable.
    album_pending TEXT, journal_pending TEXT, journal_closing TEXT, extra_pending TEXT,
    -- Why the album is not what was put into it; null where it is.
    album_trouble TEXT
  ) STRICT;
  CREATE UNIQUE INDEX one_open_run ON run (phone, destination) WHERE finished_ms IS NULL;
  CREATE TABLE item (
    id INTEGER PRIMARY KEY, phone TEXT NOT NULL, destination INTEGER NOT NULL, identity TEXT NOT NULL,
    state TEXT NOT NULL, key TEXT NOT NULL, run TEXT NOT NULL,
    -- How many runs handed it to Photos in vain.
    attempts INTEGER NOT NULL DEFAULT 0, UNIQUE (phone, destination, identity)
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
  -- answered; ended when its outcome is known. event: 'plain' or 'by-hand'. shown: what scripts saw of it, by when, where
  -- not everything of it was recognised.
  CREATE TABLE batch (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, items TEXT NOT NULL, begun_ms INTEGER NOT NULL,
    photos_pid INTEGER, photos_started_ms INTEGER, ended_ms INTEGER,
    items_before INTEGER, replied_ms INTEGER, reply_ids TEXT, reply_count INTEGER,
    event TEXT NOT NULL DEFAULT 'plain', shown_ids TEXT, shown_items INTEGER, shown_ms INTEGER
  ) STRICT;
  ${PHOTOS_STARTED}
  ${EDITED_BATCHES}
  ${EXTRA_COPY}
  ${UNEXPLAINED}
  ${PHONE_ALBUM}
  CREATE TABLE our_album (
    destination INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, run TEXT NOT NULL, made_ms INTEGER NOT NULL,
    PRIMARY KEY (destination, id)
  ) STRICT;
  PRAGMA user_version = ${LEDGER_VERSION};
`;

/** What each format lacks of the next one, by its number. */
export const NEXT_FORMAT: Readonly<Record<number, string>> = {
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
  // Nobody counted the attempts before: one at least.
  4: `
    ALTER TABLE destination RENAME TO destination_before;
    ${DESTINATION}
    INSERT INTO destination (id, kind, key) SELECT id, kind, key FROM destination_before;
    DROP TABLE destination_before;
    ALTER TABLE item ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
    UPDATE item SET attempts = 1 WHERE state = 'failed';`,
  // What scripts saw was not kept.
  5: `
    ALTER TABLE batch ADD COLUMN shown_ids TEXT;
    ALTER TABLE batch ADD COLUMN shown_items INTEGER;
    ALTER TABLE batch ADD COLUMN shown_ms INTEGER;`,
  6: `
    ${UNEXPLAINED}
    ${PHONE_ALBUM}
    ALTER TABLE run ADD COLUMN album_trouble TEXT;`,
};
