import { createHash } from "node:crypto";
import { type FileHandle, lstat, open, rename, rm, utimes } from "node:fs/promises";

/** Where copies are written and read back. What the system refuses is an error with its errno code. */
export interface Disk {
  /**
   * A new file that only this user can read; an error where something has that name.
   * @param sizeBytes about so many will be written
   */
  create(path: string, sizeBytes: number): Promise<NewFile>;
  /**
   * The same for a small file that is all there: created, written, hashed, dated, synced and closed in one go. Where
   * that fails nothing is left of it.
   * @param bytes not the caller's any more
   */
  store(path: string, bytes: Uint8Array<ArrayBuffer>, modifiedAtMs: number): Promise<FileHashes>;
  /** SHA-256 of a file as it is read now, in hex. */
  hashOf(path: string): Promise<string>;
  /**
   * Renames a file and dates it. It survives a power cut only when the folder is synced.
   * @returns false, with nothing done, where something has that name
   */
  nameIfFree(from: string, to: string, modifiedAtMs: number): Promise<boolean>;
}

/** A file that is being written. Its calls come one after the other, and the last is `finish` or `drop`. */
export interface NewFile {
  /** Adds bytes at the end, and hashes them. They may be overwritten when it resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** Dates the file, syncs and closes it. */
  finish(modifiedAtMs: number): Promise<FileHashes>;
  /** Closes and removes it, also after it was finished. */
  drop(): Promise<void>;
}

export interface FileHashes {
  /** In hex. */
  readonly sha256: string;
  /** Apple's data fingerprint: base64(0x01, SHA-1 of two salts and the bytes). */
  readonly fingerprint: string;
}

/** The two salts of Apple's data fingerprint (established by comparing real libraries; both end in a NUL). */
export const FINGERPRINT_SALT = "com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0";

/** The same thread does it: nothing to start, and for few files the quickest. */
export const diskHere: Disk = {
  async create(path) {
    return new FileHere(path, await open(path, "wx", 0o600));
  },
  async store(path, bytes, modifiedAtMs) {
    const file = await this.create(path, bytes.byteLength);
    try {
      await file.write(bytes);
      return await file.finish(modifiedAtMs);
    } catch (error) {
      await file.drop();
      throw error;
    }
  },
  hashOf,
  async nameIfFree(from, to, modifiedAtMs) {
    const isFree = await lstat(to).then(
      () => false,
      () => true,
    );
    if (!isFree) return false;
    await rename(from, to);
    await utimes(to, modifiedAtMs / 1000, modifiedAtMs / 1000);
    return true;
  },
};

class FileHere implements NewFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #sha256 = createHash("sha256");
  readonly #sha1 = createHash("sha1").update(FINGERPRINT_SALT);

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#sha256.update(bytes);
    this.#sha1.update(bytes);
    for (let at = 0; at < bytes.byteLength; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.byteLength - at);
      at += bytesWritten;
    }
  }

  async finish(modifiedAtMs: number): Promise<FileHashes> {
    await this.#handle.utimes(modifiedAtMs / 1000, modifiedAtMs / 1000);
    await this.#handle.sync();
    await this.#handle.close();
    const fingerprint = Buffer.concat([Buffer.of(1), this.#sha1.digest()]).toString("base64");
    return { sha256: this.#sha256.digest("hex"), fingerprint };
  }

  async drop(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }
}

const MOST_HASH_BUFFERS = 8;
const HASHED_AT_A_TIME_BYTES = 1024 * 1024;
/** Used again: a fresh MiB for each of many small files would keep the garbage collector busy. */
const hashBuffers: Buffer[] = [];

/** SHA-256 of a file on this computer, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const buffer = hashBuffers.pop() ?? Buffer.allocUnsafeSlow(HASHED_AT_A_TIME_BYTES);
  const handle = await open(path, "r");
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    if (hashBuffers.length < MOST_HASH_BUFFERS) hashBuffers.push(buffer);
    await handle.close();
  }
}
