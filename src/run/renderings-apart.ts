import { damagedRecipes } from "../catalogue/edit-recipe.js";
import type { MediaItem } from "../catalogue/media-item.js";
import { hasRenderingBesideIt, renderingApart } from "../catalogue/rendering-apart.js";
import type { Phone, PhoneFile } from "../phone/phone.js";
import type { Decision, Plan } from "../plan/decision.js";

/**
 * A plan that says what an import will do where the recipe of a new edit is damaged: the rendering comes as a photo of
 * its own. The recipes are read off the phone, a kilobyte each; an import sees them when it copies.
 * @throws RollcallError as {@link Phone.read} does
 */
export async function withRenderingsApart(plan: Plan, phone: Phone, signal?: AbortSignal): Promise<Plan> {
  const recipes = plan.decisions.flatMap(({ action, item }) => (action === "import" ? recipeOf(item) : []));
  if (recipes.length === 0) return plan;
  const damaged = await damagedRecipes(phone, recipes, signal);
  if (damaged.size === 0) return plan;
  const isApart = ({ action, item }: Decision) =>
    action === "import" && recipeOf(item).some(({ path }) => damaged.has(path));
  const decisions = plan.decisions.flatMap((one) =>
    isApart(one) ? renderingApart(one.item).map((item) => ({ ...one, item })) : [one],
  );
  const items = decisions.filter(({ action }) => action === "import");
  return { ...plan, decisions, toImport: { ...plan.toImport, items: items.length } };
}

function recipeOf(item: MediaItem): PhoneFile[] {
  if (!hasRenderingBesideIt(item)) return [];
  return item.files.flatMap(({ role, file }) => (role === "adjustments" ? [file] : []));
}
