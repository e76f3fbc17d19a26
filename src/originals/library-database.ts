import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import { RollcallError, stopped } from "../errors.js";
import { judgeDatabase } from "../sqlite-pages/judge-database.js";
import { type ItemRows, itemFromRows, type ReadingContext } from "./item-from-rows.js";
import { copyLibraryDatabase, type LibraryCopy } from "./library-copy.js";
import type { LibraryItem } from "./library-item.js";
import { type LibraryQueries, type LibraryRow, libraryQueries } from "./library-tables.js";
import { libraryUnreadable, messageOf } from "./library-trouble.js";
import { KNOWN_MODELS, modelVersionIn } from "./model-version.js";
import { PackageFiles } from "./package-files.js";
import { isSet, secondsOf } from "./row-values.js";

/**
 * Opens a copy of a library's database; the package itself is only read.
 * @param path of the `.photoslibrary` package
 * @param options.workFolder must exist; the copy lies in a private folder below it until the database is closed
 * @throws RollcallError BAD_USAGE (no library, or one of before macOS 10.15), LIBRARY_NOT_PERMITTED,
 *   LIBRARY_UNREADABLE (damaged, half copied, of an unknown make), DISK_FULL, FOLDER_NOT_WRITABLE, STOPPED
 */
export async function openLibraryDatabase(
  path: string,
  options: { readonly workFolder: string; readonly signal?: AbortSignal | undefined },
): Promise<LibraryDatabase> {
  const copy = await copyLibraryDatabase(path, options);
  let database: DatabaseSyncInstance | null = null;
  try {
    const { DatabaseSync } = await import("@photostructure/sqlite");
    if (options.signal?.aborted) throw stopped(options.signal);
    database = new DatabaseSync(copy.databasePath, { readOnly: true, defensive: true });
    // The file is a stranger's: its views, triggers and defaults may call nothing.
    database.exec(
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY",
    );
    const wrong = await judgeDatabase(database, { path: copy.databasePath, signal: options.signal });
    if (wrong !== null) throw libraryUnreadable(copy.libraryPath, wrong);
    const queries = libraryQueries(database);
    if ("missing" in queries)
      throw libraryUnreadable(
        copy.libraryPath,
        `Its database lacks what Rollcall reads: ${queries.missing}.`,
      );
    return new LibraryDatabase(copy, database, queries);
  } catch (error) {
    database?.close();
    await copy.remove();
    if (error instanceof RollcallError) throw error;
    throw libraryUnreadable(copy.libraryPath, `SQLite cannot read its database: ${messageOf(error)}`, error);
  }
}

/** The database of one library as it was when it was opened, and the names of the files in its package. */
export class LibraryDatabase implements AsyncDisposable {
  /** Of the package: absolute, links resolved. */
  readonly libraryPath: string;
  /** 13537 is macOS 10.15.1, 19320 macOS 26.1; null where the database does not say. */
  readonly modelVersion: number | null;
  /** False where the library was made by a Photos that Rollcall has not seen: it is read by what it has. */
  readonly isKnownModel: boolean;
  readonly #copy: LibraryCopy;
  readonly #database: DatabaseSyncInstance;
  readonly #queries: LibraryQueries;
  readonly #sessions: ReadonlyMap<number, string>;
  #lookUp: LookUp | null = null;
  #sizes: StatementSyncInstance | null = null;
  #imported: StatementSyncInstance | null = null;

  /** Use {@link openLibraryDatabase}. */
  constructor(copy: LibraryCopy, database: DatabaseSyncInstance, queries: LibraryQueries) {
    this.#copy = copy;
    this.#database = database;
    this.#queries = queries;
    this.libraryPath = copy.libraryPath;
    this.modelVersion = modelVersionOf(database, queries.metadata);
    const version = this.modelVersion ?? 0;
    this.isKnownModel = version >= KNOWN_MODELS.first && version <= KNOWN_MODELS.last;
    this.#sessions = sessionsOf(database, queries.sessions);
  }

  /** How many {@link items} there will be. */
  countItems(): number {
    using rows = this.#rows(`SELECT count(*) FROM (${this.#queries.assets})`);
    return this.#reading(() => Number(rows.next()?.[0]));
  }

  /**
   * Every photo and video, trashed, hidden, referenced and shared ones too, one by one in the order they came
   * into the database; nothing is kept of those that were handed out. Folders of the package are listed anew.
   * @throws RollcallError LIBRARY_UNREADABLE
   */
  *items(): Generator<LibraryItem, void, undefined> {
    const context = this.#context();
    const { assets, attributes, resources } = this.#queries;
    using attributesInOrder = new RowsInOrder(
      attributes === null ? null : this.#rows(`${attributes} ORDER BY x.ZASSET, x.Z_PK`),
    );
    using resourcesInOrder = new RowsInOrder(this.#rows(`${resources} ORDER BY r.ZASSET, r.Z_PK`));
    using rows = this.#rows(`${assets} ORDER BY a.Z_PK`);
    for (;;) {
      const asset = this.#reading(() => rows.next());
      if (asset === null) return;
      const pk = Number(asset[0]);
      yield this.#reading(() =>
        itemFromRows(
          { asset, attributes: attributesInOrder.of(pk), resources: resourcesInOrder.of(pk) },
          context,
        ),
      );
    }
  }

  /**
   * One item by its UUID (or `UUID/L0/001`, as scripts have it); null where the library has none. The first call
   * takes as long as reading all items, the next ones microseconds.
   */
  item(uuid: string): LibraryItem | null {
    return this.#reading(() => {
      this.#lookUp ??= new LookUp(this.#database, this.#queries, this.#context());
      return this.#lookUp.find(uuid.split("/", 1)[0] ?? "");
    });
  }

  /** Whether it lists an item, by its UUID. As {@link item}, and much cheaper for each. */
  standingOf(uuid: string): "listed" | "trashed" | "absent" {
    return this.#reading(() => {
      this.#lookUp ??= new LookUp(this.#database, this.#queries, this.#context());
      return this.#lookUp.standingOf(uuid);
    });
  }

  /** False also where this library's albums cannot be asked for. */
  hasAlbum(uuid: string): boolean {
    const { album } = this.#queries;
    return album !== null && this.#reading(() => this.#database.prepare(album).get(uuid) !== undefined);
  }

  /**
   * UUIDs of the items with a file of this length: the original, a Live video or a RAW. The first call reads every
   * length, the next ones take microseconds.
   */
  uuidsWithSize(sizeBytes: number): string[] {
    return this.#reading(() => {
      this.#sizes ??= this.#readSizes();
      const rows = this.#sizes.all(sizeBytes) as unknown as readonly LibraryRow[];
      return rows.flatMap(([uuid]) => (typeof uuid === "string" ? [uuid] : []));
    });
  }

  /**
   * UUIDs of all items that came in with this one, by the same import session, itself too: hidden and trashed ones,
   * and burst frames that nobody sees. Empty where the database does not say. The first call reads every session.
   */
  uuidsImportedWith(uuid: string): string[] {
    const { makeImported } = this.#queries;
    if (makeImported === null) return [];
    return this.#reading(() => {
      this.#imported ??= this.#readImported(makeImported);
      const rows = this.#imported.all(uuid) as unknown as readonly LibraryRow[];
      return rows.flatMap(([other]) => (typeof other === "string" ? [other] : []));
    });
  }

  #readImported(makeImported: string): StatementSyncInstance {
    this.#database.exec(makeImported);
    const imported = this.#database.prepare(
      `SELECT uuid FROM temp.imported_asset
       WHERE session IN (SELECT session FROM temp.imported_asset WHERE uuid = ?) ORDER BY pk`,
    );
    imported.setReturnArrays(true);
    return imported;
  }

  /** Items of its own whose length no row tells. */
  countUnsized(): number {
    return this.#reading(() => {
      this.#sizes ??= this.#readSizes();
      using rows = this.#rows(
        "SELECT count(*) FROM temp.own_asset WHERE pk NOT IN (SELECT asset FROM temp.item_size)",
      );
      return Number(rows.next()?.[0]);
    });
  }

  /** Items of its own, not in the trash, that iCloud Photos has, as the database says. */
  countInICloud(): number {
    const { inICloud } = this.#queries;
    if (inICloud === null) return 0;
    using rows = this.#rows(inICloud);
    return this.#reading(() => Number(rows.next()?.[0]));
  }

  /** UUIDs of all items that came in between two moments; null where the database does not say when they came. */
  uuidsAddedBetween(from: Date, to: Date): string[] | null {
    const { addedBetween } = this.#queries;
    if (addedBetween === null) return null;
    return this.#reading(() => {
      const statement = this.#database.prepare(addedBetween);
      statement.setReturnArrays(true);
      const rows = statement.all(secondsOf(from), secondsOf(to)) as unknown as readonly LibraryRow[];
      return rows.flatMap(([uuid]) => (typeof uuid === "string" ? [uuid] : []));
    });
  }

  #readSizes(): StatementSyncInstance {
    this.#database.exec(this.#queries.makeSizes);
    const sizes = this.#database.prepare(
      "SELECT DISTINCT uuid FROM temp.item_size JOIN temp.own_asset ON own_asset.pk = asset WHERE bytes = ? ORDER BY pk",
    );
    sizes.setReturnArrays(true);
    return sizes;
  }

  /** Closes it and removes the copy. Twice is fine. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
    await this.#copy.remove();
  }

  #context(): ReadingContext {
    const { modelVersion } = this;
    return { files: new PackageFiles(this.libraryPath), modelVersion, sessions: this.#sessions };
  }

  #rows(query: string): RowsOfStatement {
    return this.#reading(() => new RowsOfStatement(this.#database.prepare(query)));
  }

  /** Damage that the check let pass shows itself while reading. */
  #reading<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR")) throw error;
      throw libraryUnreadable(
        this.libraryPath,
        `SQLite cannot read its database: ${messageOf(error)}`,
        error,
      );
    }
  }
}

/** More rows than this belong to no one photo; what is beyond is read and dropped. */
const MAX_ROWS_OF_ONE = 200;

/**
 * The rows of a statement, one by one. Holds the statement, because the iterator does not, and a statement that
 * is collected as garbage ends its iterator with an error (@photostructure/sqlite 1.2.1).
 */
class RowsOfStatement implements Disposable {
  readonly #statement: StatementSyncInstance;
  readonly #iterator: Iterator<unknown>;

  constructor(statement: StatementSyncInstance) {
    this.#statement = statement;
    this.#statement.setReturnArrays(true);
    this.#iterator = this.#statement.iterate();
  }

  /** Null at the end. */
  next(): LibraryRow | null {
    const { done, value } = this.#iterator.next();
    return done === true ? null : (value as LibraryRow);
  }

  [Symbol.dispose](): void {
    this.#iterator.return?.();
  }
}

/** Rows ordered by their first column, the asset they belong to, handed out asset by asset. */
class RowsInOrder implements Disposable {
  readonly #rows: RowsOfStatement | null;
  #ahead: LibraryRow | null = null;

  constructor(rows: RowsOfStatement | null) {
    this.#rows = rows;
    this.#step();
  }

  /** Call with rising numbers. */
  of(asset: number): LibraryRow[] {
    const found: LibraryRow[] = [];
    while (this.#ahead !== null && !(Number(this.#ahead[0] ?? -1) > asset)) {
      if (this.#ahead[0] === asset && found.length < MAX_ROWS_OF_ONE) found.push(this.#ahead);
      this.#step();
    }
    return found;
  }

  [Symbol.dispose](): void {
    this.#rows?.[Symbol.dispose]();
  }

  #step(): void {
    this.#ahead = this.#rows?.next() ?? null;
  }
}

/** Finds the rows of one item, over tables of its own beside the copy. */
class LookUp {
  readonly #statements: Record<
    "asset" | "attributes" | "resources" | "standing",
    { all(key: string | number): unknown[] } | null
  >;
  readonly #context: ReadingContext;

  constructor(database: DatabaseSyncInstance, queries: LibraryQueries, context: ReadingContext) {
    database.exec(queries.makeLookUp);
    this.#context = context;
    const prepared = (query: string) => {
      const statement = database.prepare(query);
      statement.setReturnArrays(true);
      return statement;
    };
    const { assets, attributes, resources } = queries;
    this.#statements = {
      standing: prepared(queries.standing),
      asset: prepared(
        `${assets} WHERE a.Z_PK IN (SELECT pk FROM temp.asset_by_uuid WHERE uuid = ?) ORDER BY a.Z_PK LIMIT 1`,
      ),
      attributes:
        attributes === null
          ? null
          : prepared(
              `${attributes} WHERE x.Z_PK IN (SELECT pk FROM temp.attributes_of WHERE asset = ?) ORDER BY x.Z_PK LIMIT ${MAX_ROWS_OF_ONE}`,
            ),
      resources: prepared(
        `${resources} AND r.Z_PK IN (SELECT pk FROM temp.resources_of WHERE asset = ?) ORDER BY r.Z_PK LIMIT ${MAX_ROWS_OF_ONE}`,
      ),
    };
  }

  standingOf(uuid: string): "listed" | "trashed" | "absent" {
    const [row] = (this.#statements.standing?.all(uuid) ?? []) as LibraryRow[];
    if (row === undefined) return "absent";
    return isSet(row[0]) === true ? "trashed" : "listed";
  }

  find(uuid: string): LibraryItem | null {
    const [asset] = (this.#statements.asset?.all(uuid) ?? []) as LibraryRow[];
    if (asset === undefined) return null;
    const pk = Number(asset[0]);
    const rows: ItemRows = {
      asset,
      attributes: (this.#statements.attributes?.all(pk) ?? []) as LibraryRow[],
      resources: (this.#statements.resources?.all(pk) ?? []) as LibraryRow[],
    };
    return itemFromRows(rows, this.#context);
  }
}

function sessionsOf(database: DatabaseSyncInstance, query: string | null): Map<number, string> {
  const sessions = new Map<number, string>();
  if (query === null) return sessions;
  const statement = database.prepare(query);
  statement.setReturnArrays(true);
  for (const [pk, uuid] of statement.all() as unknown as readonly LibraryRow[])
    if (typeof pk === "number" && typeof uuid === "string") sessions.set(pk, uuid);
  return sessions;
}

function modelVersionOf(database: DatabaseSyncInstance, query: string | null): number | null {
  const row = query === null ? undefined : (database.prepare(query).get() as { plist: unknown } | undefined);
  return row?.plist instanceof Uint8Array ? modelVersionIn(row.plist) : null;
}
