import type { StartedFrom } from "../../integrations/started-from.js";
import type { HowStarted } from "../process/how-started.js";

/** A command as a message names it, with every one of the tree: a test holds them against it. */
const A_COMMAND =
  /(?<![\w./~-])rollcall (?=(?:phones|plan|import|copy|verify|status|doctor|library|report|watch|eject|receipts|staging|config|completions|demo|setup)\b|--)/g;
const THE_SAME_AGAIN = /\b([Rr])un (?:the same command(?: again)?|it again)(?! with)\b/g;

/** What "run the same command again" is, for one who typed none. */
const AGAIN_FROM: Readonly<Record<StartedFrom, string>> = {
  shortcuts: "start the shortcut again",
  automator: "start the Quick Action again",
  agent: "plug the iPhone in again",
};

/** A message with its commands as this person can type them, and with what they have to do to start them again. */
export function inTheirWords(text: string, { program, from }: HowStarted): string {
  const named =
    program === "rollcall" ? text : text.replaceAll(A_COMMAND, `${program.replaceAll("$", "$$$$")} `);
  if (from === null) return named;
  const again = AGAIN_FROM[from];
  return named.replaceAll(THE_SAME_AGAIN, (_all, first: string) =>
    first === "R" ? again[0]!.toUpperCase() + again.slice(1) : again,
  );
}
