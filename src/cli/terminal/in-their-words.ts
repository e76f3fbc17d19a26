import type { StartedFrom } from "../../integrations/started-from.js";
import { withRunAgain } from "../../text/run-again.js";
import type { HowStarted } from "../process/how-started.js";

/** A command as a message names it, with every one of the tree: a test holds them against it. */
const A_COMMAND =
  /(?<![\w./~-])rollcall (?=(?:phones|plan|import|copy|verify|status|doctor|library|report|watch|eject|receipts|staging|config|completions|demo|setup|gui)\b|--)/g;

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
  return from === null ? named : withRunAgain(named, AGAIN_FROM[from]);
}
