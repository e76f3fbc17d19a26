import { type FileHandle, open, opendir } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { notALibrary, readingFailed } from "./library-trouble.js";

const HEADER = "SQLite format 3\0";

/**
 * Looks whether the database and the originals of a library package can be read, with a few bytes. On macOS this may
 * make the system ask a person for the right to it, where that was neither given nor refused yet.
 * @throws RollcallError BAD_USAGE (no library there), LIBRARY_UNREADABLE
 */
export async function requireReadable(libraryPath: string): Promise<void> {
  let database: FileHandle | undefined;
  try {
    database = await open(join(libraryPath, "database", "Photos.sqlite"), "r");
    const { buffer } = await database.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
    if (buffer.toString("latin1") !== HEADER)
      throw notALibrary(libraryPath, "Its database/Photos.sqlite is not a database.");
    await lookInto(join(libraryPath, "originals"));
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ENOTDIR", "EISDIR"))
      throw notALibrary(libraryPath, "It has no database/Photos.sqlite.", error);
    throw error instanceof RollcallError ? error : readingFailed(libraryPath, error);
  } finally {
    await database?.close();
  }
}

/** A library that nothing was ever put into may have no such folder. */
async function lookInto(folder: string): Promise<void> {
  try {
    await (await opendir(folder)).close();
  } catch (error) {
    if (!hasErrno(error, "ENOENT")) throw error;
  }
}
