import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { Plan } from "../plan/decision.js";

/**
 * For people whose photos were imported before Rollcall: remembers every item that would be brought as
 * known, on their word. Nothing is read; the receipts say `not-chosen`, `MARKED_BY_YOU`.
 * @param before only items that came onto the phone before this
 * @returns how many items were marked
 */
export function markKnown(plan: Plan, between: LedgerBetween, before?: Date): number {
  const items = plan.decisions.flatMap(({ action, item }) =>
    action === "bring" && (before === undefined || item.arrivedAtMs < before.getTime()) ? [item] : [],
  );
  between.markKnown(items.flatMap(({ files }) => files.map(({ file }) => file)));
  return items.length;
}
