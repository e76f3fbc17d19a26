import { bug, type Reason, RollcallError, stopped } from "../../errors.js";
import {
  type FilePiece,
  isUnchanged,
  type Phone,
  type PhoneEntry,
  type PhoneFile,
  PhoneFileError,
  type PhoneIdentity,
  type ReadOptions,
} from "../../phone/phone.js";

/** One file as a {@link MemoryPhone} holds it. Its bytes are never changed in place: put a new file instead. */
export interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
  readonly bornAt: Date | null;
}

/** What is about to be answered. `chunk` comes once for each chunk that {@link MemoryPhone.read} yields. */
export type MemoryPhoneRequest =
  | { readonly what: "list"; readonly path: string }
  | { readonly what: "describe"; readonly path: string }
  | { readonly what: "open"; readonly path: string }
  | { readonly what: "chunk"; readonly path: string; readonly offset: number };

export interface MemoryPhoneOptions {
  readonly identity?: Partial<PhoneIdentity>;
  /** Largest chunk that `read` yields; default 1 MiB, as over the cable. */
  readonly chunkBytes?: number;
  /**
   * Called before each answer. May throw: that is how a test pulls the cable or spoils one file. Where it
   * returns a promise the answer waits for it.
   */
  readonly onRequest?: (request: MemoryPhoneRequest) => void | Promise<void>;
  /** In what order a listing comes; default as the entries were put. The port promises none. */
  readonly order?: (entries: PhoneEntry[]) => PhoneEntry[];
}

const IDENTITY: PhoneIdentity = {
  udid: "00008130-0011223344556677",
  name: "Memory Phone",
  productType: "iPhone16,1",
  iosVersion: "18.5",
};

const EPOCH = new Date(0);
const SPENT = 0xdd;
const MAX_PIECE_BYTES = 1024 * 1024;

/**
 * A phone in memory, for tests that make many thousand runs. It keeps the promises of {@link Phone} and no
 * others: a chunk is spoilt as soon as the next one is asked for, names are told apart byte for byte, folders
 * are there because a file lies in them or because they were made, and nothing answers after disposal.
 *
 * A file that is replaced while it is being read goes on as it was when it was opened, as on the phone.
 */
export class MemoryPhone implements Phone {
  readonly identity: PhoneIdentity;
  /** What it holds now, by absolute path. Tests may look; they change it with {@link put} and {@link remove}. */
  readonly files: ReadonlyMap<string, MemoryFile>;
  readonly #files = new Map<string, MemoryFile>();
  readonly #folders = new Set<string>();
  readonly #others = new Set<string>();
  readonly #shut = new Set<string>();
  readonly #undescribed = new Map<string, PhoneFileError["reason"]>();
  readonly #options: MemoryPhoneOptions;
  readonly #chunkBytes: number;
  #isDisposed = false;

  constructor(
    files: Iterable<readonly [path: string, file: Partial<MemoryFile>]> = [],
    options: MemoryPhoneOptions = {},
  ) {
    this.identity = { ...IDENTITY, ...options.identity };
    this.files = this.#files;
    this.#options = options;
    this.#chunkBytes = options.chunkBytes ?? 1024 * 1024;
    if (!Number.isInteger(this.#chunkBytes) || this.#chunkBytes < 1)
      throw bug("a chunk needs at least one byte");
    for (const [path, file] of files) this.put(path, file);
  }

  /** Adds or replaces a file. Missing parts: no bytes, the year 1970, no birth time. */
  put(path: string, file: Partial<MemoryFile>): void {
    checkPath(path);
    if (this.#isFolder(path)) throw bug(`${path} is a folder of this phone`);
    for (let above = parentOf(path); above !== "/"; above = parentOf(above)) {
      if (this.#files.has(above)) throw bug(`${above} is a file of this phone`);
      this.#folders.add(above);
    }
    this.#files.set(path, {
      bytes: file.bytes ?? new Uint8Array(0),
      modifiedAt: file.modifiedAt ?? EPOCH,
      bornAt: file.bornAt ?? null,
    });
  }

  /** True where there was one. Its folder stays. */
  remove(path: string): boolean {
    return this.#files.delete(path);
  }

  makeFolder(path: string): void {
    checkPath(path);
    for (let folder = path; folder !== "/"; folder = parentOf(folder)) this.#folders.add(folder);
  }

  /** A symbolic link or device: listed as `other`, neither described nor read. */
  putOther(path: string): void {
    checkPath(path);
    this.makeFolder(parentOf(path));
    this.#others.add(path);
  }

  /** Lists the path as `unreadable` from now on; {@link describe} and {@link read} refuse it. */
  refuseToDescribe(path: string, reason: PhoneFileError["reason"] = NOT_DESCRIBED): void {
    checkPath(path);
    this.makeFolder(parentOf(path));
    this.#undescribed.set(path, reason);
  }

  /** Lists the folder as one, and as `unreadable`, and nothing of what lies in it, from now on. */
  refuseToList(folder: string): void {
    this.makeFolder(folder);
    this.#shut.add(folder);
  }

  async *list(folder: string, signal?: AbortSignal): AsyncGenerator<PhoneEntry> {
    if (folder !== "/") checkPath(folder);
    await this.#answer({ what: "list", path: folder }, signal);
    const entries = this.#entriesBelow(folder);
    for (const entry of this.#options.order?.(entries) ?? entries) {
      this.#check(signal);
      yield entry;
    }
  }

  async describe(path: string, signal?: AbortSignal): Promise<PhoneFile | null> {
    checkPath(path);
    await this.#answer({ what: "describe", path }, signal);
    const reason = this.#undescribed.get(path);
    if (reason !== undefined) throw new PhoneFileError(path, reason);
    const file = this.#files.get(path);
    return file === undefined ? null : described(path, file);
  }

  async *read(path: string, { offset = 0, expected, signal }: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    checkPath(path);
    if (!Number.isSafeInteger(offset) || offset < 0) throw bug(`a file cannot be read from ${offset}`);
    await this.#answer({ what: "open", path }, signal);
    const file = this.#files.get(path);
    if (file === undefined || this.#undescribed.has(path)) throw new PhoneFileError(path, NOT_THERE);
    if (expected !== undefined && !isUnchanged(expected, described(path, file)))
      throw new PhoneFileError(path, CHANGED);
    const { bytes } = file;
    for (let at = offset; at < bytes.length; ) {
      await this.#answer({ what: "chunk", path, offset: at }, signal);
      const chunk = Uint8Array.from(bytes.subarray(at, at + this.#chunkBytes)); // a Buffer's slice would share
      at += chunk.length;
      try {
        yield chunk;
      } finally {
        // The port lends a chunk until the next one is asked for: whoever keeps it longer finds rubbish.
        chunk.fill(SPENT);
      }
    }
    this.#check(signal);
  }

  /** Unlike {@link read}, each piece is of the file as it is then: so is a database that its owner writes to. */
  async *readPieces(
    path: string,
    pieces: readonly FilePiece[],
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    checkPath(path);
    await this.#answer({ what: "open", path }, signal);
    for (const { offset, sizeBytes } of pieces) {
      if (!(sizeBytes >= 1 && sizeBytes <= MAX_PIECE_BYTES && Number.isSafeInteger(offset) && offset >= 0))
        throw bug(`a piece cannot be ${sizeBytes} bytes from ${offset}`);
      await this.#answer({ what: "chunk", path, offset }, signal);
      const file = this.#files.get(path);
      if (file === undefined || this.#undescribed.has(path)) throw new PhoneFileError(path, NOT_THERE);
      const chunk = Uint8Array.from(file.bytes.subarray(offset, offset + sizeBytes));
      try {
        yield chunk;
      } finally {
        chunk.fill(SPENT);
      }
    }
    this.#check(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
  }

  async #answer(request: MemoryPhoneRequest, signal: AbortSignal | undefined): Promise<void> {
    this.#check(signal);
    await this.#options.onRequest?.(request);
    this.#check(signal);
  }

  #check(signal: AbortSignal | undefined): void {
    if (signal?.aborted) throw stopped(signal);
    if (this.#isDisposed) {
      throw new RollcallError("PHONE_GONE", {
        message: `${this.identity.name} is no longer connected.`,
        why: "The connection to it was closed.",
        remedy: "Plug it in again, then run the same command again.",
      });
    }
  }

  #isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  #entriesBelow(folder: string): PhoneEntry[] {
    const start = folder === "/" ? "/" : `${folder}/`;
    const isShut = (path: string) => [...this.#shut].some((shut) => path.startsWith(`${shut}/`));
    const isBelow = (path: string) => path.startsWith(start) && !(this.#shut.size > 0 && isShut(path));
    const entries: PhoneEntry[] = [];
    for (const path of this.#shut) {
      if (path === folder || isBelow(path)) entries.push({ type: "unreadable", path, reason: NOT_LISTED });
    }
    for (const path of this.#folders) if (isBelow(path)) entries.push({ type: "folder", path });
    for (const [path, file] of this.#files) {
      if (isBelow(path) && !this.#undescribed.has(path))
        entries.push({ type: "file", file: described(path, file) });
    }
    for (const path of this.#others) if (isBelow(path)) entries.push({ type: "other", path });
    for (const [path, reason] of this.#undescribed) {
      if (isBelow(path)) entries.push({ type: "unreadable", path, reason });
    }
    return entries;
  }
}

const NOT_THERE: Reason = {
  code: "FILE_VANISHED",
  message: "The phone no longer has this file.",
  remedy: "Run the same command again to see what the phone holds now.",
};

const CHANGED: Reason = {
  code: "FILE_CHANGED",
  message: "The file changed on the phone after it was described.",
  remedy: "Run the same command again.",
};

const NOT_LISTED: Reason = {
  code: "FILE_NOT_PERMITTED",
  message: "The phone would not list this folder.",
  remedy: "Unlock the phone, then run the same command again.",
};

const NOT_DESCRIBED: Reason = {
  code: "FILE_REFUSED",
  message: "The phone listed this file and would not describe it.",
  remedy: "Unlock the phone, then run the same command again.",
};

function described(path: string, file: MemoryFile): PhoneFile {
  const { bytes, modifiedAt, bornAt } = file;
  return {
    path,
    sizeBytes: bytes.length,
    modifiedAtMs: modifiedAt.getTime(),
    bornAtMs: bornAt?.getTime() ?? null,
  };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** A malformed path is a mistake of the caller, never of the phone. */
function checkPath(path: string): void {
  const names = path.split("/");
  const isSound =
    names.length > 1 &&
    names.shift() === "" &&
    names.every((name) => name !== "" && name !== "." && name !== ".." && !name.includes("\0"));
  if (!isSound) throw bug(`${JSON.stringify(path)} is not the absolute path of a file on a phone`);
}
