import type { FileHandle } from "node:fs/promises";
import { isPageSize } from "./database-header.js";

export const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** Big-endian words in its checksums; one less: little-endian ones. */
const MAGIC_BIG_ENDIAN = 0x377f0683;

/** The committed part of a write-ahead log. Format: sqlite.org, "Database File Format", section 4. */
export interface WriteAheadLog {
  readonly pageBytes: number;
  /** Of the database after the last commit. */
  readonly pageCount: number;
  /** Where the newest committed content of a page begins in the log; undefined where the log does not have it. */
  readonly offsetOf: (pageNumber: number) => number | undefined;
  /** Length of header and committed frames. What follows does not count: later, half written, or of an earlier round. */
  readonly committedBytes: number;
}

/**
 * Reads a log as SQLite recovers one: frames count as long as their salts are the header's and the running checksum
 * is right, up to the last commit.
 * @param log a file of this computer, at rest
 * @returns null where nothing in it is committed
 */
export async function readLog(log: FileHandle, signal?: AbortSignal): Promise<WriteAheadLog | null> {
  const header = Buffer.alloc(LOG_HEADER_BYTES);
  if ((await log.read(header, 0, LOG_HEADER_BYTES, 0)).bytesRead < LOG_HEADER_BYTES) return null;
  const magic = header.readUInt32BE(0);
  if ((magic & 0xfffffffe) >>> 0 !== MAGIC_BIG_ENDIAN - 1) return null;
  const addUp = magic === MAGIC_BIG_ENDIAN ? addBigEndian : addLittleEndian;
  const sum: Checksum = [0, 0];
  addUp(sum, header, 0, 24);
  if (!isSum(sum, header, 24)) return null;
  const pageBytes = header.readUInt32BE(8);
  if (!isPageSize(pageBytes)) return null;

  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  const block = Buffer.alloc(frameBytes * Math.max(1, Math.floor((1024 * 1024) / frameBytes)));
  const committed = new Map<number, number>();
  let uncommitted: [pageNumber: number, offset: number][] = [];
  let pageCount = 0;
  let committedBytes = 0;
  for (let offset = LOG_HEADER_BYTES; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await log.read(block, 0, block.length, offset);
    const frameCount = Math.floor(bytesRead / frameBytes);
    for (let index = 0; index < frameCount; index++) {
      const frame = index * frameBytes;
      const isOfThisRound = block.compare(header, 16, 24, frame + 8, frame + 16) === 0;
      if (!isOfThisRound) return found();
      addUp(sum, block, frame, 8);
      addUp(sum, block, frame + FRAME_HEADER_BYTES, pageBytes);
      const pageNumber = block.readUInt32BE(frame);
      if (!isSum(sum, block, frame + 16) || pageNumber === 0) return found();
      uncommitted.push([pageNumber, offset + FRAME_HEADER_BYTES]);
      offset += frameBytes;
      const pagesAfterCommit = block.readUInt32BE(frame + 4);
      if (pagesAfterCommit === 0) continue;
      for (const [page, at] of uncommitted) committed.set(page, at);
      uncommitted = [];
      pageCount = pagesAfterCommit;
      committedBytes = offset;
    }
    if (bytesRead < block.length) return found();
  }

  function found(): WriteAheadLog | null {
    if (committedBytes === 0) return null;
    return { pageBytes, pageCount, offsetOf: (page) => committed.get(page), committedBytes };
  }
}

/** What identifies a round of a log: it changes whenever the log is begun anew. Empty where there is no log. */
export function saltsOf(header: Uint8Array): string {
  return header.length < LOG_HEADER_BYTES ? "" : Buffer.from(header.subarray(16, 24)).toString("hex");
}

type Checksum = [number, number];

function addBigEndian(sum: Checksum, bytes: Buffer, start: number, sizeBytes: number): void {
  let [first, second] = sum;
  for (let at = start; at < start + sizeBytes; at += 8) {
    first = (first + bytes.readUInt32BE(at) + second) | 0;
    second = (second + bytes.readUInt32BE(at + 4) + first) | 0;
  }
  sum[0] = first;
  sum[1] = second;
}

function addLittleEndian(sum: Checksum, bytes: Buffer, start: number, sizeBytes: number): void {
  let [first, second] = sum;
  for (let at = start; at < start + sizeBytes; at += 8) {
    first = (first + bytes.readUInt32LE(at) + second) | 0;
    second = (second + bytes.readUInt32LE(at + 4) + first) | 0;
  }
  sum[0] = first;
  sum[1] = second;
}

function isSum(sum: Checksum, bytes: Buffer, at: number): boolean {
  return sum[0] >>> 0 === bytes.readUInt32BE(at) && sum[1] >>> 0 === bytes.readUInt32BE(at + 4);
}
