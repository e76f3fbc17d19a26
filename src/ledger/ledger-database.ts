import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { isSameName } from "../phone/choose-phone.js";
import { type PhoneIdentity, sameUdid } from "../phone/phone.js";
import type { PhotosInstance } from "../photos/photos-process.js";
import { hasKey, isApproved } from "./approved-phones.js";
import type {
  Destination,
  ItemState,
  LedgerFile,
  LibraryTraces,
  RunCutOff,
  StartedPhotos,
} from "./ledger-entry.js";
import { LedgerLibraries } from "./ledger-libraries.js";
import { fileOf } from "./ledger-rows.js";
import { openLedgerDatabase, openLedgerInMemory, openLedgerToLook } from "./open-ledger-database.js";
import { PhoneLedger } from "./phone-ledger.js";

const LIBRARY_AT = "SELECT id FROM destination WHERE kind = 'photos' AND displaced_ms IS NULL AND key = ?";

/** What nobody would type is not kept, nor the albums of a crafted library. */
const LONGEST_TITLE = 200;
const MOST_TITLES = 1_000;

/**
 * What was imported before, kept across runs. Opening gives the whole; {@link Ledger.ledgerFor} narrows it
 * to one phone and one destination, which is all that a run may see.
 */
export class LedgerDatabase implements Disposable {
  readonly libraries: LedgerLibraries;
  readonly #database: DatabaseSyncInstance;

  private constructor(database: DatabaseSyncInstance) {
    this.#database = database;
    this.libraries = new LedgerLibraries(database);
  }

  /** @throws RollcallError LEDGER_DAMAGED, LEDGER_FROM_THE_FUTURE, FOLDER_NOT_WRITABLE */
  static async open(path: string): Promise<LedgerDatabase> {
    return new LedgerDatabase(await openLedgerDatabase(path));
  }

  /** For a command that only looks or frees room: it works on a full disk, too. What it writes is lost there. */
  static async openToLook(path: string): Promise<LedgerDatabase> {
    return new LedgerDatabase(await openLedgerToLook(path));
  }

  /** As it is now, in memory, for a command that must change nothing. @param path of a file that is there */
  static async openInMemory(path: string): Promise<LedgerDatabase> {
    return new LedgerDatabase(await openLedgerInMemory(path));
  }

  ledgerFor(phone: PhoneIdentity, destination: Destination): PhoneLedger {
    const { udid, name, productType, iosVersion } = phone;
    this.#database
      .prepare(
        `INSERT INTO phone VALUES (?, ?, ?, ?) ON CONFLICT (udid) DO UPDATE
         SET name = excluded.name, product_type = excluded.product_type, ios_version = excluded.ios_version`,
      )
      .run(udid, name, productType, iosVersion);
    this.#database
      .prepare("INSERT OR IGNORE INTO destination (kind, key) VALUES (?, ?)")
      .run(destination.kind, destination.key);
    const row = this.#database
      .prepare("SELECT id FROM destination WHERE kind = ? AND key = ? AND displaced_ms IS NULL")
      .get(destination.kind, destination.key);
    return new PhoneLedger(this.#database, udid, Number(row?.id), destination);
  }

  /** Ids of the runs that were begun and not finished, of all phones and places. */
  unfinishedRuns(): ReadonlySet<string> {
    const rows = this.#database.prepare("SELECT id FROM run WHERE finished_ms IS NULL").all();
    return new Set(rows.map(({ id }) => String(id)));
  }

  /** The library that was last imported into, for a run that starts while Photos is closed. Null before the first. */
  lastPhotosKey(): string | null {
    const row = this.#database
      .prepare(
        `SELECT destination.key FROM run JOIN destination ON destination.id = run.destination
         WHERE destination.kind = 'photos' ORDER BY run.started_ms DESC, run.rowid DESC LIMIT 1`,
      )
      .get();
    return row === undefined ? null : String(row.key);
  }

  /** Runs that were begun and not finished, the oldest first: the next run of that phone into that place goes on with each. */
  runsCutOff(): RunCutOff[] {
    return this.#database
      .prepare(
        `SELECT run.id, started_ms, udid, name, kind, key FROM run JOIN phone ON udid = run.phone
         JOIN destination ON destination.id = run.destination
         WHERE finished_ms IS NULL AND displaced_ms IS NULL ORDER BY started_ms, run.rowid`,
      )
      .all()
      .map((row) => ({
        id: String(row.id),
        startedAt: new Date(Number(row.started_ms)),
        phone: { udid: String(row.udid), name: String(row.name) },
        destination: { kind: row.kind as Destination["kind"], key: String(row.key) },
      }));
  }

  /** True when a run was ever begun into this library. The key "" is the one Photos would not name. */
  hasImportedInto(photosKey: string): boolean {
    const row = this.#database
      .prepare(
        `SELECT 1 FROM run JOIN destination ON destination.id = run.destination
         WHERE destination.kind = 'photos' AND displaced_ms IS NULL AND key = ?`,
      )
      .get(photosKey);
    return row !== undefined;
  }

  /** The phone that was first copied into this folder; null where none was. */
  ownerOfFolder(path: string): { readonly udid: string; readonly name: string } | null {
    const row = this.#database
      .prepare(
        `SELECT udid, name FROM run JOIN destination ON destination.id = run.destination JOIN phone ON udid = run.phone
         WHERE destination.kind = 'folder' AND key = ? ORDER BY run.started_ms, run.rowid LIMIT 1`,
      )
      .get(path);
    return row === undefined ? null : { udid: String(row.udid), name: String(row.name) };
  }

  /** The other libraries that were imported into, the last first. */
  otherPhotosKeys(photosKey: string): string[] {
    return this.#database
      .prepare(
        `SELECT destination.key FROM run JOIN destination ON destination.id = run.destination
         WHERE destination.kind = 'photos' AND displaced_ms IS NULL AND key <> ? GROUP BY destination.id ORDER BY max(run.started_ms) DESC`,
      )
      .all(photosKey)
      .map(({ key }) => String(key));
  }

  /** By what a library can be known: the newest albums and photos that runs of any phone imported into it. */
  tracesIn(photosKey: string, most: number): LibraryTraces {
    const ids = (sql: string) =>
      this.#database
        .prepare(`${sql} LIMIT ?`)
        .all(photosKey, most)
        .map(({ id }) => String(id));
    const destination = `(${LIBRARY_AT})`;
    return {
      albumIds: ids(`SELECT id FROM our_album WHERE destination = ${destination} ORDER BY made_ms DESC`),
      photosIds: ids(
        `SELECT photos_id AS id FROM item JOIN item_file ON item_file.item = item.id
         WHERE destination = ${destination} AND state = 'imported' AND photos_id IS NOT NULL
         GROUP BY photos_id ORDER BY max(item.id) DESC`,
      ),
    };
  }

  /** How many photos were ever imported into it, by their ids. */
  countIn(photosKey: string): number {
    const imported = `SELECT count(DISTINCT photos_id) AS count FROM item_file JOIN item ON item.id = item
      WHERE destination = (${LIBRARY_AT}) AND state = 'imported'`;
    return Number(this.#database.prepare(imported).get(photosKey)?.count ?? 0);
  }

  /** Titles of the newest albums that runs of any phone made in it. */
  albumTitlesIn(photosKey: string, most: number): string[] {
    const titles = `SELECT name FROM our_album WHERE destination = (${LIBRARY_AT}) GROUP BY name ORDER BY max(made_ms) DESC LIMIT ?`;
    return this.#database
      .prepare(titles)
      .all(photosKey, most)
      .map(({ name }) => String(name));
  }

  /** Ids of photos that were imported into it, spread evenly over all that ever were. */
  photosIdsThroughout(photosKey: string, most: number): string[] {
    const imported = `SELECT DISTINCT photos_id AS id FROM item_file JOIN item ON item.id = item
      WHERE destination = (${LIBRARY_AT}) AND state = 'imported' AND photos_id IS NOT NULL ORDER BY item.id`;
    const ids = this.#database.prepare(imported).all(photosKey);
    const step = Math.max(1, Math.ceil(ids.length / most));
    return ids.flatMap(({ id }, at) => (at % step === 0 ? [String(id)] : []));
  }

  /**
   * Gives its name to the library that was imported into while Photos would not say which it is. Does
   * nothing where runs are known under that name. Call it only when both are proved to be one library.
   */
  nameUnnamedLibrary(key: string): void {
    if (this.hasImportedInto(key)) return;
    const id = (of: string) => this.#database.prepare(LIBRARY_AT).get(of)?.id;
    const [unnamed, planned] = [id(""), id(key)];
    if (unnamed === undefined) return;
    this.#database.exec("BEGIN IMMEDIATE");
    if (planned !== undefined) {
      // Only planned for so far: what a person said then goes along.
      for (const table of ["mark", "choice"])
        this.#database
          .prepare(`UPDATE OR REPLACE ${table} SET destination = ? WHERE destination = ?`)
          .run(unnamed, planned);
      this.#database.prepare("DELETE FROM destination WHERE id = ?").run(planned);
    }
    this.#database.prepare("UPDATE destination SET key = ? WHERE id = ?").run(key, unnamed);
    this.#database.exec("COMMIT");
  }

  /** Written and synced before Photos is asked to start: after a kill it is known whose it may be. */
  beginStartingPhotos(now: Date): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO photos_started VALUES (1, ?, NULL, NULL)")
      .run(now.getTime());
  }

  /** The Photos that runs now was started by Rollcall, and is Rollcall's to quit. */
  recordStartedPhotos({ pid, startedAt }: PhotosInstance): void {
    const startedMs = startedAt.getTime();
    this.#database
      .prepare("INSERT OR REPLACE INTO photos_started VALUES (1, ?, ?, ?)")
      .run(startedMs, pid, startedMs);
  }

  /** Null where Rollcall started none, or has ended it. */
  startedPhotos(): StartedPhotos | null {
    const row = this.#database.prepare("SELECT * FROM photos_started").get();
    if (row === undefined) return null;
    const instance =
      row.pid === null ? null : { pid: Number(row.pid), startedAt: new Date(Number(row.started_ms)) };
    return { askedAt: new Date(Number(row.asked_ms)), instance };
  }

  forgetStartedPhotos(): void {
    this.#database.prepare("DELETE FROM photos_started").run();
  }

  /** What its library says that its albums are called, in place of what it said before. */
  recordPhoneAlbums(udid: string, titles: readonly string[]): void {
    const kept = new Set(titles.filter(({ length }) => length <= LONGEST_TITLE).slice(0, MOST_TITLES));
    const before = this.#database.prepare("SELECT title FROM phone_album WHERE phone = ?").all(udid);
    if (before.length === kept.size && before.every(({ title }) => kept.has(String(title)))) return;
    this.#database.exec("BEGIN IMMEDIATE");
    this.#database.prepare("DELETE FROM phone_album WHERE phone = ?").run(udid);
    const insert = this.#database.prepare("INSERT INTO phone_album VALUES (?, ?)");
    for (const title of kept) insert.run(udid, title);
    this.#database.exec("COMMIT");
  }

  /** Whether a person has said, for any Photos library, that this phone's photos belong there. */
  isApproved(udid: string): boolean {
    return isApproved(this.#database, udid);
  }

  /** Whether the phone had this key in a run at which a person was there. */
  hasKey(udid: string, sha256: string): boolean {
    return hasKey(this.#database, udid, sha256);
  }

  /**
   * Takes back what was said of a phone, for every library.
   * @param wanted a UDID in any spelling, or its name when it was last seen
   * @returns the names of the phones it was taken back for
   */
  withdrawApproval(wanted: string): string[] {
    const phones = this.#database
      .prepare(
        "SELECT udid, name FROM phone WHERE udid IN (SELECT phone FROM choice WHERE name = 'confirmed')",
      )
      .all()
      .filter(({ udid, name }) => sameUdid(String(udid), wanted) || isSameName(String(name), wanted));
    for (const { udid } of phones)
      this.#database
        .prepare("DELETE FROM choice WHERE name IN ('confirmed', 'key') AND phone = ?")
        .run(String(udid));
    return phones.map(({ name }) => String(name));
  }

  /** The file that was copied to this path, in any run; undefined where none was. */
  fileCopiedTo(copyPath: string): (LedgerFile & { readonly state: ItemState }) | undefined {
    const row = this.#database
      .prepare(
        "SELECT item_file.*, item.state FROM item_file JOIN item ON item.id = item WHERE copy_path = ?",
      )
      .get(copyPath);
    return row === undefined ? undefined : { ...fileOf(row), state: row.state as ItemState };
  }

  [Symbol.dispose](): void {
    if (!this.#database.isOpen) return;
    // Prepared statements keep SQLite from tidying up at close: the one file should hold everything.
    try {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // the disk is full, say: the log holds it as well
    }
    this.#database.close();
  }
}
