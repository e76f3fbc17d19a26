import { type BigIntStats, constants } from "node:fs";
import { chmod, copyFile, lstat, open, realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { hasErrno, RollcallError, stopped } from "../errors.js";
import { makePassingFolder, type PassingFolder } from "../owned-folder.js";
import { libraryUnreadable, notALibrary, readingFailed } from "./library-trouble.js";
import { whatItIsInstead } from "./other-libraries.js";

const TRIES = 3;
const WAL_HEADER_BYTES = 32;
const TIME_STEP_MS = 20;

/** A private folder with a copy of a library's database in it. */
export interface LibraryCopy {
  /** Of the package: absolute, no link. */
  readonly libraryPath: string;
  readonly databasePath: string;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/**
 * Copies `Photos.sqlite` and `Photos.sqlite-wal` such that both are of one moment. Never opened in place: even
 * a reader of SQLite writes to `-shm`. That file stays behind, being only an index over `-wal`.
 * @throws RollcallError BAD_USAGE (no such library), LIBRARY_UNREADABLE, LIBRARY_NOT_PERMITTED, DISK_FULL, FOLDER_NOT_WRITABLE, STOPPED
 */
export async function copyLibraryDatabase(
  path: string,
  options: { readonly workFolder: string; readonly signal?: AbortSignal | undefined },
): Promise<LibraryCopy> {
  const libraryPath = await realpath(path).catch((error: unknown) => {
    if (hasErrno(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"))
      throw notALibrary(resolve(path), "There is nothing of this name.", error);
    throw readingFailed(resolve(path), error);
  });
  await refuseOtherThings(libraryPath);
  const folder = passingFolder(options.workFolder);
  const remove = async () => folder.remove();
  try {
    const databasePath = join(folder.path, "Photos.sqlite");
    await copyInOneMoment(libraryPath, databasePath, options.signal);
    await refuseCutOff(libraryPath, databasePath);
    return { libraryPath, databasePath, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function passingFolder(workFolder: string): PassingFolder {
  try {
    return makePassingFolder(workFolder, "library");
  } catch (error) {
    throw new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${workFolder} could not be written.`,
      remedy:
        "Make the folder writable, or name another (ROLLCALL_HOME, or TMPDIR for a temporary one), then run the same command again.",
      cause: error,
    });
  }
}

async function refuseOtherThings(libraryPath: string): Promise<void> {
  if ((await look(libraryPath, "Photos.sqlite")) === null) throw await whatItIsInstead(libraryPath);
}

async function copyInOneMoment(libraryPath: string, target: string, signal?: AbortSignal): Promise<void> {
  const source = (name: string) => join(libraryPath, "database", name);
  for (let tries = 0; tries < TRIES; tries++) {
    if (signal?.aborted) throw stopped(signal);
    const before = await settledSight(libraryPath);
    if (before === null) continue;
    await copyOne(libraryPath, source("Photos.sqlite"), target);
    await rm(`${target}-wal`, { force: true });
    if (before.log !== null) await copyOne(libraryPath, source("Photos.sqlite-wal"), `${target}-wal`);
    if (isOneMoment(before, await sight(libraryPath))) return;
  }
  throw libraryUnreadable(
    libraryPath,
    `Its database was being rewritten each of the ${TRIES} times that it was copied.`,
  );
}

/**
 * A file that was only half copied into the package. SQLite reads zeros beyond its end, and its own check may
 * find nothing wrong in them. While a log is there it may rightly be shorter: what is missing is in the log.
 * Format: sqlite.org/fileformat2.html, bytes 16 and 28 of the header.
 */
async function refuseCutOff(libraryPath: string, databasePath: string): Promise<void> {
  const log = await lstat(`${databasePath}-wal`).catch(() => null);
  if (log !== null && log.size > 0) return;
  const { size } = await lstat(databasePath);
  const file = await open(databasePath, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
    const declaredPageBytes = buffer.readUInt16BE(16);
    const pageBytes = declaredPageBytes === 1 ? 65_536 : declaredPageBytes;
    const isWhole = bytesRead === 32 && size % pageBytes === 0 && size >= buffer.readUInt32BE(28) * pageBytes;
    if (!isWhole) throw libraryUnreadable(libraryPath, "Its database is cut off, or is not a database.");
  } finally {
    await file.close();
  }
}

interface Sight {
  readonly main: BigIntStats | null;
  readonly log: BigIntStats | null;
  /** The first bytes of `-wal`: new ones each time that it begins anew. */
  readonly logHeader: string;
}

/**
 * Some file systems count time in steps of 4 or 10 ms: what is written twice within one step has one time. Null
 * where the database was written in this very moment, and again when we looked a little later.
 */
async function settledSight(libraryPath: string): Promise<Sight | null> {
  const isFresh = ({ main }: Sight) => {
    const ageMs = Date.now() - Number((main?.mtimeNs ?? 0n) / 1_000_000n);
    return ageMs >= 0 && ageMs < TIME_STEP_MS;
  };
  const first = await sight(libraryPath);
  if (first.main === null) return null;
  if (!isFresh(first)) return first;
  await wait(TIME_STEP_MS);
  const second = await sight(libraryPath);
  return second.main === null || isFresh(second) ? null : second;
}

async function sight(libraryPath: string): Promise<Sight> {
  const log = await look(libraryPath, "Photos.sqlite-wal");
  return {
    main: await look(libraryPath, "Photos.sqlite"),
    log,
    logHeader: log === null ? "" : await headerOf(libraryPath),
  };
}

/**
 * The main file must not have changed at all. The log may have grown, because what is appended while we copy is
 * whole or is not counted by SQLite; but it must not have begun anew.
 */
function isOneMoment(before: Sight, after: Sight): boolean {
  if (!isSameFile(before.main, after.main) || before.main?.size !== after.main?.size) return false;
  if (before.main?.mtimeNs !== after.main?.mtimeNs || before.logHeader !== after.logHeader) return false;
  return isSameFile(before.log, after.log) && (after.log?.size ?? 0n) >= (before.log?.size ?? 0n);
}

function isSameFile(before: BigIntStats | null, after: BigIntStats | null): boolean {
  return before?.ino === after?.ino && before?.dev === after?.dev;
}

/** Null where it is not there, or is a link or a folder. */
async function look(libraryPath: string, name: string): Promise<BigIntStats | null> {
  const stats = async (path: string) => {
    try {
      return await lstat(path, { bigint: true });
    } catch (error) {
      if (hasErrno(error, "ENOENT", "ENOTDIR")) return null;
      throw readingFailed(libraryPath, error);
    }
  };
  const folder = await stats(join(libraryPath, "database"));
  const file = folder?.isDirectory() ? await stats(join(libraryPath, "database", name)) : null;
  return file?.isFile() ? file : null;
}

async function headerOf(libraryPath: string): Promise<string> {
  try {
    const file = await open(join(libraryPath, "database", "Photos.sqlite-wal"), "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(WAL_HEADER_BYTES), 0, WAL_HEADER_BYTES, 0);
      return buffer.toString("hex", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return "";
    throw readingFailed(libraryPath, error);
  }
}

async function copyOne(libraryPath: string, source: string, target: string): Promise<void> {
  await rm(target, { force: true });
  try {
    // A clone where the file system can (APFS): nothing is copied, and the file is of one moment by itself.
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    await chmod(target, 0o600);
  } catch (error) {
    if (hasErrno(error, "ENOSPC", "EDQUOT"))
      throw new RollcallError("DISK_FULL", {
        message: "There is not enough space for a copy of the library's database.",
        remedy: "Make room, then run the same command again.",
        cause: error,
      });
    // Gone since: then the next look sees that.
    if (!hasErrno(error, "ENOENT")) throw readingFailed(libraryPath, error);
  }
}
