import { type ErrorCode, type Reason, RollcallError, stopped } from "../errors.js";
import {
  type FilePiece,
  type Phone,
  type PhoneEntry,
  type PhoneFile,
  PhoneFileError,
  type PhoneIdentity,
  type PhoneKey,
  type ReadOptions,
} from "./phone.js";

/** The way to the phone is broken, which a fresh connection may mend, or a person. */
const BREAKS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["PHONE_GONE", "PHONE_PROTOCOL", "PHONE_SILENT", "PHONE_BUSY", "PHONE_LOCKED"] as const),
  ...([
    "PHONE_NETWORK_ONLY",
    "PHONE_TRUST_LOST",
    "PHONE_NOT_PROVED",
    "USBMUXD_ABSENT",
    "USBMUXD_TROUBLE",
  ] as const),
]);

/** A file at which the way broke so often in a row is read while no other is, to tell a cause from a victim. */
const BREAKS_BEFORE_ALONE = 2;
/** So often in a row, with nothing got in between, and it is not the cable. */
const MAX_BREAKS = 5;

/**
 * Opens the phone again, however long that may take.
 * @param ending aborts when nobody needs the phone any more
 * @throws RollcallError when it has taken too long, or cannot be
 */
export type Reopen = (broken: RollcallError, ending: AbortSignal) => Promise<Phone>;

/**
 * A phone that comes back. Where the way to it breaks it is opened again, once for all who are reading, and each
 * goes on: a question is asked again, a listing leaves out what it has told, and a file is read on from the byte
 * after the last one given, if it is described as `expected`. A file without `expected` goes on only where none of
 * its bytes was given yet.
 *
 * Where the way breaks at one place of a file again and again, while no other is read and the phone is well
 * otherwise, that is this file's trouble.
 */
export class ReconnectingPhone implements Phone {
  readonly identity: PhoneIdentity;
  readonly key: PhoneKey | undefined;
  readonly #reopen: Reopen;
  #phone: Phone;
  #reconnectPolicy: Promise<Phone> | null = null;
  /** Why it could not be opened again: it stays closed. */
  #lost: unknown = null;
  readonly #ending = new AbortController();
  readonly #endings: Promise<unknown>[] = [];
  /** The turns of files that are to be read alone, one after the other. */
  #turns: Promise<void> = Promise.resolve();
  /** Resolves when the file that is read alone has got on, or given up; null while there is none. */
  #alone: Promise<void> | null = null;
  #readingCount = 0;
  #onNoneReading: () => void = () => {};
  #away: { readonly promise: Promise<void>; readonly resolve: () => void } = whenResolved();

  /** @param phone open, and from here on closed by this one's disposal */
  constructor(phone: Phone, reopen: Reopen) {
    this.identity = phone.identity;
    this.key = phone.key;
    this.#phone = phone;
    this.#reopen = reopen;
  }

  async *list(folder: string, signal?: AbortSignal): AsyncGenerator<PhoneEntry, void, void> {
    const yielded: string[] = [];
    /** What was told before the last break. */
    let before: ReadonlySet<string> = new Set();
    let breaks = 0;
    for (;;) {
      const phone = await this.#open(signal);
      try {
        for await (const entry of phone.list(folder, signal)) {
          const path = entry.type === "file" ? entry.file.path : entry.path;
          // A folder in which nothing may be listed is told twice: that it is one, and that it is shut.
          const key = entry.type === "unreadable" ? `shut: ${path}` : path;
          if (before.has(key)) continue;
          yielded.push(key);
          breaks = 0;
          yield entry;
        }
        return;
      } catch (error) {
        await this.#reconnect(phone, error, signal);
        if (++breaks >= MAX_BREAKS) throw error;
        before = new Set(yielded);
      }
    }
  }

  async describe(path: string, signal?: AbortSignal): Promise<PhoneFile | null> {
    for (let breaks = 0; ; ) {
      const phone = await this.#open(signal);
      try {
        return await phone.describe(path, signal);
      } catch (error) {
        await this.#reconnect(phone, error, signal);
        if (++breaks >= MAX_BREAKS) throw error;
      }
    }
  }

  async *read(path: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array, void, void> {
    const { offset = 0, expected, signal } = options;
    let position = offset;
    let breaks = 0;
    for (;;) {
      let isCounted = false;
      const endTurn = breaks < BREAKS_BEFORE_ALONE ? null : await this.#takeTurn(signal);
      try {
        if (endTurn === null) while (this.#alone !== null) await until(this.#alone, signal);
        this.#readingCount += 1;
        isCounted = true;
        const phone = await this.#open(signal);
        try {
          for await (const chunk of phone.read(path, { ...options, offset: position })) {
            endTurn?.();
            breaks = 0;
            position += chunk.byteLength;
            yield chunk;
          }
          return;
        } catch (error) {
          const isRecognisable = expected !== undefined || position === offset;
          if (!isRecognisable) throw error;
          await this.#reconnect(phone, error, signal);
          if (++breaks >= MAX_BREAKS) await this.#isolate(path, error, signal);
        }
      } finally {
        if (isCounted) this.#readingCount -= 1;
        if (this.#readingCount === 0) this.#onNoneReading();
        endTurn?.();
      }
    }
  }

  async *readPieces(
    path: string,
    pieces: readonly FilePiece[],
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void> {
    let given = 0;
    let breaks = 0;
    for (;;) {
      while (this.#alone !== null) await until(this.#alone, signal);
      const phone = await this.#open(signal);
      this.#readingCount += 1;
      try {
        const left = given === 0 ? pieces : pieces.slice(given);
        for await (const chunk of phone.readPieces(path, left, signal)) {
          breaks = 0;
          given += 1;
          yield chunk;
        }
        return;
      } catch (error) {
        await this.#reconnect(phone, error, signal);
        if (++breaks >= MAX_BREAKS) await this.#isolate(path, error, signal);
      } finally {
        this.#readingCount -= 1;
        if (this.#readingCount === 0) this.#onNoneReading();
      }
    }
  }

  whenAway(): Promise<void> {
    return this.#away.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    const reopened = this.#reconnectPolicy?.then(end, () => {});
    await Promise.all([end(this.#phone), reopened, ...this.#endings]);
  }

  async #open(signal: AbortSignal | undefined): Promise<Phone> {
    if (this.#lost !== null) throw this.#lost;
    return this.#reconnectPolicy === null ? this.#phone : await until(this.#reconnectPolicy, signal);
  }

  /**
   * Waits until the phone is open again.
   * @throws the error, where it is no break; or why it cannot be opened again
   */
  async #reconnect(phone: Phone, error: unknown, signal: AbortSignal | undefined): Promise<void> {
    if (!isBreak(error) || this.#ending.signal.aborted || signal?.aborted) throw error;
    // Whoever comes late, after the break was mended, has nothing to wait for.
    if (phone === this.#phone && this.#lost === null) this.#reconnectPolicy ??= this.#replace(error);
    await this.#open(signal);
  }

  #replace(broken: RollcallError): Promise<Phone> {
    this.#endings.push(end(this.#phone));
    this.#away.resolve();
    const replacing = this.#reopen(broken, this.#ending.signal).then(
      async (phone) => {
        if (phone.key?.sha256 !== this.key?.sha256) {
          await end(phone);
          throw (this.#lost = anotherPhone(this.identity));
        }
        this.#away = whenResolved();
        this.#phone = phone;
        this.#reconnectPolicy = null;
        return phone;
      },
      (error: unknown) => {
        this.#lost = error;
        this.#reconnectPolicy = null;
        throw error;
      },
    );
    replacing.catch(() => {}); // heard by each who waits for it, if anybody still does
    return replacing;
  }

  /** @throws PhoneFileError where the phone is well otherwise, else the error that broke it */
  async #isolate(path: string, error: unknown, signal: AbortSignal | undefined): Promise<never> {
    const phone = await this.#open(signal);
    try {
      await phone.describe(path, signal);
    } catch (trouble) {
      if (isBreak(trouble)) throw error;
      throw trouble;
    }
    throw new PhoneFileError(path, BREAKS_THE_WAY, error);
  }

  /**
   * Waits until this file may be read alone: others are read to their end first, and none is begun.
   * @returns what ends the turn; calling it again does nothing
   */
  async #takeTurn(signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#turns;
    const turn = whenResolved();
    this.#turns = before.then(() => turn.promise);
    const endTurn = () => {
      if (this.#alone === turn.promise) this.#alone = null;
      turn.resolve();
    };
    try {
      await until(before, signal);
      this.#alone = turn.promise;
      if (this.#readingCount > 0) {
        await until(new Promise<void>((resolve) => (this.#onNoneReading = resolve)), signal);
      }
    } catch (error) {
      endTurn();
      throw error;
    }
    return endTurn;
  }
}

const BREAKS_THE_WAY: Reason = {
  code: "FILE_BREAKS_CONNECTION",
  message: "The iPhone stopped answering or broke the connection each time this file was read.",
  remedy:
    "Open it in Photos on the iPhone to see whether it is whole, restart the iPhone, and run this again.",
};

/** Somebody else's phone, or none, under the number of the one that was read: nothing of it is put beside the other's. */
function anotherPhone({ name }: PhoneIdentity): RollcallError {
  return new RollcallError("PHONE_NOT_PROVED", {
    message: `What is on the cable now is not ${name || "the iPhone"} that was there before: it has another key.`,
    remedy: "Plug in the iPhone that this was begun with, and run the same command again.",
  });
}

function isBreak(error: unknown): error is RollcallError {
  return error instanceof RollcallError && BREAKS.has(error.code);
}

/** A phone that is broken already has nothing more to say when it is closed. */
async function end(phone: Phone): Promise<void> {
  try {
    await phone[Symbol.asyncDispose]();
  } catch {
    // It was broken, and is gone.
  }
}

function whenResolved(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Waits for the work, and not beyond a stop; the work itself goes on unheard. */
async function until<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  if (signal.aborted) throw stopped(signal);
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(stopped(signal));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
