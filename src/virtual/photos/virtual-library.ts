import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import { RollcallError } from "../../errors.js";
import { whatIsAt } from "../../owned-file.js";
import { appleSeconds } from "./apple-time.js";
import { ApplicationState } from "./application-state.js";
import { type LibrarySchema, librarySchema, type ModelVersion } from "./library-schema.js";
import { dataModelVersionText, modelPlist } from "./model-plist.js";

/** Lies in every package that is ours, and in no real one; without it nothing existing is ever opened. */
export const markerName = "rollcall-virtual-photos.sqlite";

export interface LibrarySettings {
  /** Counts only when the package is made. */
  readonly modelVersion?: ModelVersion | undefined;
  /** Fill the columns that hold Apple's hash of the original; real ones are often NULL. Only when the package is made. */
  readonly hasFingerprints?: boolean | undefined;
}

/** An open `.photoslibrary` package: its database, its folders and the state of the program that has it open. */
export interface VirtualLibrary {
  /** Absolute. */
  readonly path: string;
  readonly database: DatabaseSyncInstance;
  readonly schema: LibrarySchema;
  readonly hasFingerprints: boolean;
  readonly application: ApplicationState;
  /** Runs `work` as one transaction of the library; nested calls join the outer one. */
  inTransaction<Value>(work: () => Value): Value;
  /** Twice is fine. */
  close(): void;
}

/**
 * Opens a package, or makes an empty one where there is nothing yet.
 * @throws RollcallError BAD_USAGE where something else lies there, above all a real Photos library
 */
export function openVirtualLibrary(path: string, settings: LibrarySettings = {}): VirtualLibrary {
  const folder = resolve(path);
  refuseWhatIsNotOurs(folder);
  mkdirSync(join(folder, "database"), { recursive: true });
  mkdirSync(join(folder, "originals"), { recursive: true });
  mkdirSync(join(folder, "resources", "renders"), { recursive: true });

  const stateDatabase = openDatabase(join(folder, markerName));
  stateDatabase.exec(ApplicationState.createSql);
  const application = new ApplicationState(stateDatabase);
  const stored = application.recall<Required<LibrarySettings>>("library") ?? {
    modelVersion: settings.modelVersion ?? 19320,
    hasFingerprints: settings.hasFingerprints ?? false,
  };
  application.remember("library", stored);

  const schema = librarySchema(stored.modelVersion ?? 19320);
  const database = openDatabase(join(folder, "database", "Photos.sqlite"));
  const inTransaction = transactions(database);
  const isMade = () =>
    database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'Z_METADATA'").get() !== undefined;
  if (!isMade()) {
    inTransaction(() => {
      if (!isMade()) makeTables(database, schema);
    });
    writeFileSync(join(folder, "database", "DataModelVersion.plist"), dataModelVersionText);
  }
  return {
    path: folder,
    database,
    schema,
    hasFingerprints: stored.hasFingerprints ?? false,
    application,
    inTransaction,
    close: () => {
      for (const open of [database, stateDatabase]) if (open.isOpen) open.close();
    },
  };
}

function refuseWhatIsNotOurs(folder: string): void {
  if (whatIsAt(folder) === undefined || existsSync(join(folder, markerName))) return;
  try {
    if (readdirSync(folder).length === 0) return;
  } catch {
    // A file, or a folder that may not be read: not ours either.
  }
  throw new RollcallError("BAD_USAGE", {
    message: `${folder} is not a virtual Photos library.`,
    why: "There is something there already that Rollcall did not make; it could be a real library.",
    remedy: "Name a folder that does not exist yet; it will be made.",
  });
}

function openDatabase(path: string): DatabaseSyncInstance {
  const database = new CachingDatabase(path, { timeout: 60_000 });
  // What must survive is a process that is killed, not a power cut: the writes reach the system, and that will do.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  return database;
}

/** Every item of an import asks for the same dozen statements: each text is prepared once. */
class CachingDatabase extends DatabaseSync {
  readonly #statements = new Map<string, StatementSyncInstance>();

  override prepare(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = super.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}

function transactions(database: DatabaseSyncInstance): <Value>(work: () => Value) => Value {
  let isInside = false;
  return (work) => {
    if (isInside) return work();
    database.exec("BEGIN IMMEDIATE");
    isInside = true;
    try {
      const value = work();
      database.exec("COMMIT");
      return value;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    } finally {
      isInside = false;
    }
  };
}

/** Album kinds (`ZGENERICALBUM.ZKIND`). */
export const albumKind = {
  album: 2,
  importSession: 1506,
  projectRoot: 3998,
  root: 3999,
  folder: 4000,
} as const;

function makeTables(database: DatabaseSyncInstance, schema: LibrarySchema): void {
  database.exec(schema.createSql);
  database
    .prepare("INSERT INTO Z_METADATA VALUES (1, ?, ?)")
    .run(randomUUID().toUpperCase(), modelPlist(schema.modelVersion));
  const made = appleSeconds(new Date());
  for (const kind of [albumKind.projectRoot, albumKind.root]) {
    insertRow(database, schema, "ZGENERICALBUM", "Folder", {
      ZKIND: kind,
      ZUUID: newUuid(),
      ZTRASHEDSTATE: 0,
      ZCACHEDCOUNT: 0,
      ZCREATIONDATE: made,
      ZLASTMODIFIEDDATE: made,
    });
  }
}

export function newUuid(): string {
  return randomUUID().toUpperCase();
}

export type RowValues = Readonly<Record<string, string | number | Uint8Array | null>>;

/** Adds one row as Core Data would: numbered from `Z_PRIMARYKEY`, with its entity. Returns its `Z_PK`. */
export function insertRow(
  database: DatabaseSyncInstance,
  schema: LibrarySchema,
  table: string,
  entity: keyof LibrarySchema["entities"],
  values: RowValues,
): number {
  const number = schema.entities[entity];
  const counted = database
    .prepare(
      `UPDATE Z_PRIMARYKEY SET Z_MAX = Z_MAX + 1
       WHERE Z_ENT = (SELECT CASE Z_SUPER WHEN 0 THEN Z_ENT ELSE Z_SUPER END FROM Z_PRIMARYKEY WHERE Z_ENT = ?)
       RETURNING Z_MAX`,
    )
    .get(number) as { Z_MAX: number };
  const row: RowValues = { Z_PK: counted.Z_MAX, Z_ENT: number, Z_OPT: 1, ...values };
  const columns = Object.keys(row).filter((column) => schema.columnsOf(table).has(column));
  database
    .prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
    .run(...columns.map((column) => row[column] ?? null));
  return counted.Z_MAX;
}
