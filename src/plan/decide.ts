import { halvesApart } from "../catalogue/live-photos.js";
import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import { renderingApart } from "../catalogue/rendering-apart.js";
import { isInDoubt, type KnownItem } from "../ledger/ledger-entry.js";
import {
  compareWithLedger,
  type Familiarity,
  isKnownApart,
  isRenderingKnownApart,
  type LedgerMemory,
  NO_EDITS,
} from "./compare-with-ledger.js";
import {
  already,
  type BringBecause,
  type Decision,
  knownAway,
  MOST_ATTEMPTS,
  type Plan,
  REASONS,
} from "./decision.js";
import { type ICloudLook, leftToICloud } from "./icloud-look.js";
import { type Selection, selectionTest } from "./selection.js";

export interface DecideOptions {
  readonly selection: Selection;
  /** Bring known items whose edit is new, whole. */
  readonly edits: boolean;
  /** Bring what was removed from the destination, marked as known, or never settled. */
  readonly again: boolean;
  /** What happens to items that the phone keeps in step with iCloud Photos. */
  readonly icloud: "skip" | "bring";
  /** Whether a person said that; default false. */
  readonly isICloudChosen?: boolean;
  /** What the Mac's side looks like; null while it was not looked at. */
  readonly look?: ICloudLook | null;
}

/** Catalogue, ledger and selection in, plan out. Pure: asks the ledger, changes nothing. */
export function decide(catalogue: Catalogue, ledger: LedgerMemory, options: DecideOptions): Plan {
  const isSelected = selectionTest(options.selection);
  // Nobody was offered these to pick.
  const isWanted = selectionTest({ ...options.selection, picked: null });
  const { look = null, isICloudChosen = false } = options;
  const { limit = Number.POSITIVE_INFINITY, includeHidden = false } = options.selection;

  const onPhone = itemsByKey(catalogue);
  const decideOne = (item: MediaItem): Decision[] => {
    if (isRenderingKnownApart(item, ledger)) return renderingApart(item).flatMap(decideOne);
    const familiarity = compareWithLedger(item, ledger, onPhone);
    const isOne = familiarity.kind === "known" || familiarity.kind === "marked";
    if (!isOne && isKnownApart(item, ledger)) return halvesApart(item).flatMap(decideOne);
    return [decideFamiliar(item, familiarity)];
  };
  const decideFamiliar = (item: MediaItem, familiarity: Familiarity): Decision => {
    const newEdits = "newEdits" in familiarity ? familiarity.newEdits : NO_EDITS;
    const wantsEdits = options.edits && newEdits.length > 0;
    if (familiarity.kind === "known" && !wantsEdits) {
      const { entry } = familiarity;
      if (!(options.again && isInDoubt(entry))) return already(item, entry, newEdits);
    }
    if (familiarity.kind === "begun" && isGivenUp(familiarity.entry) && !options.again)
      return already(item, familiarity.entry, NO_EDITS);
    if (familiarity.kind === "marked" && !wantsEdits && !options.again)
      return leave(item, "not-chosen", "markedByYou", newEdits);
    if (item.trashed) return leave(item, "in-trash", "inTrash", newEdits);
    if (item.hidden && !includeHidden) return leave(item, "hidden", "hidden", newEdits);
    if (item.cloud === "synced" && options.icloud === "skip" && isWanted(item))
      return leave(item, "in-icloud", look?.seen.has(item.key) ? "inICloudAndHere" : "inICloud", newEdits);
    if (!isSelected(item)) return leave(item, "not-chosen", "notSelected", newEdits);
    return {
      action: "bring",
      item,
      because: wantsEdits ? "edited-since" : becauseOf(item, familiarity, ledger),
    };
  };

  const inOrder = [...catalogue.items].sort(
    (a, b) => a.arrivedAtMs - b.arrivedAtMs || (a.key < b.key ? -1 : 1),
  );
  const decisions = withinLimit(inOrder.flatMap(decideOne), limit);
  const bring = { items: 0, files: 0, bytes: 0 };
  for (const { action, item } of decisions) {
    if (action !== "bring") continue;
    bring.items += 1;
    bring.files += item.files.length;
    bring.bytes += bytesOf(item);
  }
  const left = leftToICloud(
    decisions.flatMap((one) => (one.action === "leave" && one.answer === "in-icloud" ? [one.item] : [])),
    look,
    isICloudChosen,
  );
  return {
    catalogue,
    decisions,
    awayKnown: knownAway(catalogue, ledger),
    bring,
    ...(left !== undefined && { leftToICloud: left }),
  };
}

function isGivenUp({ state, attempts }: KnownItem): boolean {
  return state === "failed" && attempts >= MOST_ATTEMPTS;
}

function becauseOf(item: MediaItem, familiarity: Familiarity, ledger: LedgerMemory): BringBecause {
  if (familiarity.kind === "begun") return familiarity.entry.state === "failed" ? "failed" : "begun";
  if (familiarity.kind !== "new") return "again";
  if (familiarity.isChanged) return "changed";
  return item.files.every(({ file }) => ledger.resemblesOtherPhones(file)) ? "perhaps-known" : "new";
}

/** The items of a phone by their keys. */
export function itemsByKey({ items }: Pick<Catalogue, "items">): ReadonlyMap<string, MediaItem> {
  return new Map(items.map((item) => [item.key, item]));
}

/** The oldest first; those that failed before come last, or they would hold up the others for ever. */
function withinLimit(decisions: readonly Decision[], limit: number): Decision[] {
  const isRetry = (decision: Decision) => decision.action === "bring" && decision.because === "failed";
  const brings = decisions.filter(({ action }) => action === "bring");
  const chosen = new Set(
    [...brings.filter((one) => !isRetry(one)), ...brings.filter(isRetry)].slice(0, limit),
  );
  return decisions.map((decision) =>
    decision.action !== "bring" || chosen.has(decision)
      ? decision
      : leave(decision.item, "not-chosen", "overLimit", NO_EDITS),
  );
}

function leave(
  item: MediaItem,
  answer: "not-chosen" | "hidden" | "in-trash" | "in-icloud",
  reason: keyof typeof REASONS,
  newEdits: readonly string[],
): Decision {
  return { action: "leave", item, answer, reason: REASONS[reason], newEdits };
}

export function bytesOf(item: MediaItem): number {
  return item.files.reduce((sum, { file }) => sum + file.sizeBytes, 0);
}
