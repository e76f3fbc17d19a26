import type { FileRole, MediaItem } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { KnownItem } from "../ledger/ledger-entry.js";
import type { PhoneFile } from "../phone/phone.js";

/** One file on the Mac: length checked against the phone, hashed while written, synced, renamed. */
export interface StagedFile {
  readonly role: FileRole;
  readonly file: PhoneFile;
  /** Absolute. Its last part is the name Photos will see. */
  readonly copyPath: string;
  readonly sha256: string;
  /** Apple's fingerprint of the same bytes: base64(0x01, SHA-1 of two salts and the bytes). */
  readonly fingerprint: string;
}

/** A whole item on the Mac. */
export interface StagedItem {
  readonly ledgerId: number;
  readonly item: MediaItem;
  readonly identity: string;
  readonly files: readonly StagedFile[];
  readonly sizeBytes: number;
}

/** Files of an edit that stay behind although its photo goes on, each with its reason. */
interface ExcludedFiles {
  readonly excludedFiles?: ReadonlyMap<string, Reason>;
}

/** What became of one item that was to be imported. */
export type TransferOutcome =
  | ({ readonly type: "staged"; readonly staged: StagedItem } & ExcludedFiles)
  /** Its bytes turned out to be known: the copy was dropped before it became one. */
  | ({
      readonly type: "known";
      readonly item: MediaItem;
      readonly entry: KnownItem;
      readonly newEdits: readonly string[];
    } & ExcludedFiles)
  /** The same bytes as another item of this run: one copy serves both. */
  | ({ readonly type: "duplicate"; readonly item: MediaItem; readonly ledgerId: number } & ExcludedFiles)
  /**
   * Read side by side, its still and its video carry no common identifier: it is no Live Photo, and each part of
   * it has an outcome, and a key, of its own.
   */
  | { readonly type: "apart"; readonly item: MediaItem; readonly parts: readonly TransferOutcome[] }
  /** Every file of the item, each with its own reason. */
  | { readonly type: "failed"; readonly item: MediaItem; readonly reasons: ReadonlyMap<string, Reason> };
