import { type FileHandle, open } from "node:fs/promises";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { type DatabaseFile, type FilePiece, MAX_PIECE_BYTES, piecesOf } from "./database-file.js";
import { type DatabaseHeader, databaseHeader, HEADER_BYTES } from "./database-header.js";
import { damaged, UnreadableDatabase } from "./unreadable-database.js";
import { type FetchPages, PageWalker } from "./walk-pages.js";
import { LOG_HEADER_BYTES, readLog, saltsOf, type WriteAheadLog } from "./write-ahead-log.js";

/** Which tables of which database are copied, and to where. */
interface TablesRequest {
  readonly database: DatabaseFile;
  /** Its `-wal`. */
  readonly log: DatabaseFile;
  /**
   * Where the copy goes; its log lies beside it, with `-wal` behind its name. Neither is there yet: SQLite would take a
   * file that it had open before for the same database.
   */
  readonly copyPath: string;
  readonly isWanted: (table: string) => boolean;
  /** Opens the copy, to read only. Called before the copy is complete: only the schema may be asked for then. */
  readonly openCopy: (copyPath: string) => DatabaseSyncInstance;
  readonly signal?: AbortSignal | undefined;
}

/** What a copy cost. */
export interface CopyCost {
  /** Of the database itself, without its log. */
  readonly databaseBytes: number;
  /** That were read of the database and its log. */
  readonly readBytes: number;
}

/** More tables than that with a wanted name, and it is no schema of anybody's. */
const MAX_TABLES = 1_000;
const MAX_PAGE_COUNT = 0xfffffffe;
/** A checkpoint begins a log anew after some megabytes; one that readers hold up has grown to hundreds. */
const MAX_LOG_BYTES = 4 * 1024 ** 3;

/**
 * Copies the B-trees of some tables out of a database that its owner may be writing to. The copy has the length of the
 * whole, with holes, and holds the schema and all rows of these tables, but no index of theirs: queries on it have to
 * say `NOT INDEXED`. One that needs a page that was not copied fails, since a hole is no valid page. Statistics of
 * the planner (`sqlite_stat1`) are holes too, which SQLite ignores.
 *
 * The copy is one state of the database: in WAL mode the main file changes only at a checkpoint, so the log is read
 * first, and what was read counts if the main file is unchanged after the last page and the log still is of the same
 * round. Frames that were appended meanwhile are later news.
 * @throws UnreadableDatabase; whatever the files throw; errors of this computer's disk, with their `code`
 */
export async function copyTables(request: TablesRequest): Promise<CopyCost> {
  const { database, log, signal } = request;
  const before = await describeDatabase(database);
  const logCopy = await copyLog(request);
  await using copy = await open(request.copyPath, "wx+", 0o600);
  const committed = logCopy.committed;
  const cost = { databaseBytes: before.sizeBytes, readBytes: logCopy.readBytes };
  const header = databaseHeader(await headerBytes(database, logCopy, cost));
  if (committed !== null && committed.pageBytes !== header.pageBytes)
    throw damaged("its log has pages of another size");
  const pageCount = committed?.pageCount ?? Math.floor(before.sizeBytes / header.pageBytes);
  if (before.sizeBytes > MAX_PAGE_COUNT * header.pageBytes) throw damaged("it is longer than any database");
  await makeLength(copy, before.sizeBytes);

  const fetch = pageFetcher({ database, header, copy, logCopy, cost, signal });
  const walker = new PageWalker(header, pageCount);
  try {
    await walker.walk([1], fetch);
    await walker.walk(rootPages(request), fetch);
  } catch (error) {
    // Pages of two states do not fit together either.
    const isDamaged = error instanceof UnreadableDatabase && error.kind === "damaged";
    if (isDamaged && !(await isSameState(database, log, before, logCopy.salts))) throw changed();
    throw error;
  }
  if (!(await isSameState(database, log, before, logCopy.salts))) throw changed();
  return cost;
}

/**
 * Copies the whole database, by the same rule for what is one state.
 * @param hasRoom asked once with the bytes that the copy takes
 * @throws as {@link copyTables}
 */
export async function copyWholeDatabase(
  request: Pick<TablesRequest, "database" | "log" | "copyPath" | "signal">,
  hasRoom: (sizeBytes: number) => Promise<boolean>,
): Promise<CopyCost> {
  const { database, log, signal } = request;
  const before = await describeDatabase(database);
  if (!(await hasRoom(before.sizeBytes)))
    throw new UnreadableDatabase("no-room", "This computer has no room for a copy of the whole of it.");
  const logCopy = await copyLog(request);
  await using copy = await open(request.copyPath, "wx+", 0o600);
  let readBytes = 0;
  for await (const chunk of database.read(piecesOf(before.sizeBytes))) {
    signal?.throwIfAborted();
    await writeAll(copy, chunk, readBytes);
    readBytes += chunk.length;
  }
  const isWhole = readBytes === before.sizeBytes;
  if (!isWhole || !(await isSameState(database, log, before, logCopy.salts))) throw changed();
  return { databaseBytes: before.sizeBytes, readBytes: readBytes + logCopy.readBytes };
}

function changed(): UnreadableDatabase {
  return new UnreadableDatabase("changing", "The phone rewrote it while it was read.");
}

type Description = NonNullable<Awaited<ReturnType<DatabaseFile["describe"]>>>;

async function describeDatabase(database: DatabaseFile): Promise<Description> {
  const found = await database.describe();
  if (found === null) throw new UnreadableDatabase("absent", "The phone does not have it.");
  return found;
}

async function isSameState(
  database: DatabaseFile,
  log: DatabaseFile,
  before: Description,
  salts: string,
): Promise<boolean> {
  const after = await database.describe();
  if (after?.sizeBytes !== before.sizeBytes || after.modifiedAtMs !== before.modifiedAtMs) return false;
  // Without a log that counted, whatever is in one now is later news.
  return salts === "" || salts === (await readSalts(log));
}

async function readSalts(log: DatabaseFile): Promise<string> {
  if ((await log.describe()) === null) return "";
  for await (const chunk of log.read([{ offset: 0, sizeBytes: LOG_HEADER_BYTES }])) return saltsOf(chunk);
  return "";
}

interface LogCopy {
  readonly path: string;
  readonly salts: string;
  readonly committed: WriteAheadLog | null;
  readonly readBytes: number;
}

/** Once and whole, as far as it went when it was described. What is not committed is cut off. */
async function copyLog({ log, copyPath, signal }: Pick<TablesRequest, "log" | "copyPath" | "signal">) {
  const path = `${copyPath}-wal`;
  await using copy = await open(path, "wx+", 0o600);
  const { sizeBytes } = (await log.describe()) ?? { sizeBytes: 0 };
  if (sizeBytes > MAX_LOG_BYTES) throw damaged("its log is longer than any");
  let readBytes = 0;
  let salts = "";
  for await (const chunk of log.read(piecesOf(sizeBytes))) {
    signal?.throwIfAborted();
    if (readBytes === 0) salts = saltsOf(chunk);
    await writeAll(copy, chunk, readBytes);
    readBytes += chunk.length;
    if (chunk.length === 0) break; // cut shorter since it was described
  }
  const committed = await readLog(copy, signal);
  await copy.truncate(committed?.committedBytes ?? 0);
  return { path, salts: committed === null ? "" : salts, committed, readBytes } satisfies LogCopy;
}

/** The beginning of page 1, from the log where that has it. */
async function headerBytes(
  database: DatabaseFile,
  { path, committed }: LogCopy,
  cost: { readBytes: number },
): Promise<Buffer> {
  const inLog = committed?.offsetOf(1);
  if (inLog !== undefined) {
    await using log = await open(path, "r");
    const header = Buffer.alloc(HEADER_BYTES);
    await log.read(header, 0, HEADER_BYTES, inLog);
    return header;
  }
  for await (const chunk of database.read([{ offset: 0, sizeBytes: HEADER_BYTES }])) {
    cost.readBytes += chunk.length;
    if (chunk.length > 0) return Buffer.from(chunk);
  }
  throw damaged("it is empty");
}

async function makeLength(copy: FileHandle, sizeBytes: number): Promise<void> {
  try {
    await copy.truncate(sizeBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EFBIG" && code !== "EINVAL" && code !== "ERR_OUT_OF_RANGE") throw error;
    throw damaged("it is longer than a file can be");
  }
}

/** SQLite itself names the root page of each table, from the schema that has been copied by then. */
function rootPages({ openCopy, copyPath, isWanted }: TablesRequest): number[] {
  const copy = openCopy(copyPath);
  try {
    const tables = copy.prepare(
      "SELECT name, CAST(rootpage AS INTEGER) AS root FROM sqlite_schema WHERE type = 'table' AND rootpage > 0",
    );
    const roots: number[] = [];
    for (const { name, root } of tables.all() as { name: unknown; root: unknown }[]) {
      if (typeof name !== "string" || typeof root !== "number" || !isWanted(name)) continue;
      if (roots.length >= MAX_TABLES) throw damaged("it has too many tables");
      roots.push(root);
    }
    return roots;
  } catch (error) {
    if (error instanceof UnreadableDatabase) throw error;
    throw damaged(error instanceof Error ? error.message.slice(0, 200) : "its schema cannot be read");
  } finally {
    copy.close();
  }
}

/** Fetches from the log what that has, and the rest from the database, neighbours together, into the copy. */
function pageFetcher(from: {
  database: DatabaseFile;
  header: DatabaseHeader;
  copy: FileHandle;
  logCopy: LogCopy;
  cost: { readBytes: number };
  signal: AbortSignal | undefined;
}): FetchPages {
  const { database, copy, logCopy, cost, signal } = from;
  const { pageBytes } = from.header;
  return async function* fetch(pageNumbers) {
    const elsewhere: number[] = [];
    await using log = await open(logCopy.path, "r");
    for (const pageNumber of pageNumbers) {
      const offset = logCopy.committed?.offsetOf(pageNumber);
      if (offset === undefined) {
        elsewhere.push(pageNumber);
        continue;
      }
      const page = Buffer.alloc(pageBytes);
      await log.read(page, 0, pageBytes, offset);
      yield { pageNumber, page };
    }
    const pieces = neighboursTogether(elsewhere, pageBytes);
    let index = 0;
    for await (const chunk of database.read(pieces)) {
      signal?.throwIfAborted();
      const { offset, sizeBytes } = pieces[index++]!;
      if (chunk.length !== sizeBytes) throw damaged("it ends in the middle of its pages");
      cost.readBytes += chunk.length;
      await writeAll(copy, chunk, offset);
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      for (let at = 0; at < sizeBytes; at += pageBytes)
        yield { pageNumber: (offset + at) / pageBytes + 1, page: bytes.subarray(at, at + pageBytes) };
    }
  };
}

/** @param pageNumbers ascending */
function neighboursTogether(pageNumbers: readonly number[], pageBytes: number): FilePiece[] {
  const pieces: { offset: number; sizeBytes: number }[] = [];
  for (const pageNumber of pageNumbers) {
    const offset = (pageNumber - 1) * pageBytes;
    const last = pieces.at(-1);
    const isNext = last !== undefined && last.offset + last.sizeBytes === offset;
    if (isNext && last.sizeBytes + pageBytes <= MAX_PIECE_BYTES) last.sizeBytes += pageBytes;
    else pieces.push({ offset, sizeBytes: pageBytes });
  }
  return pieces;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
