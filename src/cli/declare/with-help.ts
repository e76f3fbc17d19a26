import type { Command } from "commander";
import { type ExitStatus, STATUS_MEANINGS } from "../process/exit-status.js";

/** Below a command's help. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText("after", () =>
    ["", "Examples:", ...examples.map((example) => `  ${example}`)].join("\n"),
  );
}

/** The same, and the ways in which it may end. */
export function withHelp(
  command: Command,
  examples: readonly string[],
  statuses: readonly ExitStatus[],
): Command {
  return withExamples(command, examples).addHelpText("after", () =>
    [
      "",
      "Exit status:",
      ...statuses.map((status) => `  ${String(status).padEnd(4)} ${STATUS_MEANINGS[status]}`),
    ].join("\n"),
  );
}
