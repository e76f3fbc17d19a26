import { isUnchanged, type PhoneFile, PhoneFileError } from "../../phone/phone.js";
import type { Waiting } from "../wire/waiting.js";
import { WireFormatError } from "../wire/wire-format-error.js";
import type { AfcClient } from "./afc-client.js";
import { AfcStatusError, FILE_CHANGED, NOT_A_FILE, reasonOf } from "./afc-errors.js";
import type { AfcFileInfo } from "./afc-file-info.js";
import { AFC_STATUS } from "./afc-packet.js";
import { CHUNK_BYTES, type ChunkPool } from "./chunk-pool.js";
import { fileOf } from "./list-tree.js";

/** Reads under way on one file; measured speed stops rising between 2 and 4. */
const MAX_READS = 4;
/** What comes in one answer need not be described first: it is seen afterwards whether it was the file. */
const MAX_UNDESCRIBED_BYTES = CHUNK_BYTES - 1;

interface Read {
  readonly bytes: Promise<Buffer>;
  /** Charged to the pool for reading ahead; 0 for the read that every file may always have. */
  readonly aheadBytes: number;
}

/** Where a file stands, so that it can be taken up again on another connection. */
export interface ReadProgress {
  /** The position of the next byte. */
  positionBytes: number;
  /** As the phone described the file when it was first opened. */
  info: AfcFileInfo | null;
}

/**
 * The bytes of one phone file from `progress.positionBytes` to the end that the phone reports.
 *
 * The phone keeps one position for each handle, so reads that are under way together are answered with
 * consecutive bytes: put in the order they were asked they are the file, however short each answer is.
 * The end is an empty answer and nothing else, but for a small file that is `expected`: there it is also where the
 * description says, if the answer had room for more. A refusal is an error at any place.
 * The handle is closed on every way out. A chunk is overwritten after the next is asked for.
 *
 * @param parts.expected refused with FILE_CHANGED where the phone describes the file otherwise now. A small file is
 *   not asked for its description, only opened, read and closed: its reader has to ask afterwards
 * @throws PhoneFileError, AfcConnectionError, RollcallError STOPPED
 */
export async function* readFile(
  client: AfcClient,
  path: string,
  progress: ReadProgress,
  parts: { pool: ChunkPool; waiting: Waiting; expected?: PhoneFile | undefined },
): AsyncGenerator<Buffer, void, void> {
  const { pool, waiting, expected } = parts;
  const reads: Read[] = [];
  const isSmall =
    expected !== undefined && expected.sizeBytes <= MAX_UNDESCRIBED_BYTES && isAtStart(progress);
  const opening = isSmall ? openOnly(client, path) : openAndDescribe(client, path);
  let handle: bigint | undefined;
  try {
    const opened = await waiting.until(opening);
    handle = opened.handle;
    if (!isSmall) {
      checkSame(path, progress, opened.info);
      checkExpected(expected, progress);
    }
    if (progress.positionBytes > 0) await waiting.until(client.seek(handle, progress.positionBytes));
    const sizeBytes = isSmall ? expected.sizeBytes : (opened.info?.sizeBytes ?? null);

    for (;;) {
      readAhead(client, handle, reads, { sizeBytes, isSmall, at: progress.positionBytes }, pool);
      const read = reads.shift();
      if (read === undefined) return;
      const chunk = await waiting
        .until(endAsEmpty(read.bytes, progress, sizeBytes))
        .finally(() => pool.endReadAhead(read.aheadBytes));
      if (chunk.length === 0) return;
      progress.positionBytes += chunk.length;
      try {
        yield chunk;
      } finally {
        pool.release(chunk);
      }
      waiting.throwIfStopped();
      if (isSmall && progress.positionBytes === sizeBytes) return;
    }
  } catch (error) {
    throw asFileError(path, error, progress.info);
  } finally {
    for (const read of reads) abandon(read, pool);
    // Not waited for: the phone takes requests in order, so the slot is free before anything new is opened.
    if (handle !== undefined) client.close(handle).catch(() => {});
    else opening.then((late) => client.close(late.handle)).catch(() => {});
  }
}

function isAtStart({ positionBytes, info }: ReadProgress): boolean {
  return positionBytes === 0 && info === null;
}

/** The description is asked for only to explain a refusal. */
async function openOnly(client: AfcClient, path: string) {
  try {
    return { handle: await client.open(path), info: null };
  } catch (error) {
    if (!(error instanceof AfcStatusError)) throw error;
    throw new PhoneFileError(path, reasonOf(error, await descriptionOf(client, path)), error);
  }
}

/** Null where there is none that can be understood. */
async function descriptionOf(client: AfcClient, path: string): Promise<AfcFileInfo | null> {
  try {
    return await client.getFileInfo(path);
  } catch (error) {
    if (error instanceof AfcStatusError || error instanceof WireFormatError) return null;
    throw error;
  }
}

/** Both at once: the description costs no time, tells how many reads are needed, and explains a refusal. */
async function openAndDescribe(client: AfcClient, path: string) {
  const describing = descriptionOf(client, path);
  const [open, description] = await Promise.allSettled([client.open(path), describing]);
  const info = description.status === "fulfilled" ? description.value : null;
  if (open.status === "rejected") {
    if (open.reason instanceof AfcStatusError)
      throw new PhoneFileError(path, reasonOf(open.reason, info), open.reason);
    throw open.reason;
  }
  return { handle: open.value, info };
}

function checkSame(path: string, progress: ReadProgress, info: AfcFileInfo | null): void {
  if (info !== null && info.fileType !== "S_IFREG") throw new PhoneFileError(path, NOT_A_FILE);
  const before = progress.info;
  progress.info = info;
  if (before === null) return;
  const isSame =
    info !== null && info.sizeBytes === before.sizeBytes && info.modifiedAtNs === before.modifiedAtNs;
  if (!isSame) throw new PhoneFileError(path, FILE_CHANGED);
}

/** What cannot be recognised is read from its start only. */
function checkExpected(expected: PhoneFile | undefined, { info, positionBytes }: ReadProgress): void {
  if (expected === undefined) return;
  const isRefused = info === null ? positionBytes > 0 : !isUnchanged(expected, fileOf(expected.path, info));
  if (isRefused) throw new PhoneFileError(expected.path, FILE_CHANGED);
}

/** Sends reads until enough are under way: what is left by the description, and one that meets the end. */
function readAhead(
  client: AfcClient,
  handle: bigint,
  reads: Read[],
  file: { readonly sizeBytes: number | null; readonly isSmall: boolean; readonly at: number },
  pool: ChunkPool,
): void {
  const left = file.sizeBytes === null ? Number.POSITIVE_INFINITY : Math.max(0, file.sizeBytes - file.at);
  const needed = file.isSmall ? 1 : Math.min(MAX_READS, Math.ceil(left / CHUNK_BYTES) + 1);
  while (reads.length < needed) {
    const likelyBytes = Math.max(0, Math.min(CHUNK_BYTES, left - reads.length * CHUNK_BYTES));
    const aheadBytes = reads.length === 0 ? 0 : likelyBytes;
    if (aheadBytes > 0 && !pool.tryReadAhead(aheadBytes)) return;
    const bytes = client.read(handle, CHUNK_BYTES, (sizeBytes) => pool.take(sizeBytes));
    // It may fail while an earlier one is still being waited for; whoever takes it from the list hears of it.
    bytes.catch(() => {});
    reads.push({ bytes, aheadBytes });
  }
}

function abandon(read: Read, pool: ChunkPool): void {
  pool.endReadAhead(read.aheadBytes);
  read.bytes.then((chunk) => pool.release(chunk)).catch(() => {});
}

/** "End of data" is an end only where the file, as it was described, has been read whole. */
async function endAsEmpty(
  bytes: Promise<Buffer>,
  { positionBytes }: ReadProgress,
  sizeBytes: number | null,
): Promise<Buffer> {
  try {
    return await bytes;
  } catch (error) {
    const isEnd = error instanceof AfcStatusError && error.status === AFC_STATUS.endOfData;
    if (isEnd && sizeBytes !== null && positionBytes >= sizeBytes) return Buffer.alloc(0);
    throw error;
  }
}

function asFileError(path: string, error: unknown, info: AfcFileInfo | null): unknown {
  if (!(error instanceof AfcStatusError)) return error;
  const reason = error.status === AFC_STATUS.endOfData ? FILE_CHANGED : reasonOf(error, info);
  return new PhoneFileError(path, reason, error);
}
