import type { Remedy } from "../remedy.js";
import type { PhotosAlbum, PhotosItem } from "./photos-item.js";

/** What an import event answered. Never the whole truth: what is in the album afterwards is. */
export interface ImportReply {
  /**
   * Ids read from the returned items without a further event; null where Photos returned nothing, or
   * where they could not be read that way. Order and completeness are not promised.
   */
  readonly ids: readonly string[] | null;
  /** How many items Photos says it returned; 0 where it returned nothing; null where that cannot be read. */
  readonly count: number | null;
}

/**
 * How an import event is sent. `plain`: the dictionary's command, which gives up after one or two minutes. `by-hand`:
 * built from its codes with a time-out of its own, for what takes longer; unverified on macOS.
 */
export type ImportEventKind = "plain" | "by-hand";

/**
 * An event that was sent and did not answer well. A time-out bounds the wait, not the work: where
 * `mayHaveHappened`, look before sending anything again.
 */
export class PhotosEventError extends Error {
  /** The Apple event error number; null where our own deadline ended the wait. */
  readonly number: number | null;
  readonly mayHaveHappened: boolean;

  constructor(message: string, number: number | null, mayHaveHappened: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = "PhotosEventError";
    this.number = number;
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** Photos refused, and would refuse anything else: it was cancelled, is read-only, or knows no such command. */
export class PhotosRefusesAllError extends PhotosEventError {
  readonly remedy: Remedy;

  constructor(message: string, number: number, remedy: Remedy) {
    super(message, number, false);
    this.remedy = remedy;
  }
}

/** What Photos is asked, and may be asked again: nothing of it changes the library. */
export interface PhotosQuestions {
  /** Top-level albums of exactly this name (compared in NFC, case counts). */
  findAlbums(name: string, signal?: AbortSignal): Promise<PhotosAlbum[]>;

  /** Null when no album has this id. */
  describeAlbum(id: string, signal?: AbortSignal): Promise<PhotosAlbum | null>;

  /**
   * Everything in one album: three events whatever its size. Null when the album is gone.
   * @param options.withoutSizes one event less, and each size is null
   */
  albumContents(
    id: string,
    signal?: AbortSignal,
    options?: { readonly withoutSizes?: boolean },
  ): Promise<PhotosItem[] | null>;

  /**
   * How many items the library has, by one event. Only its growth means something: whether hidden ones are
   * counted is not documented, and others may add photos meanwhile.
   */
  countItems(signal?: AbortSignal): Promise<number>;

  /**
   * Items by id, one event each: for checking old receipts only, never during an import.
   * An id that Photos does not know (any more) is absent from the result.
   */
  describeItems(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, PhotosItem>>;
}

/** What changes the library, or starts Photos. Nothing of it may be repeated without a look at what it did. */
export interface PhotosChanges {
  /**
   * Starts Photos where needed, without taking the focus, and waits until it answers.
   * An empty library is ready too.
   * @throws RollcallError PHOTOS_UNAVAILABLE when it does not answer in time
   */
  makeReady(signal?: AbortSignal): Promise<{ readonly version: string }>;

  /**
   * Makes one top-level album. Sends `make` exactly once and ignores what it returns (it is known to
   * fail or return nothing although the album was made), then looks for the name.
   * @param name must be unique in the library: use a random one and rename afterwards
   * @throws PhotosEventError when the album does not appear
   */
  createAlbum(name: string, signal?: AbortSignal): Promise<PhotosAlbum>;

  renameAlbum(id: string, name: string, signal?: AbortSignal): Promise<void>;

  /** Deletes the album; its photos stay. False when Photos says that it has none of this id. */
  deleteAlbum(id: string, signal?: AbortSignal): Promise<boolean>;

  /**
   * One import event. `skipCheckDuplicates` is always true: duplicates are Rollcall's business, and the
   * check would open a sheet that blocks Photos.
   * @param paths absolute; the files of one item stand together
   * @param options.timeoutMs after which it is given up; a plain event may give up earlier
   * @param options.event `plain` unless given
   */
  importFiles(
    paths: readonly string[],
    options: { albumId: string; timeoutMs: number; event?: ImportEventKind; signal?: AbortSignal },
  ): Promise<ImportReply>;

  /** One `add` event; an item that is there already stays once. Whether all arrived is the caller's to check. */
  addToAlbum(itemIds: readonly string[], albumId: string, signal?: AbortSignal): Promise<void>;
}

/**
 * The open Photos library, as Rollcall wishes to see it. Every call is at most the few Apple events it
 * names; none reads the whole library.
 *
 * All methods throw RollcallError PHOTOS_NOT_PERMITTED (-1743, -1744), OSASCRIPT_ABSENT, NOT_MACOS or
 * STOPPED, and {@link PhotosEventError} for anything Photos answered badly or not at all.
 */
export interface PhotosLibrary extends PhotosQuestions, PhotosChanges {}
