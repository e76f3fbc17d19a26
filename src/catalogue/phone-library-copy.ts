import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { hasErrno, RollcallError } from "../errors.js";
import { type Phone, PhoneFileError } from "../phone/phone.js";
import { type CopyCost, copyTables, copyWholeDatabase } from "../sqlite-pages/copy-tables.js";
import type { DatabaseFile } from "../sqlite-pages/database-file.js";
import { UnreadableDatabase } from "../sqlite-pages/unreadable-database.js";
import { phoneLibraryUnreadable } from "./phone-library-unreadable.js";

/** Where the phone keeps the database of its Photos app. */
const DATABASE = "/PhotoData/Photos.sqlite";
/**
 * `-shm` stays behind: it is only an index over `-wal` that SQLite makes anew, and the phone's Photos app
 * touches it while merely reading, so that it would never be seen at rest.
 */
const WRITE_AHEAD_LOG = `${DATABASE}-wal`;

const TRIES = 3;
/** Stays free on this computer's disk beside a copy of the whole database. */
const SPARE_BYTES = 1024 ** 3;

/** What reading the phone's database cost. */
export interface PhoneLibraryReading extends CopyCost {
  /** `pages`: those of the tables that are asked; `whole`: the whole database, because that did not work. */
  readonly way: "pages" | "whole";
  /** From 1 on; one more each time the phone rewrote the database meanwhile, or its pages did not do. */
  readonly tries: number;
  readonly milliseconds: number;
}

interface PhoneLibraryCopy {
  readonly path: string;
  readonly reading: PhoneLibraryReading;
}

/**
 * Copies what is asked of the phone's database, and what it wrote last (`-wal`), into `folder`: the pages of the tables
 * in question, while the phone may go on writing. Where that fails, the whole database.
 * @param options.isWanted which tables are asked
 * @param options.openCopy opens a database of this computer, to read only
 * @param options.unusable an earlier copy by pages, in the same folder, that SQLite could not use: the whole then
 * @throws RollcallError PHONE_LIBRARY_UNREADABLE when it is absent, damaged, or was rewritten during each try; the
 *   phone's own errors; DISK_FULL, FOLDER_NOT_WRITABLE
 */
export async function copyPhoneLibrary(
  phone: Phone,
  folder: string,
  options: {
    readonly isWanted: (table: string) => boolean;
    readonly openCopy: (path: string) => DatabaseSyncInstance;
    readonly unusable?: PhoneLibraryReading | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<PhoneLibraryCopy> {
  const { signal, unusable } = options;
  const startedAt = performance.now() - (unusable?.milliseconds ?? 0);
  const files = {
    database: onPhone(phone, DATABASE, signal),
    log: onPhone(phone, WRITE_AHEAD_LOG, signal),
    signal,
  };
  let tries = unusable?.tries ?? 0;
  let path = "";
  const nextCopy = () => {
    tries += 1;
    path = join(folder, `Photos-${tries}.sqlite`);
    return { ...files, ...options, copyPath: path };
  };
  const copied = (cost: CopyCost, way: PhoneLibraryReading["way"]): PhoneLibraryCopy => ({
    path,
    reading: { ...cost, way, tries, milliseconds: Math.round(performance.now() - startedAt) },
  });
  try {
    while (unusable === undefined && tries < TRIES) {
      try {
        return copied(await copyTables(nextCopy()), "pages");
      } catch (error) {
        if (!(error instanceof UnreadableDatabase) || error.kind === "absent") throw error;
        // What looks damaged may be of a form that only SQLite itself can judge.
        if (error.kind === "damaged") break;
      }
    }
    const hasRoom = (sizeBytes: number) => hasFree(folder, sizeBytes + SPARE_BYTES);
    return copied(await copyWholeDatabase(nextCopy(), hasRoom), "whole");
  } catch (error) {
    if (error instanceof PhoneFileError) throw phoneLibraryUnreadable("refused", error.reason.message, error);
    if (error instanceof UnreadableDatabase) {
      if (error.kind === "no-room") throw diskFull(path, error);
      const why =
        error.kind === "changing" ? `${error.message} This happened ${tries} times in a row.` : error.message;
      throw phoneLibraryUnreadable(error.kind, why, error);
    }
    throw asDiskTrouble(error, path);
  }
}

function onPhone(phone: Phone, path: string, signal: AbortSignal | undefined): DatabaseFile {
  return {
    describe: () => phone.describe(path, signal),
    read: (pieces) => phone.readPieces(path, pieces, signal),
  };
}

async function hasFree(folder: string, sizeBytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= sizeBytes;
}

function diskFull(path: string, cause: unknown): RollcallError {
  return new RollcallError("DISK_FULL", {
    message: "The disk is full.",
    why: `The phone's photo database could not be copied to ${path}.`,
    remedy: "Make room, then run the same command again.",
    cause,
  });
}

function asDiskTrouble(error: unknown, path: string): unknown {
  if (hasErrno(error, "ENOSPC", "EDQUOT")) return diskFull(path, error);
  if (hasErrno(error, "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR")) {
    return new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${path} could not be written.`,
      remedy:
        "Make the folder writable, or name another (ROLLCALL_HOME, or TMPDIR for a temporary one), then run the same command again.",
      cause: error,
    });
  }
  return error;
}
