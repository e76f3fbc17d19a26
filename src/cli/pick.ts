import { RollcallError } from "../errors.js";
import type { Pick } from "../run/run-parts.js";
import { stoppedAtQuestion } from "./ask-person.js";
import type { CommandContext } from "./command-context.js";
import { type PickGroup, pickGroups } from "./output/pick-groups.js";
import { bytes, counted } from "./output/wording.js";

/**
 * How `--pick` asks: by day and kind, with what is typed as a filter.
 * @returns undefined without the flag
 * @throws RollcallError BAD_USAGE where nobody can be asked
 */
export function pickOf(context: CommandContext, flags: { readonly pick?: boolean }): Pick | undefined {
  if (flags.pick !== true) return undefined;
  if (!context.mayAsk) {
    throw new RollcallError("BAD_USAGE", {
      message: "--pick asks what to bring, and there is nobody here to ask.",
      remedy:
        "It needs a terminal, and goes without --json, --events and --no-input. --since, --kind and --name choose without asking.",
    });
  }
  return async (plan) => {
    context.output.pauseProgress();
    const { autocompleteMultiselect, isCancel } = await import("@clack/prompts");
    const groups = pickGroups(plan);
    const answer = await autocompleteMultiselect<number>({
      message: `What is to come? ${sumOf(groups)}`,
      options: groups.map(({ label }, value) => ({ value, label })),
      maxItems: 10,
      output: process.stderr,
      signal: context.signal,
    });
    if (isCancel(answer)) throw stoppedAtQuestion("Nothing was brought.");
    if (answer.length === 0) {
      throw new RollcallError("DECLINED", {
        message: "Nothing was chosen, so nothing was done.",
        remedy: "Choose with Tab, then press Enter.",
      });
    }
    return new Set(answer.flatMap((place) => groups[place]?.itemKeys ?? []));
  };
}

/** "812 new photos, 3.1 GB" */
function sumOf(rows: readonly PickGroup[]): string {
  const groups = rows.filter(({ isMonth }) => !isMonth);
  const items = groups.reduce((sum, { itemKeys }) => sum + itemKeys.length, 0);
  const size = groups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `${counted(items, "new photo")}, ${bytes(size)}`;
}
