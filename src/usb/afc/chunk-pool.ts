/** One read: measured speed of phones stops rising here. */
export const CHUNK_BYTES = 1024 * 1024;

/** Most answers fill a chunk; a small file comes whole in a piece. */
const SIZES = [
  { bytes: 64 * 1024, mostFree: 64 },
  { bytes: CHUNK_BYTES, mostFree: 16 },
];
/** Smaller answers are not worth a whole buffer. */
const SMALLEST_POOLED_BYTES = 4 * 1024;

/**
 * Buffers for the bytes of files, used again and again: a stream of fresh megabytes would make resident
 * memory follow the garbage collector instead of the work. They lie in shared memory, so that another thread can
 * hash and write them without a copy. Also counts the bytes that are read ahead.
 */
export class ChunkPool {
  readonly #free = new Map<number, SharedArrayBuffer[]>(SIZES.map(({ bytes }) => [bytes, []]));
  #aheadBytes = 0;
  readonly #maxAheadBytes: number;

  /** @param maxAheadBytes for all files together; see {@link tryReadAhead} */
  constructor(maxAheadBytes = 8 * CHUNK_BYTES) {
    this.#maxAheadBytes = maxAheadBytes;
  }

  /** A buffer of exactly this length, with whatever was in it before. */
  take(sizeBytes: number): Buffer {
    const size = SIZES.find(({ bytes }) => sizeBytes <= bytes);
    if (sizeBytes < SMALLEST_POOLED_BYTES || size === undefined) return Buffer.allocUnsafe(sizeBytes);
    const memory = this.#free.get(size.bytes)?.pop() ?? new SharedArrayBuffer(size.bytes);
    return Buffer.from(memory, 0, sizeBytes);
  }

  /** The buffer will be overwritten: nobody may look at it any more. Call it once for each buffer. */
  release(buffer: Buffer): void {
    const memory = buffer.buffer;
    if (!(memory instanceof SharedArrayBuffer)) return;
    const free = this.#free.get(memory.byteLength);
    const mostFree = SIZES.find(({ bytes }) => bytes === memory.byteLength)?.mostFree ?? 0;
    if (free !== undefined && free.length < mostFree) free.push(memory);
  }

  /**
   * Asks for leave to read ahead. It never waits: a file that is refused goes on with one read at a time,
   * so several readers of one phone cannot block each other.
   */
  tryReadAhead(sizeBytes: number): boolean {
    if (this.#aheadBytes + sizeBytes > this.#maxAheadBytes) return false;
    this.#aheadBytes += sizeBytes;
    return true;
  }

  endReadAhead(sizeBytes: number): void {
    this.#aheadBytes -= sizeBytes;
  }
}
