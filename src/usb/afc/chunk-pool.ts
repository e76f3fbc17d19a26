/** One read: measured speed of phones stops rising here. */
export const CHUNK_BYTES = 1024 * 1024;

const MAX_FREE = 16;
/** Smaller answers are not worth a whole buffer. */
const SMALLEST_POOLED_BYTES = 64 * 1024;

/**
 * Buffers for the bytes of files, used again and again: a stream of fresh megabytes would make resident
 * memory follow the garbage collector instead of the work. Also counts the bytes that are read ahead.
 */
export class ChunkPool {
  readonly #free: Buffer[] = [];
  #aheadBytes = 0;
  readonly #maxAheadBytes: number;

  /** @param maxAheadBytes for all files together; see {@link tryReadAhead} */
  constructor(maxAheadBytes = 24 * CHUNK_BYTES) {
    this.#maxAheadBytes = maxAheadBytes;
  }

  /** A buffer of exactly this length, with whatever was in it before. */
  take(sizeBytes: number): Buffer {
    if (sizeBytes < SMALLEST_POOLED_BYTES || sizeBytes > CHUNK_BYTES) return Buffer.allocUnsafe(sizeBytes);
    const whole = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    return sizeBytes === CHUNK_BYTES ? whole : whole.subarray(0, sizeBytes);
  }

  /** The buffer will be overwritten: nobody may look at it any more. Call it once for each buffer. */
  giveBack(buffer: Buffer): void {
    const isPooled = buffer.length >= SMALLEST_POOLED_BYTES && buffer.buffer.byteLength === CHUNK_BYTES;
    if (isPooled && this.#free.length < MAX_FREE) this.#free.push(Buffer.from(buffer.buffer));
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
