/** How an item got into the library (`ZASSET.ZSAVEDASSETTYPE`: 3, 10, 4, 6, and everything else). */
export type SavedType = "copied" | "referenced" | "shared-album" | "icloud" | "other";

/**
 * What a file is to its item. `shared-derivative` is the smaller picture that Photos keeps of somebody else's
 * shared album; `unlisted` lies beside the original under the item's id although no row speaks of it.
 */
export type ResourceRole =
  | "primary"
  | "live-video"
  | "raw-alternate"
  | "sidecar"
  | "edit"
  | "shared-derivative"
  | "unlisted";

/** One file of an item, as the database describes it. */
export interface LibraryResource {
  readonly role: ResourceRole;
  /**
   * Below the package, with `/`; as spelled on disk where it is there, else where it should be. Null where the
   * row leads nowhere inside the package, or does not say what kind of file it is.
   */
  readonly path: string | null;
  /** Whether the folder lists it. Not whether it is whole: {@link checkItem} reads it. */
  readonly isPresent: boolean;
  /** Null where the database does not say. */
  readonly expectedBytes: number | null;
  /** Apple's fingerprint, see `read-file-once.ts`; null very often. */
  readonly expectedFingerprint: string | null;
  /**
   * What its row says, which is no proof: `here`, `icloud` (not here, and there is one in iCloud), `away` (not
   * here, and nothing about iCloud), `unsaid` (no row, or no value in it).
   */
  readonly declaredState: "here" | "icloud" | "away" | "unsaid";
}

/** Where the file of a referenced item lies, outside the package. */
interface ReferencedFile {
  /** Absolute, as it was when it was added. */
  readonly folder: string | null;
  readonly name: string | null;
  readonly volumeName: string | null;
  readonly pathOnVolume: string | null;
}

/** Why a row alone is reason enough not to believe its item whole. */
export type RowTrouble = "NO_ID" | "NO_ORIGINAL_ROW" | "CONTRADICTS_ITSELF";

/** One photo or video of a library, as its database describes it. Trashed and hidden ones too. */
export interface LibraryItem {
  /** `ZUUID`; `row-<number>` where the row has none that could be one. Scripts know it as `<uuid>/L0/001`. */
  readonly uuid: string;
  /**
   * The name when it was imported; null where the row has lost it. Not unique; its case and the composition
   * of its accents may differ from the file that was imported: compare with {@link isSameName}.
   */
  readonly name: string | null;
  /** Bytes of the primary file alone, never with a Live video or a RAW; null where the database does not say. */
  readonly sizeBytes: number | null;
  readonly kind: "photo" | "video" | null;
  /** `ZKINDSUBTYPE`: 2 Live Photo, 10 screenshot, and so on. */
  readonly kindSubtype: number | null;
  readonly savedType: SavedType;
  /** Null, here and below: the database does not say. */
  readonly isTrashed: boolean | null;
  readonly isHidden: boolean | null;
  readonly isFavorite: boolean | null;
  /** False for burst frames that nobody picked, and for shared albums: neither the grid nor scripts show them. */
  readonly isVisible: boolean | null;
  /** `ZCOMPLETE`: Photos has finished taking it in. */
  readonly isComplete: boolean | null;
  /** Also true for what Photos itself stamps at the import, as on slow motion. */
  readonly isEdited: boolean | null;
  /** Of a RAW with a JPEG: which of them is the original to Photos. */
  readonly isRawTheOriginal: boolean | null;
  /** `ZUUID` of the import session; one import is one session. */
  readonly importSession: string | null;
  /** Of the program that imported it: `com.apple.Photos`. */
  readonly importedBy: string | null;
  /** When it entered this library. Null also for a date that cannot be. */
  readonly addedAt: Date | null;
  readonly createdAt: Date | null;
  /** Apple's fingerprint of the primary file. */
  readonly fingerprint: string | null;
  /** What the halves of a Live Photo share. */
  readonly contentIdentifier: string | null;
  readonly burstIdentifier: string | null;
  /** Null outside bursts. */
  readonly isBurstPick: boolean | null;
  readonly resources: readonly LibraryResource[];
  /** Null unless `savedType` is `referenced`. */
  readonly referenced: ReferencedFile | null;
  readonly trouble: RowTrouble | null;
}

/** The names of one file, as a person sees it: case and the composition of accents do not count. */
export function isSameName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** For keys: two names that a Mac takes for one become one text. */
export function comparable(name: string): string {
  // Nearly all names: and this is asked of every file of a library.
  if (/^[\x20-\x60\x7b-\x7e]*$/.test(name)) return name;
  return name.normalize("NFC").toUpperCase().normalize("NFC");
}
