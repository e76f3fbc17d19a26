import { RollcallError } from "../errors.js";
import type { Pick } from "../run/run-parts.js";
import { stoppedAtQuestion } from "./ask-person.js";
import type { CommandContext } from "./command-context.js";
import { pickGroups } from "./output/pick-groups.js";

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
      message: "What is to come? Type to filter, Tab to choose, Enter when done.",
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
