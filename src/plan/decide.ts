import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import { compareWithLedger, type LedgerMemory } from "./compare-with-ledger.js";
import { type Decision, type Plan, REASONS } from "./decision.js";
import { type Selection, selectionTest } from "./selection.js";

export interface DecideOptions {
  readonly selection: Selection;
  /** Bring known items whose edit is new, whole. */
  readonly edits: boolean;
  /** Bring what was removed from the destination, marked as known, or never settled. */
  readonly again: boolean;
  /** What happens to items that the phone keeps in step with iCloud Photos. */
  readonly icloud: "skip" | "bring";
}

/** Catalogue, ledger and selection in, plan out. Pure: asks the ledger, changes nothing. */
export function decide(catalogue: Catalogue, ledger: LedgerMemory, options: DecideOptions): Plan {
  const isSelected = selectionTest(options.selection);
  const { limit = Number.POSITIVE_INFINITY, includeHidden = false } = options.selection;
  const bring = { items: 0, files: 0, bytes: 0 };

  const decideOne = (item: MediaItem): Decision => {
    const familiarity = compareWithLedger(item, ledger);
    const newEdits =
      familiarity.kind === "known" || familiarity.kind === "marked" ? familiarity.newEdits : [];
    const leave = (
      answer: "not-chosen" | "hidden" | "in-trash" | "in-icloud",
      reason: keyof typeof REASONS,
    ) => ({ action: "leave", item, answer, reason: REASONS[reason], newEdits }) as const;

    const wantsEdits = options.edits && newEdits.length > 0;
    if (familiarity.kind === "known" && !wantsEdits) {
      const { entry } = familiarity;
      const isAskedAgain = options.again && (entry.state === "removed" || entry.state === "unknown");
      if (!isAskedAgain) return { action: "already", item, entry, newEdits };
    }
    if (familiarity.kind === "marked" && !wantsEdits && !options.again)
      return leave("not-chosen", "markedByYou");
    if (item.trashed) return leave("in-trash", "inTrash");
    if (item.hidden && !includeHidden) return leave("hidden", "hidden");
    if (item.cloud === "synced" && options.icloud === "skip") return leave("in-icloud", "inICloud");
    if (!isSelected(item)) return leave("not-chosen", "notSelected");
    if (bring.items >= limit) return leave("not-chosen", "overLimit");

    bring.items += 1;
    bring.files += item.files.length;
    bring.bytes += bytesOf(item);
    const because = wantsEdits
      ? "edited-since"
      : familiarity.kind === "begun"
        ? "begun"
        : familiarity.kind === "new"
          ? "new"
          : "again";
    return { action: "bring", item, because };
  };

  const inOrder = [...catalogue.items].sort(
    (a, b) => a.arrivedAt.getTime() - b.arrivedAt.getTime() || (a.key < b.key ? -1 : 1),
  );
  return { catalogue, decisions: inOrder.map(decideOne), bring };
}

export function bytesOf(item: MediaItem): number {
  return item.files.reduce((sum, { file }) => sum + file.sizeBytes, 0);
}
