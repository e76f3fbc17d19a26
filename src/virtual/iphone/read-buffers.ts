/** Buffers for file content that are used again, so that a fast copy does not keep the collector busy. */
export class ReadBuffers {
  readonly #headerBytes: number;
  readonly #free: Buffer[] = [];

  /** @param headerBytes room at the front of every buffer */
  constructor(headerBytes: number) {
    this.#headerBytes = headerBytes;
  }

  /** A buffer with room for the header and `contentBytes`; its content is whatever it held before. */
  take(contentBytes: number): Buffer {
    if (contentBytes <= smallBytes) return Buffer.allocUnsafe(this.#headerBytes + contentBytes);
    if (contentBytes > pooledBytes) return Buffer.allocUnsafeSlow(this.#headerBytes + contentBytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#headerBytes + pooledBytes);
  }

  /** Only once nobody reads from it any more. */
  release(buffer: Buffer): void {
    if (buffer.length === this.#headerBytes + pooledBytes && this.#free.length < mostFree)
      this.#free.push(buffer);
  }
}

const smallBytes = 64 * 1024;
/** The size that clients ask for. */
const pooledBytes = 1024 * 1024;
const mostFree = 8;
