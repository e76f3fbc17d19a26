import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A file read in small, bounded pieces, so that a video of many gigabytes costs no memory. */
export class FileWindow {
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly isRegularFile: boolean;
  readonly #handle: number;

  /** @throws the error of the operating system where the file cannot be opened */
  constructor(path: string) {
    this.#handle = openSync(path, "r");
    const facts = fstatSync(this.#handle);
    this.sizeBytes = facts.size;
    this.modifiedAt = facts.mtime;
    this.isRegularFile = facts.isFile();
  }

  /** What lies at `offset`: at most `length` bytes (at most 4 MiB), fewer at the end of the file. */
  read(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, 4 * 1024 * 1024, this.sizeBytes - offset));
    const bytes = Buffer.alloc(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(this.#handle, bytes, filled, wanted - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle);
  }
}
