import type { Command } from "commander";
import type { CommandBody } from "./command-context.js";
import { type FlagSet, type FlagsOf, withFlags } from "./flag.js";
import { type ExitStatus, STATUS_MEANINGS } from "./process/exit-status.js";
import { runCommand } from "./run-command.js";

/** What is said of a command besides its name, its operands and its description. */
interface Declaration<Flags extends FlagSet> {
  readonly flags: Flags;
  /** Without them, and the statuses, the help ends with the flags. */
  readonly examples?: readonly string[];
  /** In which it may end. */
  readonly statuses?: readonly ExitStatus[];
  /** Called when the command runs: by `import()`, since starting another command must not wait for it. */
  readonly load: () => Promise<CommandBody<FlagsOf<Flags>>>;
}

export type Declare = <Flags extends FlagSet>(command: Command, declaration: Declaration<Flags>) => void;

/** @param ended told the exit status of the command that ran */
export function declareFor(ended: (status: number) => void): Declare {
  return (command, { flags, examples = [], statuses = [], load }) => {
    withFlags(command, flags);
    if (examples.length > 0) withExamples(command, examples);
    if (statuses.length > 0) command.addHelpText("after", () => statusLines(statuses));
    command.action(async () => ended(await runCommand(command, flags, load)));
  };
}

/** Below a command's help. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText("after", () =>
    ["", "Examples:", ...examples.map((example) => `  ${example}`)].join("\n"),
  );
}

function statusLines(statuses: readonly ExitStatus[]): string {
  const lines = statuses.map((status) => `  ${String(status).padEnd(4)} ${STATUS_MEANINGS[status]}`);
  return ["", "Exit status:", ...lines].join("\n");
}
