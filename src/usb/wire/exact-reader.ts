import type { Readable } from "node:stream";
import { WireFormatError } from "./wire-format-error.js";

/** The stream ended, closed or failed before all bytes were there. */
export class StreamEndedError extends Error {
  /** How many bytes had been asked for. */
  readonly wantedBytes: number;
  /** How many of them never came. Equal to `wantedBytes` where the end fell between two messages. */
  readonly missingBytes: number;

  constructor(wantedBytes: number, missingBytes: number, cause?: unknown) {
    super(
      `the connection ended ${missingBytes} bytes short of ${wantedBytes}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "StreamEndedError";
    this.wantedBytes = wantedBytes;
    this.missingBytes = missingBytes;
  }
}

/**
 * Reads exactly so many bytes, one read at a time. It takes nothing out of the stream beyond what was
 * asked for, so whatever follows stays in the stream for the next owner: there are no leftovers to hand
 * back. Between reads it holds no listener except one for `error`, which it keeps so that a failing
 * socket never becomes an uncaught event.
 */
export class ExactReader {
  readonly #stream: Readable;
  readonly #maxBytes: number;
  #isReading = false;

  /** @param maxBytes the largest single read that is allowed: the last guard before memory is allocated */
  constructor(stream: Readable, maxBytes = 16 * 1024 * 1024) {
    this.#stream = stream;
    this.#maxBytes = maxBytes;
    stream.on("error", ignoreHere);
  }

  /**
   * @throws StreamEndedError where the stream ends first
   * @throws WireFormatError where `sizeBytes` is above the bound
   */
  async read(sizeBytes: number): Promise<Buffer> {
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > this.#maxBytes) {
      throw new WireFormatError(`a message of ${sizeBytes} bytes is above the limit of ${this.#maxBytes}`);
    }
    if (sizeBytes === 0) return Buffer.alloc(0);
    if (this.#isReading) throw new Error("ExactReader: a read is already under way");
    this.#isReading = true;
    try {
      return await this.#read(sizeBytes);
    } finally {
      this.#isReading = false;
    }
  }

  #read(sizeBytes: number): Promise<Buffer> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        stream.off("readable", look);
        stream.off("end", look);
        stream.off("close", look);
        stream.off("error", look);
        act();
      };
      const look = () => {
        // read(n) gives null until n bytes are there; at the end of the stream it gives the rest.
        const bytes: Buffer | null = stream.destroyed ? null : stream.read(sizeBytes);
        if (bytes?.length === sizeBytes) return finish(() => resolve(bytes));
        if (bytes !== null) {
          return finish(() => reject(new StreamEndedError(sizeBytes, sizeBytes - bytes.length)));
        }
        if (stream.destroyed || stream.readableEnded || stream.errored) {
          const missing = sizeBytes - Math.min(stream.readableLength, sizeBytes);
          finish(() => reject(new StreamEndedError(sizeBytes, missing, stream.errored ?? undefined)));
        }
      };
      stream.on("readable", look);
      stream.on("end", look);
      stream.on("close", look);
      stream.on("error", look);
      look();
    });
  }
}

function ignoreHere(): void {
  // A read that is under way sees the error through `stream.errored`; a later one does too.
}
