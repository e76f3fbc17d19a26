import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { Plan } from "../plan/decision.js";

/**
 * For people whose photos were imported before Rollcall: remembers every item that would be imported as
 * known, on their word. Nothing is read; the receipts say `not-chosen`, `MARKED_BY_YOU`.
 * @param before only items that came onto the phone before this
 * @returns how many items were marked
 */
export function markKnown(plan: Plan, ledger: PhoneLedger, before?: Date): number {
  const items = plan.decisions.flatMap(({ action, item }) =>
    action === "import" && (before === undefined || item.arrivedAtMs < before.getTime()) ? [item] : [],
  );
  ledger.sightings.markKnown(items.flatMap(({ files }) => files.map(({ file }) => file)));
  return items.length;
}
