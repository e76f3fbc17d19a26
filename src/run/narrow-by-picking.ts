import type { Plan } from "../plan/decision.js";
import type { Selection } from "../plan/selection.js";
import type { Pick } from "./run-parts.js";

/**
 * The selection, narrowed to what a person picks of what it would import; the same where nobody is to be asked, or nothing
 * would come.
 * @param planOf the plan of a selection
 */
export async function narrowByPicking(
  { selection, pick }: { readonly selection: Selection; readonly pick?: Pick | undefined },
  planOf: (selection: Selection) => Promise<Plan>,
): Promise<{ readonly selection: Selection; readonly plan: Plan }> {
  if (pick === undefined) return { selection, plan: await planOf(selection) };
  const offered = await planOf({ ...selection, picked: null });
  if (offered.toImport.items === 0) return { selection, plan: offered };
  const narrowed = { ...selection, picked: await pick(offered) };
  return { selection: narrowed, plan: await planOf(narrowed) };
}
