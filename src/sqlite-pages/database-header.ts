import { damaged } from "./unreadable-database.js";

export const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";

/** What the first bytes of a database say. Format: sqlite.org, "Database File Format", section 1.3. */
export interface DatabaseHeader {
  /** A power of two from 512 to 65,536. */
  readonly pageBytes: number;
  /** What of each page SQLite uses; the rest is reserved for extensions. */
  readonly usableBytes: number;
}

/**
 * @param bytes the beginning of page 1
 * @throws UnreadableDatabase `damaged`
 */
export function databaseHeader(bytes: Buffer): DatabaseHeader {
  if (bytes.length < HEADER_BYTES || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC)
    throw damaged("it does not begin like a SQLite database");
  const declaredBytes = bytes.readUInt16BE(16);
  // 65,536 does not fit into the two bytes.
  const pageBytes = declaredBytes === 1 ? 65_536 : declaredBytes;
  if (!isPageSize(pageBytes)) throw damaged("its page size is impossible");
  const usableBytes = pageBytes - bytes.readUInt8(20);
  // SQLite itself refuses less than 480.
  if (usableBytes < 480) throw damaged("its pages have no room for rows");
  const [writeVersion, readVersion] = [bytes.readUInt8(18), bytes.readUInt8(19)];
  if (writeVersion > 2 || readVersion > 2) throw damaged("it is of a newer format of SQLite");
  return { pageBytes, usableBytes };
}

/** Whether a database can have pages of this size. */
export function isPageSize(bytes: number): boolean {
  return bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0;
}
