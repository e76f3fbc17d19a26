import { Argument, type Command } from "commander";
import type { Declare } from "../../declare.js";
import { statuses } from "../../statuses.js";

export const SHELLS = ["zsh", "bash", "fish"] as const;

export function addCompletions(program: Command, declare: Declare): void {
  const completions = program
    .command("completions")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .description("print what a shell needs to complete what you type");
  declare(completions, {
    flags: {},
    examples: [
      "rollcall completions zsh > ~/.zfunc/_rollcall   # a folder of your fpath",
      'eval "$(rollcall completions bash)"             # in ~/.bashrc',
      "rollcall completions fish > ~/.config/fish/completions/rollcall.fish",
    ],
    statuses: statuses(),
    load: async () => (await import("./run.js")).completions,
  });
  // Asked by those scripts.
  declare(program.command("complete", { hidden: true }).argument("[words...]"), {
    flags: {},
    load: async () => (await import("./run.js")).complete(program),
  });
}
