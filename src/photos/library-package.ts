import { type ErrorCode, type Reason, RollcallError } from "../errors.js";

/**
 * A second witness beside Photos' own word: the files that Photos kept, and what its database says of them.
 * Only read, and never with an Apple event.
 */
export interface LibraryPackages {
  /**
   * Waits for the first touch of the package as long as {@link FirstTouch.inTime}.
   * @param libraryPath null where nobody knows which library Photos has open
   * @returns why it cannot be read, where it cannot: that ends no run
   * @throws RollcallError STOPPED
   */
  open(
    libraryPath: string | null,
    signal?: AbortSignal,
  ): Promise<LibraryPackage | LibraryTrouble | UnansweredLibrary>;
}

/** Why a library, or its database, cannot be read. */
export type LibraryTrouble = Reason<ErrorCode | "LIBRARY_NOT_KNOWN" | "LIBRARY_NOT_ANSWERED">;

/** A library whose first touch still waits, perhaps for a person. To whoever does not wait it is a reason. */
export interface UnansweredLibrary extends LibraryTrouble {
  /** The library, or why it cannot be read, once that is answered. Never rejects; does not keep the process from ending. */
  readonly later: Promise<LibraryPackage | LibraryTrouble>;
}

/** One library package that may be read. Its files are as they are now, at each call. */
export interface LibraryPackage {
  /** Absolute, links resolved. */
  readonly path: string;

  /**
   * Its own id, which tells it from another one that lay at the same path, and which goes along when it is moved. Costs
   * some pages of its database.
   * @returns null where it does not say
   * @throws RollcallError STOPPED
   */
  libraryId(signal?: AbortSignal): Promise<string | null>;

  /**
   * Every file kept under these ids (`UUID/L0/001`), found from the id alone. An id without a file has an empty list.
   * @throws RollcallError LIBRARY_UNREADABLE, LIBRARY_NOT_PERMITTED
   */
  filesOf(photosIds: Iterable<string>): ReadonlyMap<string, readonly LibraryPackageFile[]>;

  /**
   * Reads a file from its beginning to its end.
   * @returns hex; null where it could not be read whole, or was written meanwhile
   * @throws RollcallError STOPPED
   */
  sha256Of(file: LibraryPackageFile, signal?: AbortSignal): Promise<string | null>;

  /**
   * The database of this moment; costs a copy of it. Dispose it.
   * @returns why it cannot be read, where it cannot
   * @throws RollcallError STOPPED
   */
  openRecords(signal?: AbortSignal): Promise<LibraryPackageRecords | LibraryTrouble>;
}

/** True where the library was the trouble: a run goes on, and knows less. */
export function isLibraryTrouble(error: unknown): error is RollcallError {
  return (
    error instanceof RollcallError &&
    (error.code === "LIBRARY_UNREADABLE" || error.code === "LIBRARY_NOT_PERMITTED")
  );
}

/** What a file is to its item: `edit` is a rendering or the recipe of one. */
export type LibraryPackagePart = "original" | "live-movie" | "raw" | "sidecar" | "edit";

export interface LibraryPackageFile {
  readonly part: LibraryPackagePart;
  /** It lies in a scope (shared moments, Shared with You): macOS may remove it by itself, so it proves nothing. */
  readonly isAmongShared: boolean;
  /** Below the package, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Device and inode: another name of a copy is no witness for that copy. */
  readonly fileId: string;
}

/** The library's database as it was at one moment. Throws RollcallError LIBRARY_UNREADABLE where damage shows late. */
export interface LibraryPackageRecords extends AsyncDisposable {
  /** Null where the library has no such item. */
  find(photosId: string): LibraryPackageRecord | null;
  /** Whether it lists this item, without what belongs to it. The first call takes longer. */
  standingOf(photosId: string): "listed" | "trashed" | "absent";
  /** True where the library has this album (`UUID/L0/040`): then it is the library in which the album was made. */
  hasAlbum(albumId: string): boolean;
  /** Ids of the items that have a file of this length, trashed ones too. The first call takes longer. */
  idsWithSize(sizeBytes: number): readonly string[];
  /**
   * Ids of all items that came in by the same import as this one, itself and those that no script shows too. Empty
   * where the database does not say. The first call takes longer.
   */
  idsImportedWith(photosId: string): readonly string[];
  /**
   * Ids of all items that came into the library at these moments or between them, trashed and hidden ones too. Null where
   * the database does not say when items came.
   */
  idsAddedBetween(from: Date, to: Date): readonly string[] | null;
  /**
   * Items that the database says iCloud Photos has, those in Recently Deleted and other people's left out. 0 also where
   * it has no column for that.
   */
  readonly iCloudItems: number;
  /** Items of the library whose length the database does not tell: a length that is nowhere may be theirs. */
  readonly unsizedItems: number;
}

/** What the database says of one item. Null: it does not say. */
export interface LibraryPackageRecord {
  readonly photosId: string;
  /** How it got in; only `copied` and `icloud` originals are kept in the package. */
  readonly savedType: "copied" | "referenced" | "shared-album" | "icloud" | "other";
  readonly name: string | null;
  readonly isTrashed: boolean | null;
  readonly isComplete: boolean | null;
  readonly isEdited: boolean | null;
  /** When it came into the library. */
  readonly addedAt: Date | null;
  /** Of the original: its length, and Apple's fingerprint (see `originals/read-file-once.ts`). */
  readonly sizeBytes: number | null;
  readonly fingerprint: string | null;
  /** True where its row has lost what every row has, or says two things at once. */
  readonly isDamaged: boolean;
  readonly parts: readonly LibraryPackagePartRecord[];
}

interface LibraryPackagePartRecord {
  readonly part: LibraryPackagePart;
  /** True where the package has a file in its place. */
  readonly isHere: boolean;
  /** The database says that it is not on this Mac, and is in iCloud. */
  readonly isInICloud: boolean;
}
