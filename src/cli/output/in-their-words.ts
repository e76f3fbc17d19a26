import type { StartedFrom } from "../../integrations/started-from.js";
import type { HowStarted } from "../how-started.js";

/** Every command that a message may name; a test holds it against the tree. */
export const COMMAND_NAMES: readonly string[] = [
  "phones",
  "status",
  "plan",
  "import",
  "copy",
  "verify",
  "doctor",
  "library",
  "report",
  "watch",
  "eject",
  "receipts",
  "staging",
  "config",
  "completions",
  "demo",
  "setup",
];

const A_COMMAND = new RegExp(`(?<![\\w./~-])rollcall (?=(?:${COMMAND_NAMES.join("|")})\\b|--)`, "g");
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
