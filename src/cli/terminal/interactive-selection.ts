import type { Key } from "node:readline";
import { RollcallError } from "../../errors.js";
import type { Pick } from "../../run/run-parts.js";
import { bytes, counted } from "../../words/wording.js";
import type { CommandContext } from "../command-context.js";
import { stoppedAtQuestion } from "./ask-person.js";
import { hasColour } from "./paint.js";
import { type PickGroup, pickGroups } from "./pick-groups.js";
import { afterAction, type PickAction, pickList } from "./pick-list.js";
import { type PickScreen, pickedLine, pickLines, pickPage } from "./pick-screen.js";

/**
 * How `--pick` asks: by day and kind, with what is typed as a filter.
 * @returns undefined without the flag
 * @throws RollcallError BAD_USAGE where nobody can be asked
 */
export function pickOf(context: CommandContext, flags: { readonly pick?: boolean }): Pick | undefined {
  if (flags.pick !== true) return undefined;
  if (!context.mayAsk) {
    throw new RollcallError("BAD_USAGE", {
      message: "--pick asks what to import, and nobody can be asked here.",
      remedy:
        "It needs a terminal, and goes without --json, --events and --no-input. --since, --kind and --name choose without asking.",
    });
  }
  return async (plan) => {
    context.output.pauseProgress();
    const groups = pickGroups(plan);
    const chosen = await chooseOnTerminal(groups, context.signal);
    return new Set(chosen.flatMap(({ itemKeys }) => itemKeys));
  };
}

const QUESTION = "What should be imported?";
const NOTHING_CHOSEN = "Nothing is chosen yet: Tab chooses a row, Ctrl-A all that match.";

/**
 * Asks on stderr, until something is chosen.
 * @throws RollcallError STOPPED
 */
async function chooseOnTerminal(groups: readonly PickGroup[], signal: AbortSignal): Promise<PickGroup[]> {
  const { isCancel, Prompt } = await import("@clack/core");
  let list = pickList(groups);
  const title = `${QUESTION} ${sumOf(groups)}`;
  const prompt = new Prompt<never>(
    {
      output: process.stderr,
      signal,
      validate: () => (list.chosen.size === 0 ? NOTHING_CHOSEN : undefined),
      render() {
        if (this.state === "submit") return pickedLine(list, QUESTION);
        const notice = this.state === "error" ? { notice: this.error } : {};
        return pickLines(list, { title, ...notice }, screenOf(process.stderr)).join("\n");
      },
    },
    false,
  );
  prompt.on("key", (char, key) => {
    const action = pickActionOf(char, key, pickPage(list, { title }, screenOf(process.stderr)));
    if (action !== null) list = afterAction(list, action);
  });
  if (isCancel(await prompt.prompt())) throw stoppedAtQuestion("Nothing was imported.");
  return [...list.chosen].map((place) => groups[place]!);
}

function screenOf(terminal: NodeJS.WriteStream): PickScreen {
  const { rows = 24, columns = 80 } = terminal;
  // Some terminals say 0 where they do not know.
  return { rows: rows || 24, columns: columns || 80, hasColour: hasColour(terminal) };
}

const BY_NAME: Readonly<Record<string, PickAction["type"]>> = {
  up: "up",
  down: "down",
  pageup: "page up",
  pagedown: "page down",
  home: "home",
  end: "end",
  tab: "toggle",
  space: "toggle",
  backspace: "rub out",
};
const BY_NAME_WITH_CTRL: Readonly<Record<string, PickAction["type"]>> = {
  a: "toggle all that match",
  u: "clear filter",
};

/** What a key does; null: nothing. */
export function pickActionOf(char: string | undefined, key: Key, page: number): PickAction | null {
  const type = (key.ctrl === true ? BY_NAME_WITH_CTRL : BY_NAME)[key.name ?? ""];
  if (type !== undefined) return { type, page } as PickAction;
  // A letter alone: what comes with Alt or Ctrl, and what a terminal sends for a key of its own, is none.
  const isText = key.ctrl !== true && key.meta !== true && char !== undefined && /^[^\p{C}\s]$/u.test(char);
  return isText ? { type: "type", text: char } : null;
}

/** "812 new photos, 3.1 GB" */
function sumOf(rows: readonly PickGroup[]): string {
  const groups = rows.filter(({ isMonth }) => !isMonth);
  const items = groups.reduce((sum, { photos }) => sum + photos, 0);
  const size = groups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `${counted(items, "new photo")}, ${bytes(size)}`;
}
