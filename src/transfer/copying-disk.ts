import { availableParallelism } from "node:os";
import type { Disk, DiskOptions, FileHashes, NewFile } from "./disk.js";
import { DiskThread } from "./disk-thread.js";
import { InlineDisk } from "./inline-disk.js";
import type { ResumableCopy } from "./resumable-copy.js";

/** Starting a thread takes as long as some hundred small files, or a video of half a minute. */
const FILES_WORTH_A_THREAD = 64;
const BYTES_WORTH_A_THREAD = 32 * 1024 * 1024;

/**
 * The disk of one run: this thread's, until so much is copied that a thread of its own pays for itself. Files that
 * were begun before stay where they are. Disposal ends the thread.
 */
export class CopyingDisk implements Disk, AsyncDisposable {
  #files = 0;
  #bytes = 0;
  #thread: DiskThread | null = null;
  #isThreadTried = false;
  #disk: Disk;
  readonly #options: DiskOptions;

  constructor(options: DiskOptions) {
    this.#options = options;
    this.#disk = new InlineDisk(options);
  }

  create(path: string, sizeBytes: number): Promise<NewFile> {
    return this.#diskFor(sizeBytes).create(path, sizeBytes);
  }

  store(path: string, bytes: Uint8Array<ArrayBuffer>, modifiedAtMs: number | null): Promise<FileHashes> {
    return this.#diskFor(bytes.byteLength).store(path, bytes, modifiedAtMs);
  }

  resume(resumable: ResumableCopy): Promise<NewFile | null> {
    return this.#diskFor(resumable.sizeBytes).resume(resumable);
  }

  hashOf(path: string): Promise<string> {
    return this.#disk.hashOf(path);
  }

  renameNoReplace(from: string, to: string, modifiedAtMs: number | null): Promise<boolean> {
    return this.#disk.renameNoReplace(from, to, modifiedAtMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.[Symbol.asyncDispose]();
  }

  #diskFor(sizeBytes: number): Disk {
    this.#files += 1;
    this.#bytes += sizeBytes;
    const isMuch = this.#files > FILES_WORTH_A_THREAD || this.#bytes > BYTES_WORTH_A_THREAD;
    if (isMuch && !this.#isThreadTried && availableParallelism() > 1) this.#startThread();
    return this.#disk;
  }

  /** Where it cannot start, everything goes on here. */
  #startThread(): void {
    this.#isThreadTried = true;
    let thread: DiskThread;
    try {
      thread = new DiskThread(this.#options);
    } catch {
      return; // the system has no thread to give
    }
    this.#thread = thread;
    thread.whenReady.then(
      () => {
        this.#disk = thread;
      },
      () => {},
    );
  }
}
