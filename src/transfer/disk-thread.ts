import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  type Disk,
  type DiskOptions,
  FINGERPRINT_SALT,
  type FileHashes,
  HASH_START_CHARACTERS,
  type NewFile,
} from "./disk.js";
import { type DiskReply, type DiskRequest, diskThreadWork, type SyncedBytes } from "./disk-thread-work.js";
import { type ResumableCopy, resumableName } from "./resumable-copy.js";

type Question = DiskRequest extends infer Each
  ? Each extends DiskRequest
    ? Omit<Each, "id">
    : never
  : never;

/**
 * A thread beside this one that writes, hashes, syncs and reads back, so that the one that reads the phone does not
 * wait for a disk or a hash. Bytes that lie in shared memory are taken from where they are. Requests that are made
 * in one turn of the event loop travel together.
 */
export class DiskThread implements Disk, AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #unsent: DiskRequest[] = [];
  #unsentMemory: ArrayBuffer[] = [];
  #lastId = 0;
  #death: Error | null = null;
  readonly whenReady: Promise<void>;

  /** Starts it. What is asked before it is ready is answered then. */
  constructor({ hasFingerprints }: DiskOptions) {
    const text = `(${diskThreadWork.toString()})(require);`;
    this.#worker = new Worker(text, { eval: true, workerData: hasFingerprints ? FINGERPRINT_SALT : null });
    this.#worker.on("message", (replies: readonly DiskReply[]) => {
      for (const reply of replies) this.#take(reply);
    });
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("the thread that writes copies has ended")));
    this.whenReady = new Promise((resolve, reject) => {
      this.#worker.once("online", resolve);
      this.#worker.once("error", reject);
    });
    this.whenReady.catch(() => {});
  }

  async create(path: string): Promise<NewFile> {
    const file = ++this.#lastId;
    await this.#ask({ ask: "create", file, path });
    return this.#newFile(file, path);
  }

  async resume({ path, sizeBytes, hashStart }: ResumableCopy): Promise<NewFile | null> {
    const file = ++this.#lastId;
    const isWhole = await this.#ask({ ask: "resume", file, path, sizeBytes, hashStart });
    return isWhole === true ? this.#newFile(file, path) : null;
  }

  async store(
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    modifiedAtMs: number | null,
  ): Promise<FileHashes> {
    // A copy of them travels: where the folder is not there yet, the same bytes are asked to be stored again.
    const own = this.#sendable(bytes);
    return (await this.#ask({ ask: "store", path, bytes: own, modifiedAtMs })) as FileHashes;
  }

  async hashOf(path: string): Promise<string> {
    return (await this.#ask({ ask: "hash", path })) as string;
  }

  async renameNoReplace(from: string, to: string, modifiedAtMs: number | null): Promise<boolean> {
    return (await this.#ask({ ask: "name", from, to, modifiedAtMs })) as boolean;
  }

  /** Ends the thread. Whoever still waits for an answer gets an error. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #newFile(file: number, createdPath: string): NewFile {
    let path = createdPath;
    return {
      get path() {
        return path;
      },
      write: async (bytes) => void (await this.#ask({ ask: "write", file, bytes: this.#sendable(bytes) })),
      checkpoint: async (stem) => {
        const { sizeBytes, sha256 } = (await this.#ask({ ask: "sync", file })) as SyncedBytes;
        const hashStart = sha256.slice(0, HASH_START_CHARACTERS);
        const to = join(dirname(path), resumableName(stem, { sizeBytes, hashStart }));
        await this.#ask({ ask: "rename", from: path, to });
        path = to;
      },
      close: async () => void (await this.#ask({ ask: "close", file })),
      finish: async (modifiedAtMs) => (await this.#ask({ ask: "finish", file, modifiedAtMs })) as FileHashes,
      discard: async () => void (await this.#ask({ ask: "discard", file, path })),
    };
  }

  #ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#death !== null) return reject(this.#death);
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      if (this.#unsent.push({ ...question, id } as DiskRequest) === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const [requests, memory] = [this.#unsent, this.#unsentMemory];
    this.#unsent = [];
    this.#unsentMemory = [];
    if (this.#death !== null) return;
    try {
      this.#worker.postMessage(requests, memory);
    } catch (error) {
      // Nothing of it was sent: whoever asked must not wait for an answer.
      const { message } = error as Error;
      for (const { id } of requests) this.#take({ id, error: { message, code: "" } });
    }
  }

  /** Only shared memory is sent by reference; of anything else the whole buffer behind it would be copied. */
  #sendable(bytes: Uint8Array): Uint8Array {
    const { buffer, byteOffset, byteLength } = bytes;
    if (buffer instanceof SharedArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
    const own = Uint8Array.from(bytes);
    this.#unsentMemory.push(own.buffer);
    return own;
  }

  #take({ id, value, error }: DiskReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
  }

  #end(error: Error): void {
    this.#death ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}
