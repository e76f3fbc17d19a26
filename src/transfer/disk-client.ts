import { dirname, join } from "node:path";
import { type Disk, type FileHashes, HASH_START_CHARACTERS, type NewFile } from "./disk.js";
import type { DiskReply, DiskRequest, SyncedBytes } from "./disk-work.js";
import { type ResumableCopy, resumableName } from "./resumable-copy.js";

type Question = DiskRequest extends infer Each
  ? Each extends DiskRequest
    ? Omit<Each, "id">
    : never
  : never;

/** A disk whose work is done elsewhere: requests go there, and replies come back. */
export abstract class DiskClient implements Disk {
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastId = 0;
  #death: Error | null = null;

  protected abstract send(request: DiskRequest): void;
  /** The same bytes, as they may be sent. */
  protected abstract sendable(bytes: Uint8Array): Uint8Array;

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
    const own = this.sendable(bytes);
    return (await this.#ask({ ask: "store", path, bytes: own, modifiedAtMs })) as FileHashes;
  }

  async hashOf(path: string): Promise<string> {
    return (await this.#ask({ ask: "hash", path })) as string;
  }

  async renameNoReplace(from: string, to: string, modifiedAtMs: number | null): Promise<boolean> {
    return (await this.#ask({ ask: "name", from, to, modifiedAtMs })) as boolean;
  }

  protected take({ id, value, error }: DiskReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
  }

  /** No reply comes any more: whoever waits for one, or asks from now on, gets this error. */
  protected end(error: Error): void {
    this.#death ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }

  #newFile(file: number, createdPath: string): NewFile {
    let path = createdPath;
    return {
      get path() {
        return path;
      },
      write: async (bytes) => void (await this.#ask({ ask: "write", file, bytes: this.sendable(bytes) })),
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
      this.send({ ...question, id } as DiskRequest);
    });
  }
}
