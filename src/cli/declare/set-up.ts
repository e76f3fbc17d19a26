import { Argument, type Command } from "commander";
import { COMPLETION_SHELLS } from "../commands/completions/completion-scripts.js";
import { withOutput } from "../flags.js";
import type { Action } from "./action.js";
import { statuses } from "./statuses.js";
import { withExamples, withHelp } from "./with-help.js";

export function addCompletions(program: Command, action: Action): void {
  const load = () => import("../commands/completions/run.js");
  const completions = program
    .command("completions")
    .addArgument(new Argument("<shell>", "which shell").choices(COMPLETION_SHELLS))
    .description("print what a shell needs to complete what you type");
  withHelp(
    completions,
    [
      "rollcall completions zsh > ~/.zfunc/_rollcall   # a folder of your fpath",
      'eval "$(rollcall completions bash)"             # in ~/.bashrc',
      "rollcall completions fish > ~/.config/fish/completions/rollcall.fish",
    ],
    statuses(),
  ).action(action(async () => (await load()).completions));
  // Asked by those scripts.
  const complete = program.command("complete", { hidden: true }).argument("[words...]");
  complete.action(action(async () => (await load()).complete(program)));
}

export function addSetup(program: Command, action: Action): void {
  // Started by Rollcall.app, while the person is there who set it up.
  program
    .command("ask-library", { hidden: true })
    .action(action(async () => (await import("../commands/setup/ask-library.js")).askLibrary));
  const setup = program
    .command("setup")
    .description("set up Shortcuts, Automator, or imports on plug-in (macOS)");
  withExamples(setup, [
    "rollcall setup shortcuts",
    "rollcall setup automator",
    "rollcall setup agent --print",
  ]);
  const part = (name: string, description: string) =>
    withOutput(setup.command(name).description(description), { questions: true })
      .option("--remove", "remove what it wrote")
      .option("--print", "write the files to stdout as XML, and nothing anywhere else; on any system");
  const examples = (name: string) =>
    ["", " --print", " --remove"].map((flag) => `rollcall setup ${name}${flag}`);
  withHelp(
    part("shortcuts", `two shortcuts: "Import from iPhone" and "iPhone: what is new?"`),
    examples("shortcuts"),
    statuses("disk", "macOS"),
  ).action(action(async () => (await import("../commands/setup/shortcuts.js")).setupShortcuts));
  withHelp(
    part("automator", "a Quick Action for the Services menu"),
    examples("automator"),
    statuses("disk", "macOS"),
  ).action(action(async () => (await import("../commands/setup/automator.js")).setupAutomator));
  withHelp(
    part("agent", "Rollcall.app, and a LaunchAgent that imports on every plug-in"),
    examples("agent"),
    statuses("disk", "macOS", "Photos"),
  ).action(action(async () => (await import("../commands/setup/agent.js")).setupAgent));
}
