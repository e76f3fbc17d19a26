import { setImmediate as letOthersRun } from "node:timers/promises";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RollcallError, stopped } from "../errors.js";
import { makePassingFolder, type PassingFolder } from "../owned-folder.js";
import type { Phone } from "../phone/phone.js";
import { judgeDatabase } from "../sqlite-pages/judge-database.js";
import type { CarriedFacts } from "./carried-facts.js";
import type { PhoneLibrarySummary } from "./media-item.js";
import { readAlbums } from "./phone-library-albums.js";
import { copyPhoneLibrary, type PhoneLibraryReading } from "./phone-library-copy.js";
import { type CloudPartRow, readPartsAway, readPartsHere } from "./phone-library-parts.js";
import {
  assetQuery,
  isAskedTable,
  modelVersionIn,
  othersCountQuery,
  repeatedRow,
  rowOf,
} from "./phone-library-query.js";
import { type PhoneLibraryRow, PhoneLibraryRows } from "./phone-library-rows.js";
import { phoneLibraryUnreadable } from "./phone-library-unreadable.js";
import { CarriedFactsReader } from "./read-carried-facts.js";

/** What the phone's own database says. Held in memory: nothing of it lies on a disk any more. */
export interface PhoneLibrary {
  readonly summary: PhoneLibrarySummary;
  /** Every photo and video of the person's own library, one for each row, in no promised order; each path once. */
  rows(): Iterable<PhoneLibraryRow>;
  /** The row of a file, however its accents are composed; null where the library does not know it. */
  find(path: string): PhoneLibraryRow | null;
  /** The rows that {@link find} gives for none of these paths. */
  without(paths: Iterable<string>): Iterable<PhoneLibraryRow>;
  /** The photos whose original is on the phone and of which a part is in iCloud only. */
  partsAway(): Iterable<PhotoWithPartsAway>;
  /** Absent unless it was asked for. */
  readonly carried?: CarriedFacts;
}

interface PhotoWithPartsAway {
  readonly path: string;
  /** At least one. */
  readonly parts: readonly CloudPartRow[];
}

const ROWS_AT_A_TIME = 2_000;
/**
 * So many rows may be about a photo that had one already. In a sound database none is; in a crafted one each row of a
 * table may be joined with each of another.
 */
const MOST_REPEATED_ROWS = 100_000;

/**
 * Reads `/PhotoData/Photos.sqlite` from a copy of what is asked of it, while the phone may go on writing to it. The
 * copy lies in a new private folder below `workFolder` (which must exist) and is gone when this returns or throws.
 * @param options.withCarriedFacts also reads what people did with their photos there, of which more is read off the phone
 * @throws RollcallError PHONE_LIBRARY_UNREADABLE when it is absent, damaged, or not what we know; the phone's
 *   own errors (PHONE_GONE, PHONE_LOCKED, PHONE_PROTOCOL); DISK_FULL, FOLDER_NOT_WRITABLE, STOPPED
 */
export async function readPhoneLibrary(
  phone: Phone,
  options: {
    readonly workFolder: string;
    readonly withCarriedFacts?: boolean;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<PhoneLibrary & { readonly reading: PhoneLibraryReading }> {
  const { workFolder, withCarriedFacts = false, signal } = options;
  let folder: PassingFolder;
  try {
    folder = makePassingFolder(workFolder, "phone-library");
  } catch (error) {
    throw new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${workFolder} could not be written.`,
      remedy:
        "Make the folder writable, or name another (ROLLCALL_HOME, or TMPDIR for a temporary one), then run the same command again.",
      cause: error,
    });
  }
  try {
    const DatabaseSync = await loadSqlite();
    const openCopy = (path: string) => openStrangers(DatabaseSync, path);
    const copy = async (unusable?: PhoneLibraryReading) => {
      const isWanted = (table: string) => isAskedTable(table, withCarriedFacts);
      const asked = { isWanted, openCopy, unusable, signal };
      const { path, reading } = await copyPhoneLibrary(phone, folder.path, asked);
      return { reading, path, open: () => openCopy(path), withCarriedFacts };
    };
    const first = await copy();
    const { reading } = first;
    try {
      return { reading, ...(await readCopy(first, signal)) };
    } catch (error) {
      if (error instanceof RollcallError || signal?.aborted || reading.way === "whole") throw error;
      // A page that was not copied was needed after all, or SQLite sees damage that the walk does not.
      const whole = await copy(reading);
      return { reading: whole.reading, ...(await readCopy(whole, signal)) };
    }
  } catch (error) {
    if (error instanceof RollcallError) throw error;
    if (signal?.aborted) throw stopped(signal);
    throw phoneLibraryUnreadable("damaged", whyOf(error), error);
  } finally {
    folder.remove();
  }
}

type DatabaseSyncClass = typeof import("@photostructure/sqlite")["DatabaseSync"];

async function loadSqlite(): Promise<DatabaseSyncClass> {
  try {
    return (await import("@photostructure/sqlite")).DatabaseSync;
  } catch (error) {
    throw phoneLibraryUnreadable(
      "no-sqlite",
      "The part of Rollcall that reads SQLite does not run on this computer.",
      error,
    );
  }
}

/** The file is a stranger's: its views, triggers and defaults may call nothing, and its schema is not to be changed. */
function openStrangers(DatabaseSync: DatabaseSyncClass, path: string): DatabaseSyncInstance {
  const database = new DatabaseSync(path, { readOnly: true, defensive: true });
  database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
  return database;
}

async function readCopy(
  copy: {
    readonly path: string;
    readonly reading: PhoneLibraryReading;
    readonly open: () => DatabaseSyncInstance;
    readonly withCarriedFacts: boolean;
  },
  signal: AbortSignal | undefined,
): Promise<PhoneLibrary> {
  const database = copy.open();
  try {
    // Reads every page, so it is for a whole copy; pages by themselves were checked when they were copied.
    const isToCheck = copy.reading.way === "whole";
    const wrong = await judgeDatabase(database, { path: copy.path, isToCheck, signal });
    if (wrong !== null) throw phoneLibraryUnreadable("damaged", wrong);
    return await readRows(database, copy.withCarriedFacts, signal);
  } finally {
    database.close();
  }
}

async function readRows(
  database: DatabaseSyncInstance,
  withCarriedFacts: boolean,
  signal: AbortSignal | undefined,
): Promise<PhoneLibrary> {
  const rows = new PhoneLibraryRows();
  const carried = withCarriedFacts ? new CarriedFactsReader(database, rows) : null;
  const query = assetQuery(database, carried?.columns);
  if (query === null) {
    throw phoneLibraryUnreadable(
      "unknown",
      "Its database has no table of photos that says what is hidden and what is in Recently Deleted.",
    );
  }
  const albums = await readAlbums(database, signal);
  const albumsOf = albums?.of ?? (() => []);
  const partsAwayOf = readPartsAway(database);
  const partsHereOf = readPartsHere(database);
  const partsAway: PhotoWithPartsAway[] = [];
  const statement = database.prepare(query);
  statement.setReturnArrays(true);

  const summary = {
    shownCount: 0,
    hiddenCount: 0,
    trashedCount: 0,
    sharedLibraryCount: 0,
    syncedWithICloud: false,
  };
  let usesICloudPhotos: boolean | null = null;
  let seen = 0;
  let repeated = 0;
  let asset: unknown;
  for (const columns of statement.iterate()) {
    if (++seen % ROWS_AT_A_TIME === 0) {
      await letOthersRun();
      if (signal?.aborted) throw stopped(signal);
    }
    const isRepeated = columns[0] === asset;
    if (isRepeated && ++repeated > MOST_REPEATED_ROWS) {
      throw phoneLibraryUnreadable(
        "damaged",
        "Its database is damaged: it says the same of a photo again and again.",
      );
    }
    asset = columns[0];
    // Joined with more than one row of another table; without a key nobody can tell.
    if (isRepeated && asset !== null) continue;
    const before = rows.count;
    let row = rowOf(columns, albumsOf, { ordinal: seen, partsHere: partsHereOf(asset) });
    if (!rows.add(row)) {
      row = repeatedRow(row, asset, seen);
      rows.add(row);
    }
    if (rows.count > before) carried?.add(row, asset, columns);
    const parts = partsAwayOf(columns[0]).filter(({ role }) => row.edited || !role.startsWith("edited"));
    if (parts.length > 0) partsAway.push({ path: row.path, parts });
    if (row.trashed) summary.trashedCount++;
    else if (row.hidden) summary.hiddenCount++;
    else if (row.shown) summary.shownCount++;
    if (row.inSharedLibrary && !row.trashed) summary.sharedLibraryCount++;
    if (row.syncedWithICloud) summary.syncedWithICloud = true;
    if (row.inICloud !== "unsaid") usesICloudPhotos = usesICloudPhotos === true || row.inICloud === "yes";
  }
  // Used once more, because the iterator does not keep its statement from the garbage collector, and a
  // collected one ends the loop with an error (@photostructure/sqlite 1.2.1).
  statement.setReturnArrays(false);
  return {
    summary: {
      ...summary,
      ofOthersCount: othersCount(database),
      usesICloudPhotos,
      albums: albums?.titles ?? null,
      modelVersion: modelVersionIn(database),
    },
    rows: () => rows,
    find: (path) => rows.find(path),
    without: (paths) => rows.without(paths),
    partsAway: () => partsAway,
    ...(carried !== null && { carried: await carried.finish(signal) }),
  };
}

function othersCount(database: DatabaseSyncInstance): number {
  const query = othersCountQuery(database);
  const others: unknown = query === null ? 0 : database.prepare(query).get()?.others;
  return typeof others === "number" ? others : 0;
}

function whyOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `SQLite cannot read its database: ${message.slice(0, 200)}`;
}
