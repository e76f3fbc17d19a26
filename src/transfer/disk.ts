import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { stopped } from "../errors.js";
import type { ResumableCopy } from "./resumable-copy.js";

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
   * @param bytes must not change until it resolves
   * @param modifiedAtMs null: as the disk dates it
   */
  store(path: string, bytes: Uint8Array<ArrayBuffer>, modifiedAtMs: number | null): Promise<FileHashes>;
  /**
   * Goes on with a copy that was left: its bytes are read and hashed again, and what may lie behind them is cut off.
   * An error where it is a link, another user's or has a second name: then nothing is done.
   * @returns null where they are not what its name says
   */
  resume(resumable: ResumableCopy): Promise<NewFile | null>;
  /** SHA-256 of a file as it is read now, in hex. */
  hashOf(path: string): Promise<string>;
  /**
   * Renames a file and dates it. It survives a power cut only when the folder is synced.
   * @param modifiedAtMs null: it keeps the date that it has
   * @returns false, with nothing done, where something has that name
   */
  renameNoReplace(from: string, to: string, modifiedAtMs: number | null): Promise<boolean>;
}

/** A file that is being written. Its calls come one after the other; the last is `finish`, `leave` or `drop`. */
export interface NewFile {
  /** Where it lies now. */
  readonly path: string;
  /** Adds bytes at the end, and hashes them. They may be overwritten when it resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Syncs what is written, and then gives the file a name that says so: whatever happens, it can be gone on with.
   * @param stem see {@link resumableName}
   */
  checkpoint(stem: string): Promise<void>;
  /** Closes it as it is. */
  close(): Promise<void>;
  /** Dates the file, syncs and closes it. Where its date is refused it is open still. @param modifiedAtMs null: as it is */
  finish(modifiedAtMs: number | null): Promise<FileHashes>;
  /** Closes and removes it, also after it was finished. */
  discard(): Promise<void>;
}

export interface FileHashes {
  /** In hex. */
  readonly sha256: string;
  /** Apple's data fingerprint: base64(0x01, SHA-1 of two salts and the bytes); "" where the disk takes none. */
  readonly fingerprint: string;
}

/** The two salts of Apple's data fingerprint (established by comparing real libraries; both end in a NUL). */
export const FINGERPRINT_SALT = "com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0";

/** Enough to tell whether bytes are still what they were; the whole hash is taken again anyway. */
export const HASH_START_CHARACTERS = 16;

export interface DiskOptions {
  /** Only Photos has a use for fingerprints, and they cost as much as the hash. */
  readonly hasFingerprints: boolean;
}

const MOST_HASH_BUFFERS = 8;
const HASHED_AT_A_TIME_BYTES = 1024 * 1024;
/** Used again: a fresh MiB for each of many small files would keep the garbage collector busy. */
const hashBuffers: Buffer[] = [];

/**
 * SHA-256 of a file on this computer, in hex.
 * @param onBytes told how many bytes more were read
 * @throws RollcallError STOPPED
 */
export async function hashOf(
  path: string,
  { onBytes, signal }: { onBytes?: (count: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const hash = createHash("sha256");
  const buffer = hashBuffers.pop() ?? Buffer.allocUnsafeSlow(HASHED_AT_A_TIME_BYTES);
  const handle = await open(path, "r");
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
      onBytes?.(bytesRead);
      if (signal?.aborted) throw stopped(signal);
    }
  } finally {
    if (hashBuffers.length < MOST_HASH_BUFFERS) hashBuffers.push(buffer);
    await handle.close();
  }
}
