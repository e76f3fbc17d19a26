import type { FileRole } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { ImportEventKind, ImportReply } from "../photos/photos-library.js";
import type { PhotosInstance } from "../photos/photos-process.js";

/** Where files go: a Photos library or a folder. The ledger keeps each apart. */
export interface Destination {
  readonly kind: "photos" | "folder";
  /** What tells it from others: the absolute path of the package or folder, or "" where Photos would not say. */
  readonly key: string;
}

/** The code of a part that Photos lists under no name of its own: only bytes or the library's rows tell of it. */
export const NOT_SEEN_BY_ITSELF = "NOT_SEEN_BY_ITSELF";
/** The code of a photo that no script sees: its bytes are in the library, and no album can hold it. */
export const NOT_IN_ALBUM = "NOT_IN_ALBUM";

/** The answers that are about bytes somewhere else than the phone, and so are worth keeping. */
export type StoredAnswer =
  | "proved"
  | "present"
  | "removed"
  | "failed"
  | "differs"
  | "missing"
  | "unknown"
  /** An edit that Photos does not take: its photo is there. */
  | "set-aside";

/**
 * How far an item got.
 * `staged`: copied, hashes known. `sent`: an import event with it was begun and its end is not known.
 * `imported`: Photos gave it an id (in a copy: it lies in the folder). `failed`: Photos would not take it.
 * `unknown`: it was sent, and neither its presence nor its absence could be established.
 * `removed`: it was imported, and a person deleted it since.
 */
export type ItemState = "staged" | "sent" | "imported" | "failed" | "unknown" | "removed";

/** One item that Rollcall copied for one phone and destination. Its identity is in its hashes. */
export interface LedgerItem {
  readonly id: number;
  readonly identity: string;
  readonly state: ItemState;
  /** Catalogue key (path of the original) when it was copied. */
  readonly key: string;
  /** The run that copied it; "" where the library had it from elsewhere, and no run imported it. */
  readonly runId: string;
  /** How many runs that imported others handed it to Photos in vain. */
  readonly attempts: number;
  /** It came from another phone into the same library. */
  readonly isOtherPhones: boolean;
  readonly files: readonly LedgerFile[];
}

/** As much of an item as a plan needs: a phone may have a hundred thousand. */
export interface KnownItem
  extends Pick<LedgerItem, "id" | "state" | "key" | "runId" | "attempts" | "isOtherPhones"> {
  readonly files: readonly Pick<LedgerFile, "sha256" | "answer">[];
}

export interface LedgerFile {
  readonly role: FileRole;
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAtMs: number;
  readonly sha256: string;
  /** Apple's fingerprint of the same bytes (see transfer/disk.ts), bonus evidence; "" in a copy into a folder. */
  readonly fingerprint: string;
  /** Where its copy was put, absolute; in staging it may be gone by now. */
  readonly copyPath: string;
  readonly photosId: string | null;
  readonly answer: StoredAnswer | null;
  readonly evidence: readonly string[];
  readonly reason: Reason | null;
  readonly checkedAt: Date | null;
}

/** The rendering of an edit as a run copied it. */
export interface SentRendering {
  readonly itemId: number;
  /** On the phone. */
  readonly path: string;
  /** The name Photos was given. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** What is to be written about one file once its fate is known. */
export interface FileFinding {
  readonly path: string;
  readonly photosId: string | null;
  readonly answer: StoredAnswer;
  readonly evidence: readonly string[];
  readonly reason: Reason | null;
  readonly checkedAt: Date;
}

/** One run, from start to receipt. Open until its receipt is written; then it is never changed. */
export interface LedgerRun {
  readonly id: string;
  readonly startedAt: Date;
  /** True when this call found it open and goes on with it. */
  readonly isContinued: boolean;
  readonly album: { readonly id: string; readonly name: string } | null;
  readonly journalAlbumId: string | null;
}

/** A run that was begun and not finished, of any phone and into any place. */
export interface RunCutOff {
  readonly id: string;
  readonly startedAt: Date;
  readonly phone: { readonly udid: string; readonly name: string };
  readonly destination: Destination;
}

/** An import event, as it was written down before it was sent. */
export interface Batch {
  readonly id: number;
  readonly runId: string;
  readonly itemIds: readonly number[];
  /** How it was sent. */
  readonly event: ImportEventKind;
  readonly begunAt: Date;
  /** The Photos it was sent to; null where that could not be told. */
  readonly sentTo: PhotosInstance | null;
  /** How many items the library listed before; null where nobody counted. */
  readonly itemsBefore: number | null;
  /** What Photos answered; null where it gave no answer, or a kill came first. */
  readonly reply: ImportReply | null;
  /** What scripts saw at the last look that did not explain everything; null where there was none. */
  readonly shown: ShownByPhotos | null;
}

/** What scripts saw of an event of which something was not recognised. */
export interface ShownByPhotos {
  /** Of items that nothing explained. */
  readonly ids: readonly string[];
  /** By how many items the library had grown, those that were recognised too; 0 where nobody counted before. */
  readonly items: number;
  readonly at: Date;
}

/** The Photos that Rollcall started last, and did not end. */
export interface StartedPhotos {
  /** When it was about to be asked for. */
  readonly askedAt: Date;
  /** Null where a kill came before it was seen. */
  readonly instance: PhotosInstance | null;
}

/** An album that Rollcall made in a library. */
export interface OurAlbum {
  readonly id: string;
  readonly name: string;
  readonly runId: string;
  readonly madeAt: Date;
}

const DOUBTFUL: ReadonlySet<StoredAnswer> = new Set(["removed", "unknown", "missing", "differs"]);

/**
 * True when nobody can say that the item is where it was put: it was removed, its import was never settled,
 * or a later check did not find it, or other bytes in its place. `--retry` imports such a one again.
 */
export function isInDoubt({ state, files }: KnownItem): boolean {
  if (state === "removed" || state === "unknown") return true;
  return files.some(({ answer }) => answer !== null && DOUBTFUL.has(answer));
}

/** Ids in Photos of albums and photos that Rollcall imported into one library. */
export interface LibraryTraces {
  readonly albumIds: readonly string[];
  readonly photosIds: readonly string[];
}

/** What becomes of new photos that the phone keeps in iCloud Photos. */
export type ICloudChoice = "skip" | "import";

/** @param stored as a ledger has it; one of before December 2026 may say `bring` for `import` */
export function icloudChoiceOf(stored: string | null): ICloudChoice | null {
  if (stored === "bring") return "import";
  return stored === "import" || stored === "skip" ? stored : null;
}
