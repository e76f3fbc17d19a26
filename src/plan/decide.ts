import { halvesApart } from "../catalogue/live-photos.js";
import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import { renderingApart } from "../catalogue/rendering-apart.js";
import { isInDoubt, type KnownItem } from "../ledger/ledger-entry.js";
import {
  compareWithLedger,
  isKnownApart,
  isRenderingKnownApart,
  type LedgerMatch,
  type LedgerMemory,
  NO_EDITS,
} from "./compare-with-ledger.js";
import {
  already,
  type Decision,
  type ImportCause,
  knownAway,
  MOST_ATTEMPTS,
  type Plan,
  REASONS,
} from "./decision.js";
import { type ICloudLook, leftToICloud } from "./icloud-look.js";
import { type Selection, selectionTest } from "./selection.js";

interface DecideOptions {
  readonly selection: Selection;
  /** Import known items whose edit is new, whole. */
  readonly edits: boolean;
  /** Import what was removed from the destination, marked as known, or never settled. */
  readonly again: boolean;
  /** What happens to items that the phone keeps in step with iCloud Photos. */
  readonly icloud: "skip" | "import";
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
    const ledgerMatch = compareWithLedger(item, ledger, onPhone);
    const isOne = ledgerMatch.kind === "known" || ledgerMatch.kind === "marked";
    if (!isOne && isKnownApart(item, ledger)) return halvesApart(item).flatMap(decideOne);
    return [decideKnown(item, ledgerMatch)];
  };
  const decideKnown = (item: MediaItem, ledgerMatch: LedgerMatch): Decision => {
    const newEdits = "newEdits" in ledgerMatch ? ledgerMatch.newEdits : NO_EDITS;
    const wantsEdits = options.edits && newEdits.length > 0;
    if (ledgerMatch.kind === "known" && !wantsEdits) {
      const { entry } = ledgerMatch;
      if (!(options.again && isInDoubt(entry))) return already(item, entry, newEdits);
    }
    if (ledgerMatch.kind === "begun" && isGivenUp(ledgerMatch.entry) && !options.again)
      return already(item, ledgerMatch.entry, NO_EDITS);
    if (ledgerMatch.kind === "marked" && !wantsEdits && !options.again)
      return leave(item, "not-chosen", "markedByYou", newEdits);
    if (item.trashed) return leave(item, "in-trash", "inTrash", newEdits);
    if (item.hidden && !includeHidden) return leave(item, "hidden", "hidden", newEdits);
    if (item.cloud === "synced" && options.icloud === "skip" && isWanted(item))
      return leave(item, "in-icloud", look?.seen.has(item.key) ? "inICloudAndHere" : "inICloud", newEdits);
    if (!isSelected(item)) return leave(item, "not-chosen", "notSelected", newEdits);
    return {
      action: "import",
      item,
      cause: wantsEdits ? "edited-since" : causeOf(item, ledgerMatch, ledger),
    };
  };

  const inOrder = [...catalogue.items].sort(
    (a, b) => a.arrivedAtMs - b.arrivedAtMs || (a.key < b.key ? -1 : 1),
  );
  const decisions = withinLimit(inOrder.flatMap(decideOne), limit);
  const toImport = { items: 0, files: 0, bytes: 0 };
  for (const { action, item } of decisions) {
    if (action !== "import") continue;
    toImport.items += 1;
    toImport.files += item.files.length;
    toImport.bytes += bytesOf(item);
  }
  const left = leftToICloud(
    decisions.flatMap((one) => (one.action === "leave" && one.answer === "in-icloud" ? [one.item] : [])),
    look,
    isICloudChosen,
  );
  return {
    catalogue,
    decisions,
    awayKnown: knownAway(catalogue, ledger.items),
    toImport,
    ...(left !== undefined && { leftToICloud: left }),
  };
}

function isGivenUp({ state, attempts }: KnownItem): boolean {
  return state === "failed" && attempts >= MOST_ATTEMPTS;
}

function causeOf(item: MediaItem, ledgerMatch: LedgerMatch, ledger: LedgerMemory): ImportCause {
  if (ledgerMatch.kind === "begun") return ledgerMatch.entry.state === "failed" ? "failed" : "begun";
  if (ledgerMatch.kind !== "new") return "again";
  if (ledgerMatch.isChanged) return "changed";
  return item.files.every(({ file }) => ledger.items.resemblesOtherPhones(file)) ? "perhaps-known" : "new";
}

/** The items of a phone by their keys. */
export function itemsByKey({ items }: Pick<Catalogue, "items">): ReadonlyMap<string, MediaItem> {
  return new Map(items.map((item) => [item.key, item]));
}

/** The oldest first; those that failed before come last, or they would hold up the others for ever. */
function withinLimit(decisions: readonly Decision[], limit: number): Decision[] {
  const isRetry = (decision: Decision) => decision.action === "import" && decision.cause === "failed";
  const toImport = decisions.filter(({ action }) => action === "import");
  const chosen = new Set(
    [...toImport.filter((one) => !isRetry(one)), ...toImport.filter(isRetry)].slice(0, limit),
  );
  return decisions.map((decision) =>
    decision.action !== "import" || chosen.has(decision)
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
