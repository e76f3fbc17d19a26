import { familyOf } from "../catalogue/family.js";
import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import type { LedgerItems } from "../ledger/ledger-items.js";
import type { LedgerSightings } from "../ledger/ledger-sightings.js";
import { lastName } from "../text/last-name.js";
import { NO_EDITS } from "./compare-with-ledger.js";
import { bytesOf } from "./decide.js";
import { already, type Decision, type Plan, REASONS } from "./decision.js";
import { isNarrowed, type Selection, selectionTest } from "./selection.js";

interface CopyMemory {
  readonly sightings: Pick<LedgerSightings, "hashSeen">;
  readonly items: Pick<LedgerItems, "itemWithIdentity">;
}

/**
 * In a folder every path is kept, so two paths with equal bytes are two files there: an item's identity
 * in a copy is its place, and its hashes decide whether that place is up to date.
 */
export function placeIdentity(key: string): string {
  return `place:${key}`;
}

/**
 * The plan of a copy into a folder. Without a selection everything with bytes is copied, as it lies on
 * the phone: files that are no photos, trashed and hidden ones too.
 * @param isIntact whether the copy written then is still there, with its size and time
 */
export function decideCopy(
  catalogue: Catalogue,
  ledger: CopyMemory,
  options: { readonly selection: Selection; readonly isIntact: (copy: LedgerFile) => boolean },
): Plan {
  const { selection, isIntact } = options;
  const isWhole = !isNarrowed(selection);
  const isSelected = selectionTest(selection);
  const { limit = Number.POSITIVE_INFINITY, includeHidden = false } = selection;
  const toImport = { items: 0, files: 0, bytes: 0 };

  const isThere = (item: MediaItem, entry: LedgerItem) =>
    entry.files.length === item.files.length &&
    item.files.every(({ file }) => {
      const copy = entry.files.find(({ path }) => path === file.path);
      const wasProved = copy?.answer === "proved";
      return wasProved && ledger.sightings.hashSeen(file) === copy.sha256 && isIntact(copy);
    });

  const decideOne = (item: MediaItem): Decision => {
    const leave = (answer: "not-chosen" | "hidden" | "in-trash", reason: keyof typeof REASONS) =>
      ({ action: "leave", item, answer, reason: REASONS[reason], newEdits: NO_EDITS }) as const;
    const entry = ledger.items.itemWithIdentity(placeIdentity(item.key));
    if (entry?.state === "imported" && isThere(item, entry)) return already(item, entry, NO_EDITS);
    if (!isWhole) {
      if (item.trashed) return leave("in-trash", "inTrash");
      if (item.hidden && !includeHidden) return leave("hidden", "hidden");
      if (!isSelected(item)) return leave("not-chosen", "notSelected");
      if (toImport.items >= limit) return leave("not-chosen", "overLimit");
    }
    toImport.items += 1;
    toImport.files += item.files.length;
    toImport.bytes += bytesOf(item);
    return { action: "import", item, cause: entry === undefined ? "new" : "again" };
  };

  const whole = isWhole ? catalogueWithEveryFile(catalogue) : catalogue;
  const inOrder = [...whole.items].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { catalogue: whole, decisions: inOrder.map(decideOne), toImport };
}

/** Files set aside are copied too, each as an item of one file. */
function catalogueWithEveryFile(catalogue: Catalogue): Catalogue {
  const others = catalogue.setAside.map(
    ({ file, item, belongsTo }): MediaItem => ({
      key: file.path,
      kind: "other",
      files: [{ role: "original", file }],
      stem: lastName(file.path),
      arrivedAtMs: file.bornAtMs ?? file.modifiedAtMs,
      takenAtMs: null,
      trashed: false,
      hidden: false,
      favorite: false,
      cloud: "local",
      library: null,
      ...((item ?? belongsTo) !== undefined && { belongsTo: belongsTo ?? familyOf(file.path) }),
    }),
  );
  return { ...catalogue, items: [...catalogue.items, ...others], setAside: [] };
}
