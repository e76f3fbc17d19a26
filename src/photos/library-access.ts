import type { LibraryTrouble } from "./library-package.js";

/**
 * The way to a library package before it is known whether this program may touch it. The first touch of a package may
 * make macOS ask the person, and then no system call in it returns until somebody answers: so nothing but this may
 * touch a package before {@link FirstTouch} is answered. Afterwards every call returns at once, also after a "no".
 */
export interface LibraryAccess {
  /**
   * The true path of a package and whether it is there, found from the folder around it. The package is not touched.
   * @throws RollcallError STOPPED
   */
  locate(path: string, signal?: AbortSignal): Promise<LibraryPlace>;

  /**
   * Free bytes of the volume that holds a package, measured beside it; null where that had no answer in time.
   * @throws RollcallError STOPPED
   */
  freeSpace(path: string, signal?: AbortSignal): Promise<FreeSpace | null>;

  /** Begins the first touch of a package, or joins the one that was begun before. Returns at once. */
  touch(path: string): FirstTouch;
}

/** `silent`: the folder around it did not answer in time, so `path` is as it was given, made absolute. */
interface LibraryPlace {
  readonly kind: "folder" | "other" | "absent" | "silent";
  /** Absolute; links resolved, unless `silent` or `absent`. */
  readonly path: string;
}

export interface FreeSpace {
  /** The same text for two folders on one volume. */
  readonly volume: string;
  readonly freeBytes: number;
}

/** One package's first touch, which may be waiting for a person. */
export interface FirstTouch {
  /**
   * Waits until it is answered, at most until the deadline that began with the touch.
   * @returns false where it was not answered by then
   * @throws RollcallError STOPPED
   */
  inTime(signal?: AbortSignal): Promise<boolean>;

  /**
   * Waits however long it takes.
   * @throws RollcallError STOPPED, LIBRARY_UNREADABLE where it is not known
   */
  answered(signal?: AbortSignal): Promise<void>;

  /** Resolves with the answer and never rejects. Does not keep the process from ending. */
  readonly answer: Promise<void>;

  /** What a person is told while it waits: `LIBRARY_NOT_ANSWERED`. */
  readonly waiting: LibraryTrouble;
}
