import { lastName } from "../text/last-name.js";

/** One photo or video of the phone's own library, as its database describes it. */
export interface PhoneLibraryRow {
  /**
   * As the phone spells it: `/DCIM/100APPLE/IMG_0001.HEIC`. Always below `/DCIM` or a folder of `/PhotoData`; of a row
   * that names no file there, or one that another row names, the row's own place: `/PhotoData/Photos.sqlite/ZASSET/7`.
   */
  readonly path: string;
  /** What such a row says of its place, as the end of a sentence; null of every other. */
  readonly unplaced: string | null;
  /** Null where the database says neither. */
  readonly kind: "photo" | "video" | null;
  readonly screenshot: boolean;
  /** A Live Photo: its moving half belongs to it. */
  readonly live: boolean;
  readonly trashed: boolean;
  readonly hidden: boolean;
  readonly favorite: boolean;
  /** Frames of a burst that nobody picked are in the library and not in its grid. */
  readonly shown: boolean;
  /** What the file was called where it came from; null where the database does not say. */
  readonly originalFileName: string | null;
  readonly originalSizeBytes: number | null;
  /** Milliseconds since 1970; null also for a time at which nobody took a photo. */
  readonly takenAtMs: number | null;
  /** Of a video; absent where the database does not say. */
  readonly durationMs?: number;
  /** True only where the database says that iCloud Photos has this item. */
  readonly syncedWithICloud: boolean;
  /**
   * The same by any sign, for what must not be deleted on the phone: there a photo wrongly taken for synced only stays.
   * `unsaid` where the database says nothing of it.
   */
  readonly inICloud: "yes" | "no" | "unsaid";
  /**
   * `no`: the original is in iCloud and was taken off the phone. `unsaid` before iOS 12, and where the
   * database says neither.
   */
  readonly bytesHere: "yes" | "no" | "unsaid";
  /** The further files of which the database says that they are on the phone. */
  readonly partsHere: readonly PartRole[];
  /** Edited on the phone, or by its camera: then files of the edit may lie below `/PhotoData/Mutations`. */
  readonly edited: boolean;
  /** In the iCloud Shared Photo Library that the person takes part in. */
  readonly inSharedLibrary: boolean;
  /** What a person wrote about it; cut where it is longer than a caption can be. */
  readonly caption: string | null;
  readonly burst: Burst | null;
  /** Titles of the user albums that hold it, each once. */
  readonly albums: readonly string[];
}

/** A further file of an item of which the database tells where it is. */
export type PartRole = "edited" | "raw" | "live-movie" | "edited-live-movie";

/** In the order of their marks. */
export const PART_ROLES: readonly PartRole[] = ["edited", "raw", "live-movie", "edited-live-movie"];

/** One frame of a burst. */
export interface Burst {
  /** The same for all its frames. */
  readonly id: string;
  /** Chosen by a person, or by the phone where nobody chose. */
  readonly isPicked: boolean;
}

const SCREENSHOT = 1;
const TRASHED = 2;
const HIDDEN = 4;
const FAVORITE = 8;
const SHOWN = 16;
const SYNCED = 32;
const PHOTO = 64;
const VIDEO = 128;
const BYTES_HERE = 256;
const BYTES_AWAY = 512;
const EDITED = 1024;
const IN_SHARED_LIBRARY = 2048;
/** The name where it came from is its name on the phone, as nearly always under DCIM: not kept a second time. */
const SAME_NAME = 4096;
const IN_ICLOUD = 8192;
const NOT_IN_ICLOUD = 16_384;
const LIVE = 32_768;
/** Four marks, of {@link PART_ROLES} in their order. */
const FIRST_PART = 65_536;
/** Each list of parts once. */
const PARTS: readonly (readonly PartRole[])[] = Array.from({ length: 16 }, (_, marks) =>
  PART_ROLES.filter((_role, at) => (marks & (1 << at)) !== 0),
);

const NO_ALBUMS: readonly string[] = [];

/**
 * The rows of a library by path, packed: some hundred bytes a row instead of a tree of objects, so that a
 * library of 100,000 photos takes a few megabytes. Rows are made when they are asked for.
 */
export class PhoneLibraryRows {
  readonly #indexOf = new Map<string, number>();
  /** Normalised spelling of paths that are not plain ASCII; rarely anything in it. */
  readonly #indexOfNormalised = new Map<string, number>();
  readonly #paths: string[] = [];
  readonly #names: (string | null)[] = [];
  readonly #marks: number[] = [];
  /** Numbers that are not known are NaN. */
  readonly #sizes: number[] = [];
  readonly #taken: number[] = [];
  // Few rows have these; by index.
  readonly #captions = new Map<number, string>();
  readonly #durations = new Map<number, number>();
  readonly #bursts = new Map<number, Burst>();
  readonly #albums = new Map<number, readonly string[]>();
  readonly #unplaced = new Map<number, string>();

  get count(): number {
    return this.#paths.length;
  }

  /** False where a row with this path is there already: the first one stays. */
  add(row: PhoneLibraryRow): boolean {
    const { path } = row;
    if (this.#indexOf.has(path)) return false;
    const index = this.#paths.length;
    this.#indexOf.set(path, index);
    const normalised = normalise(path);
    if (normalised !== null && !this.#indexOfNormalised.has(normalised)) {
      this.#indexOfNormalised.set(normalised, index);
    }
    this.#paths.push(path);
    const isSameName = row.originalFileName === lastName(path);
    this.#names.push(isSameName ? null : row.originalFileName);
    this.#marks.push(marksOf(row) | (isSameName ? SAME_NAME : 0));
    this.#sizes.push(row.originalSizeBytes ?? Number.NaN);
    this.#taken.push(row.takenAtMs ?? Number.NaN);
    if (row.durationMs !== undefined) this.#durations.set(index, row.durationMs);
    if (row.caption !== null) this.#captions.set(index, row.caption);
    if (row.burst !== null) this.#bursts.set(index, row.burst);
    if (row.albums.length > 0) this.#albums.set(index, row.albums);
    if (row.unplaced !== null) this.#unplaced.set(index, row.unplaced);
    return true;
  }

  /**
   * The row of a file. The exact spelling wins; else the one that differs only in how accents are composed,
   * because a database and a file system need not agree on that.
   */
  find(path: string): PhoneLibraryRow | null {
    const index = this.#find(path);
    return index === undefined ? null : this.#row(index);
  }

  /** Of the row that {@link find} gives; rows are counted from 0. */
  numberOf(path: string): number | undefined {
    return this.#find(path);
  }

  pathOf(row: number): string {
    return this.#paths[row]!;
  }

  /** The rows that {@link find} gives for none of these paths. */
  *without(paths: Iterable<string>): Generator<PhoneLibraryRow> {
    const isFound = new Uint8Array(this.count);
    for (const path of paths) {
      const index = this.#find(path);
      if (index !== undefined) isFound[index] = 1;
    }
    for (let index = 0; index < isFound.length; index++) if (isFound[index] === 0) yield this.#row(index);
  }

  *[Symbol.iterator](): Generator<PhoneLibraryRow> {
    for (let index = 0; index < this.#paths.length; index++) yield this.#row(index);
  }

  #find(path: string): number | undefined {
    const index = this.#indexOf.get(path);
    if (index !== undefined || this.#indexOfNormalised.size === 0) return index;
    const normalised = normalise(path);
    return normalised === null ? undefined : this.#indexOfNormalised.get(normalised);
  }

  #row(index: number): PhoneLibraryRow {
    const path = this.#paths[index]!;
    const marks = this.#marks[index]!;
    const is = (mark: number) => (marks & mark) !== 0;
    const durationMs = this.#durations.get(index);
    return {
      path,
      kind: is(PHOTO) ? "photo" : is(VIDEO) ? "video" : null,
      unplaced: this.#unplaced.get(index) ?? null,
      screenshot: is(SCREENSHOT),
      live: is(LIVE),
      partsHere: PARTS[Math.floor(marks / FIRST_PART)]!,
      trashed: is(TRASHED),
      hidden: is(HIDDEN),
      favorite: is(FAVORITE),
      shown: is(SHOWN),
      originalFileName: is(SAME_NAME) ? lastName(path) : this.#names[index]!,
      originalSizeBytes: known(this.#sizes[index]!),
      takenAtMs: known(this.#taken[index]!),
      ...(durationMs !== undefined && { durationMs }),
      syncedWithICloud: is(SYNCED),
      bytesHere: is(BYTES_HERE) ? "yes" : is(BYTES_AWAY) ? "no" : "unsaid",
      edited: is(EDITED),
      inSharedLibrary: is(IN_SHARED_LIBRARY),
      inICloud: is(IN_ICLOUD) ? "yes" : is(NOT_IN_ICLOUD) ? "no" : "unsaid",
      caption: this.#captions.get(index) ?? null,
      burst: this.#bursts.get(index) ?? null,
      albums: this.#albums.get(index) ?? NO_ALBUMS,
    };
  }
}

function marksOf(row: PhoneLibraryRow): number {
  return (
    (row.screenshot ? SCREENSHOT : 0) |
    (row.live ? LIVE : 0) |
    row.partsHere.reduce((marks, role) => marks | (FIRST_PART << PART_ROLES.indexOf(role)), 0) |
    (row.trashed ? TRASHED : 0) |
    (row.hidden ? HIDDEN : 0) |
    (row.favorite ? FAVORITE : 0) |
    (row.shown ? SHOWN : 0) |
    (row.syncedWithICloud ? SYNCED : 0) |
    (row.edited ? EDITED : 0) |
    (row.inSharedLibrary ? IN_SHARED_LIBRARY : 0) |
    (row.inICloud === "yes" ? IN_ICLOUD : row.inICloud === "no" ? NOT_IN_ICLOUD : 0) |
    (row.kind === "photo" ? PHOTO : row.kind === "video" ? VIDEO : 0) |
    (row.bytesHere === "yes" ? BYTES_HERE : row.bytesHere === "no" ? BYTES_AWAY : 0)
  );
}

/** Null for plain ASCII, which has one spelling only. */
function normalise(path: string): string | null {
  return /^[\0-\x7f]*$/.test(path) ? null : path.normalize("NFC");
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
