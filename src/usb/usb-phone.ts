import { setTimeout } from "node:timers/promises";
import { stopped } from "../errors.js";
import {
  type FilePiece,
  type Phone,
  type PhoneEntry,
  type PhoneFile,
  PhoneFileError,
  type PhoneIdentity,
  type PhoneKey,
  type ReadOptions,
} from "../phone/phone.js";
import { AfcClient, type AfcClientOptions } from "./afc/afc-client.js";
import { AfcConnectionError, AfcStatusError } from "./afc/afc-errors.js";
import { AFC_STATUS } from "./afc/afc-packet.js";
import { ChunkPool } from "./afc/chunk-pool.js";
import { describeFile, type FolderSource, listTree } from "./afc/list-tree.js";
import { type ReadProgress, readFile } from "./afc/read-file.js";
import { readPieces } from "./afc/read-pieces.js";
import { anotherPhone, phoneGone } from "./lockdown/lockdown-errors.js";
import { PhoneLink } from "./phone-link.js";
import { phoneTrouble } from "./phone-trouble.js";
import type { UsbmuxClient } from "./usbmux/usbmux-client.js";
import { Slots } from "./wire/slots.js";
import { Waiting } from "./wire/waiting.js";

export interface UsbPhoneOptions {
  signal?: AbortSignal | undefined;
  /** For each answer of lockdownd and each handshake. */
  timeoutMs?: number;
  afc?: AfcClientOptions;
}

/** A phone has about 240 handles, shared with whatever else reads from it. */
const MAX_OPEN_FILES = 32;
/** Between tries to open a file while the phone has no handle for it, and none of ours is open. */
const HANDLE_PAUSES_MS = [50, 200, 800];
/** How long dispose waits for handles to be closed; ending the connection closes them too. */
const GOODBYE_MS = 1_000;

/**
 * Connects to a phone on the cable.
 *
 * Any number of `read` and `list` loops may run side by side on it; files beyond the thirty-second wait to be
 * opened until one is done, so a caller must not hold so many half read while it waits for another.
 * Where the connection sat idle and is found dead, it is replaced without a word, also in the middle of a
 * file: that is opened again, seen to be the same by size and time, and read on from where it was.
 *
 * @throws RollcallError PHONE_LOCKED, PHONE_NOT_TRUSTED, PHONE_REFUSED, PHONE_GONE, PHONE_PROTOCOL,
 *   USBMUXD_ABSENT, USBMUXD_TROUBLE, STOPPED
 */
export async function openUsbPhone(
  usbmux: UsbmuxClient,
  udid: string,
  options: UsbPhoneOptions = {},
): Promise<Phone> {
  const { signal, ...others } = options;
  const link = new PhoneLink(usbmux, udid);
  const { stream, identity, key } = await link.startAfc(options);
  if (signal?.aborted) {
    stream.destroy();
    throw stopped(signal);
  }
  return new UsbPhone(link, { identity, key }, new AfcClient(stream, others.afc), others);
}

class UsbPhone implements Phone {
  readonly identity: PhoneIdentity;
  readonly key: PhoneKey;
  readonly #link: PhoneLink;
  readonly #options: Omit<UsbPhoneOptions, "signal">;
  readonly #files = new Slots(MAX_OPEN_FILES);
  readonly #pool = new ChunkPool();
  readonly #source: FolderSource = {
    readDir: (path) => this.#ask((client) => client.readDir(path)),
    getFileInfo: (path) => this.#ask((client) => client.getFileInfo(path)),
  };
  #client: AfcClient;
  #replacing: Promise<AfcClient> | null = null;
  #isDisposed = false;
  /** Files that hold a place and wait for the phone to have a handle for them. */
  #wantingHandles = 0;
  /** All pauses were made for one file, and in vain: the next is not paused for. */
  #hasNoHandles = false;

  constructor(
    link: PhoneLink,
    { identity, key }: { readonly identity: PhoneIdentity; readonly key: PhoneKey },
    client: AfcClient,
    options: Omit<UsbPhoneOptions, "signal">,
  ) {
    this.#link = link;
    this.identity = identity;
    this.key = key;
    this.#client = client;
    this.#options = options;
  }

  async *list(folder: string, signal?: AbortSignal): AsyncGenerator<PhoneEntry, void, void> {
    using waiting = new Waiting(signal);
    try {
      yield* listTree(this.#source, folder, waiting);
    } catch (error) {
      throw phoneTrouble(error, this.#link.called, signal);
    }
  }

  async describe(path: string, signal?: AbortSignal): Promise<PhoneFile | null> {
    using waiting = new Waiting(signal);
    try {
      return await waiting.until(describeFile(this.#source, path));
    } catch (error) {
      throw phoneTrouble(error, this.#link.called, signal);
    }
  }

  async *read(path: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array, void, void> {
    using waiting = new Waiting(options.signal);
    const progress: ReadProgress = { positionBytes: options.offset ?? 0, info: null };
    const place = this.#files.take();
    try {
      await waiting.until(place);
      yield* this.#readOn(path, progress, waiting, options.expected);
    } catch (error) {
      throw phoneTrouble(error, this.#link.called, options.signal);
    } finally {
      place.then(() => this.#files.release());
    }
  }

  async *readPieces(
    path: string,
    pieces: readonly FilePiece[],
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void> {
    using waiting = new Waiting(signal);
    const place = this.#files.take();
    let given = 0;
    let lastBreakAt = -1;
    let tries = 0;
    try {
      await waiting.until(place);
      for (;;) {
        const client = await waiting.until(this.#liveClient());
        try {
          const left = given === 0 ? pieces : pieces.slice(given);
          for await (const chunk of readPieces(client, path, left, { pool: this.#pool, waiting })) {
            given += 1;
            yield chunk;
          }
          return;
        } catch (error) {
          if (isOutOfHandles(error) && (await this.#mayTryToOpenAgain(tries++, waiting))) continue;
          if (!isIdleBreak(error) || lastBreakAt === given) throw error;
          lastBreakAt = given;
        }
      }
    } catch (error) {
      throw phoneTrouble(error, this.#link.called, signal);
    } finally {
      place.then(() => this.#files.release());
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const drained = new AbortController();
    const goodbye = setTimeout(GOODBYE_MS, undefined, { signal: drained.signal }).catch(() => {});
    await Promise.race([this.#client.drained(), goodbye]);
    drained.abort();
    this.#client.destroy();
  }

  async *#readOn(
    path: string,
    progress: ReadProgress,
    waiting: Waiting,
    expected: PhoneFile | undefined,
  ): AsyncGenerator<Uint8Array, void, void> {
    const startBytes = progress.positionBytes;
    let lastBreakAt = -1;
    let tries = 0;
    for (;;) {
      const client = await waiting.until(this.#liveClient());
      try {
        return yield* readFile(client, path, progress, { pool: this.#pool, waiting, expected });
      } catch (error) {
        if (isOutOfHandles(error) && (await this.#mayTryToOpenAgain(tries++, waiting))) continue;
        // Only after idleness, only once at one place, and only a file that can be recognised again.
        const isFresh = lastBreakAt === progress.positionBytes;
        const isAtStart = progress.positionBytes === startBytes;
        const isKnown = isAtStart || progress.info !== null || expected !== undefined;
        if (!isIdleBreak(error) || isFresh || !isKnown) throw error;
        lastBreakAt = progress.positionBytes;
      }
    }
  }

  /**
   * Other programs may have taken most of the phone's handles: then ours have to do with what is left. And a
   * connection that broke holds its handles until the phone has noticed.
   * @returns after a file of ours was closed, or a pause; false where enough was tried
   */
  async #mayTryToOpenAgain(tries: number, waiting: Waiting): Promise<boolean> {
    if (this.#files.takenCount - this.#wantingHandles <= 1) {
      const pauseMs = this.#hasNoHandles ? undefined : HANDLE_PAUSES_MS[tries];
      this.#hasNoHandles = pauseMs === undefined;
      if (pauseMs !== undefined) await waiting.until(setTimeout(pauseMs));
      return pauseMs !== undefined;
    }
    this.#wantingHandles += 1;
    try {
      await waiting.until(this.#files.nextRelease());
      return true;
    } finally {
      this.#wantingHandles -= 1;
    }
  }

  /** Asks once more on a fresh connection where the old one had died of idleness. */
  async #ask<T>(question: (client: AfcClient) => Promise<T>): Promise<T> {
    try {
      return await question(await this.#liveClient());
    } catch (error) {
      if (!isIdleBreak(error)) throw error;
      return await question(await this.#liveClient());
    }
  }

  #liveClient(): Promise<AfcClient> {
    if (this.#isDisposed) return Promise.reject(phoneGone(this.#link.called));
    if (!this.#client.isDead) return Promise.resolve(this.#client);
    this.#replacing ??= this.#replace().finally(() => {
      this.#replacing = null;
    });
    return this.#replacing;
  }

  async #replace(): Promise<AfcClient> {
    const { timeoutMs, afc } = this.#options;
    const { stream, key } = await this.#link.startAfc(timeoutMs === undefined ? {} : { timeoutMs });
    if (key.sha256 !== this.key.sha256) {
      stream.destroy();
      throw anotherPhone(this.#link.called);
    }
    const client = new AfcClient(stream, afc);
    if (this.#isDisposed) client.destroy();
    this.#client = client;
    return client;
  }
}

/** The phone has no handle left for this file; nothing of it was read. */
function isOutOfHandles(error: unknown): boolean {
  const { cause } = error instanceof PhoneFileError ? error : {};
  return (
    cause instanceof AfcStatusError &&
    cause.status === AFC_STATUS.noResources &&
    cause.request === "file-open"
  );
}

function isIdleBreak(error: unknown): boolean {
  return error instanceof AfcConnectionError && error.wasIdle;
}
