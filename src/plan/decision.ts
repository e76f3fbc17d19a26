import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { KnownItem, StoredAnswer } from "../ledger/ledger-entry.js";
import type { LedgerItems } from "../ledger/ledger-items.js";
import type { PhoneFile } from "../phone/phone.js";
import { advise, choose } from "../remedy.js";
import type { LeftToICloud } from "./icloud-look.js";

/** Why an item is imported. */
export type ImportCause =
  /** Never imported to this destination, as far as its name, size and time tell: its hash may say otherwise. */
  | "new"
  /** Files of these paths and sizes came into this library from another phone: their bytes tell once they are read. */
  | "perhaps-known"
  /** A file of this path was read before and is another one now, as far as its size and time tell. */
  | "changed"
  /** Its original was imported before; its edit was made since, and `--reimport-edited` was given. */
  | "edited-since"
  /** It was removed from the destination, and `--retry` was given. */
  | "again"
  /** An earlier run copied it and was cut off before it was in. */
  | "begun"
  /** An earlier run copied it, and the destination would not take it. */
  | "failed";

/**
 * How an item of the ledger stands in its destination, as far as is known. `there`. `gone`: it is not in it any more,
 * and who did that is not known. `wrong`: it is missing or has other bytes. `unknown`: nobody can say whether it is.
 * `refused`: Photos would not take it, and it is not tried again by itself.
 */
export type Standing = "there" | "gone" | "wrong" | "unknown" | "refused";

/** So many runs that import others hand an item to Photos in vain before it is left until `--retry`. */
export const MOST_ATTEMPTS = 3;

/** What should happen to one item, and why. Nothing happens here. */
export type Decision =
  | { readonly action: "import"; readonly item: MediaItem; readonly cause: ImportCause }
  /** The ledger has it. `newEdits` are the paths of edit files made since, which stay behind. */
  | {
      readonly action: "already";
      readonly item: MediaItem;
      /** Not the whole entry: a phone may have a hundred thousand, and the ledger can be asked. */
      readonly entry: Pick<KnownItem, "id" | "state" | "runId">;
      /** How it stands there, as far as the last check found. */
      readonly standing: Standing;
      readonly newEdits: readonly string[];
    }
  | {
      readonly action: "leave";
      readonly item: MediaItem;
      readonly answer: "not-chosen" | "hidden" | "in-trash" | "in-icloud";
      readonly reason: Reason;
      /** Edit files made since a person marked the item as known. */
      readonly newEdits: readonly string[];
    };

/** What should happen to every item of the phone. */
export interface Plan {
  readonly catalogue: Catalogue;
  /**
   * One for every item of the catalogue, in the order in which the items came onto the phone; two for a pair that
   * an earlier run found to be no Live Photo.
   */
  readonly decisions: readonly Decision[];
  /**
   * What is in iCloud only and was imported when the phone had it, by its path: as far as path and length tell, because
   * there are no bytes to compare. Absent in a copy.
   */
  readonly awayKnown?: ReadonlyMap<string, KnownAway>;
  readonly toImport: { readonly items: number; readonly files: number; readonly bytes: number };
  /** New photos that stay with iCloud Photos; absent where there are none. */
  readonly leftToICloud?: LeftToICloud;
}

/** An item of the ledger that is in iCloud only by now. */
export interface KnownAway {
  readonly entry: Pick<KnownItem, "id" | "state" | "runId">;
  readonly standing: Standing;
}

/** What the ledger knows of what is in iCloud only. What is in Recently Deleted answers as that. */
export function knownAway(
  { cloudOnly }: Pick<Catalogue, "cloudOnly">,
  items: Pick<LedgerItems, "importedFrom">,
): Map<string, KnownAway> {
  const known = new Map<string, KnownAway>();
  for (const { path, sizeBytes, trashed } of cloudOnly) {
    const entry = trashed || sizeBytes === null ? null : items.importedFrom(path, sizeBytes);
    if (entry === null) continue;
    const { id, state, runId } = entry;
    known.set(path, { entry: { id, state, runId }, standing: standingOf(entry) });
  }
  return known;
}

/** The files of all that is to be imported. */
export function* filesToImport({ decisions }: Plan): Generator<PhoneFile> {
  for (const { action, item } of decisions)
    if (action === "import") for (const { file } of item.files) yield file;
}

/** The ledger has it. */
export function already(item: MediaItem, entry: KnownItem, newEdits: readonly string[]): Decision {
  const { id, state, runId } = entry;
  return { action: "already", item, entry: { id, state, runId }, standing: standingOf(entry), newEdits };
}

function standingOf({ state, files }: KnownItem): Standing {
  const has = (...words: StoredAnswer[]) =>
    files.some(({ answer }) => answer !== null && words.includes(answer));
  if (state === "failed") return "refused";
  if (has("missing", "differs")) return "wrong";
  if (state === "removed" || has("removed")) return "gone";
  return state === "unknown" || has("unknown") ? "unknown" : "there";
}

export const REASONS = {
  notSelected: {
    code: "NOT_SELECTED",
    message: "your selection leaves it out",
    remedy: "Run again without that selection to import it.",
  },
  overLimit: {
    code: "OVER_LIMIT",
    message: "the limit of this run was reached before it",
    remedy: "Run again: the next run continues from here.",
  },
  markedByYou: {
    code: "MARKED_BY_YOU",
    message: "you marked it as already in the library; its bytes were not read",
    remedy: advise`Nothing to do. ${choose("retry")} imports it.`,
  },
  editedSince: {
    code: "EDITED_SINCE",
    message: "its photo is in the library already, and this edit was not imported",
    remedy: advise`${choose("reimport-edited")} imports it whole, as a second photo with the edit.`,
  },
  hidden: {
    code: "HIDDEN",
    message: "hidden on the phone",
    remedy: advise`${choose("include-hidden")} imports it.`,
  },
  inTrash: {
    code: "IN_TRASH",
    message: "in Recently Deleted on the phone",
    remedy: "Recover it on the phone if you want it.",
  },
  contentChanged: {
    code: "CONTENT_CHANGED",
    message:
      "its content changed on the phone since it was imported; this is the new content, as a photo of its own",
    remedy: "Nothing to do. The photo imported before is still there.",
  },
  foundInLibrary: {
    code: "FOUND_IN_LIBRARY",
    message:
      "the library had its bytes already, though Rollcall had not imported them: it was not imported again",
    remedy: "Nothing to do.",
  },
  inICloudOnlyNow: {
    code: "IN_ICLOUD_ONLY_NOW",
    message:
      "its original is in iCloud only by now; it was imported while the phone had it, as far as path and length tell",
    remedy: "Nothing to do.",
  },
  inICloud: {
    code: "IN_ICLOUD",
    message: "the phone keeps it in iCloud Photos, so it was not imported",
    remedy: advise`${choose("icloud-import")} imports it all the same (a second copy if this library gets it from iCloud Photos, too).`,
  },
  inICloudAndHere: {
    code: "IN_ICLOUD",
    message: "the phone keeps it in iCloud Photos; the library looks like it has it, by name and size",
    remedy: advise`Look for it in Photos. ${choose("icloud-import")} imports it all the same, as a second copy if it is there.`,
  },
} as const satisfies Record<string, Reason>;
