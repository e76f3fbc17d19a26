import type { Reason } from "../errors.js";
import type { PhoneFile } from "../phone/phone.js";
import type { Burst, PartRole } from "./phone-library-rows.js";

/** What part a file plays in its item. */
export type FileRole =
  /** The still of a photo, the video of a video, the JPEG or HEIC of a RAW pair. */
  | "original"
  /** The moving half of a Live Photo. */
  | "live-movie"
  /** The RAW half of a RAW pair. A RAW alone is `original`. */
  | "raw"
  /** `IMG_0001.AAE`, or the phone's `Adjustments.plist`: the recipe of an edit. */
  | "adjustments"
  /** `IMG_O0001.AAE`: what the camera itself applied. */
  | "original-adjustments"
  /** `IMG_E0001.HEIC`: the edited picture or video. */
  | "edited"
  /** `IMG_E0001.MOV` beside an edited still. */
  | "edited-live-movie";

/** One file of an item. */
export interface ItemFile {
  readonly role: FileRole;
  readonly file: PhoneFile;
}

/**
 * What a person would call it. `screenshot` needs the phone's own database; `other` is a file set aside,
 * which only a copy into a folder treats as an item.
 */
export type ItemKind = "photo" | "live" | "video" | "raw" | "screenshot" | "other";

/** Cloud state from the phone's database; `local` also where nothing is known. */
export type CloudState = "local" | "icloud-only" | "synced";

/** One photo as a person counts them. Files are never shared between items. */
export interface MediaItem {
  /** Path of its first original: names the item within one catalogue. Not an identity. */
  readonly key: string;
  readonly kind: ItemKind;
  /** At least one; the original first. */
  readonly files: readonly ItemFile[];
  /**
   * The name to import it under, without its extension (`IMG_0001`): the original file name from the
   * phone's database where the file on disk is named otherwise.
   */
  readonly stem: string;
  /** When it came onto the phone: birth time, else modification time, of the original. Milliseconds since 1970. */
  readonly arrivedAtMs: number;
  /** When it was taken, from the phone's database, likewise; null where not known. */
  readonly takenAtMs: number | null;
  /** Of a video, from the phone's database; absent where not known. */
  readonly durationMs?: number;
  readonly trashed: boolean;
  readonly hidden: boolean;
  readonly favorite: boolean;
  readonly cloud: CloudState;
  /** Null where the phone's library does not know it, or was not read. */
  readonly library: LibraryFacts | null;
  /** How many bytes the phone's library gives the original; only where the file has far fewer, or more. */
  readonly sizeSaidBytes?: number;
  /** Of one that may be a part of another item: the family of both, see {@link familyOf}. */
  readonly belongsTo?: string;
}

/** What else the phone's own library says of an item. */
export interface LibraryFacts {
  /** In the grid of the phone's Photos app, as long as it is neither hidden nor trashed. */
  readonly shown: boolean;
  readonly caption: string | null;
  /** Titles of the user albums that hold it. */
  readonly albums: readonly string[];
  /** Each frame of a burst is an item of its own. */
  readonly burst: Burst | null;
  readonly inSharedLibrary: boolean;
  /** Whether iCloud Photos has it, by any sign: see {@link PhoneLibraryRow.inICloud}. */
  readonly inICloud: "yes" | "no" | "unsaid";
}

/** A file that is no photo or video of any item. */
export interface SetAsideFile {
  readonly file: PhoneFile;
  readonly code: SetAsideCode;
  readonly message: string;
  /** The key of the photo that it belongs to, which so is not whole elsewhere. */
  readonly item?: string;
  /** Where it may belong to several photos: what they have in common, see {@link familyOf}. */
  readonly belongsTo?: string;
}

/** Why a file is no photo or video of any item. */
export type SetAsideCode =
  /** A dot file, or a file below a dot folder. */
  | "HIDDEN_BY_NAME"
  | "UNKNOWN_KIND"
  /** An AAE with no photo beside it. */
  | "ADJUSTMENTS_WITHOUT_ORIGINAL"
  /** No bytes at all. */
  | "EMPTY_FILE"
  /** Of an edit that Photos cannot be given. */
  | "EDIT_NOT_CARRIED"
  /** The phone's own note of an edit; the edit itself comes without it. */
  | "EDIT_RECORD";

/** A row of the phone's database whose bytes are not on the phone. Its files still answer the roll. */
export interface CloudOnlyItem {
  /** Where the bytes would be. */
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly trashed: boolean;
  readonly hidden: boolean;
  /** Where the phone's Photos app shows a small stand-in: not for a burst's frame that nobody picked. */
  readonly shown: boolean;
  readonly kind: "photo" | "video" | null;
  readonly takenAtMs: number | null;
  /** Of a video, where the database says it. */
  readonly durationMs?: number;
}

/** A file of an item that was not seen, while the photo itself is on the phone. It answers the roll too. */
export interface CloudOnlyPart {
  /** `on-phone`: the phone's library says so, and it was not listed. */
  readonly declaredState: "in-icloud" | "on-phone";
  /** Where its bytes would be. */
  readonly path: string;
  /** The key of its item. */
  readonly item: string;
  readonly role: PartRole;
  readonly sizeBytes: number | null;
  readonly trashed: boolean;
}

/** A file, or a folder, that was listed and could not be described; or a file that the library promises in vain. */
export interface UnreadableFile {
  readonly path: string;
  /** Whether it is one of those that the phone's Photos app shows in its grid. */
  readonly isInGrid: boolean;
  /** Where photos on the phone may be missing it: what they have in common, see {@link familyOf}. */
  readonly belongsTo?: string;
  readonly burst?: string;
  readonly reason: Reason;
}

/** Everything on the phone. Every file is in exactly one of the lists. */
export interface Catalogue {
  readonly items: readonly MediaItem[];
  readonly setAside: readonly SetAsideFile[];
  readonly cloudOnly: readonly CloudOnlyItem[];
  /** Of the items: what of them is in iCloud only, or missing. */
  readonly awayParts: readonly CloudOnlyPart[];
  readonly unreadable: readonly UnreadableFile[];
  /** Folders below /DCIM, for a copy that keeps empty ones. */
  readonly folders: readonly string[];
  /** Null when the phone's database was not read. */
  readonly phoneLibrary: PhoneLibrarySummary | null;
}

/** What the phone's own database says about the whole. */
export interface PhoneLibrarySummary {
  /** Shown in its Photos app: neither trashed nor hidden, nor a burst's frame that nobody picked. */
  readonly shownCount: number;
  readonly hiddenCount: number;
  readonly trashedCount: number;
  /** Rows that are not this person's: shared albums, links, Shared with You. They answer nothing. */
  readonly ofOthersCount: number;
  /** Of all but the trashed, in the iCloud Shared Photo Library. */
  readonly sharedLibraryCount: number;
  /** Titles of the person's own albums, sorted; null where the database does not tell. */
  readonly albums: readonly string[] | null;
  /** Items the phone keeps in step with iCloud Photos. */
  readonly syncedWithICloud: boolean;
  /** Whether iCloud Photos has any item, by any sign; null where the database does not tell of one. */
  readonly usesICloudPhotos: boolean | null;
  readonly modelVersion: number | null;
}
