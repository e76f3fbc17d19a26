import type { Command } from "commander";
import { type Declare, withExamples } from "../../declare.js";
import { type FlagsOf, flag, inGroup } from "../../flag.js";
import { GROUPS } from "../../flags/groups.js";
import { outputFlags, questionFlags } from "../../flags/output.js";
import { statuses } from "../../statuses.js";

const setupFlags = {
  ...outputFlags,
  ...questionFlags,
  ...inGroup(GROUPS.unattended, {
    remove: flag("--remove", "remove what it wrote"),
    print: flag("--print", "write the files to stdout as XML, and nothing anywhere else; on any system"),
  }),
};
export type SetupFlags = FlagsOf<typeof setupFlags>;

export function addSetup(program: Command, declare: Declare): void {
  // Started by Rollcall.app, while the person is there who set it up.
  declare(program.command("ask-library", { hidden: true }), {
    flags: {},
    load: async () => (await import("./ask-library.js")).askLibrary,
  });
  const setup = program
    .command("setup")
    .description("set up Rollcall.app, Shortcuts, Automator, or imports on plug-in (macOS)");
  withExamples(setup, [
    "rollcall setup app",
    "rollcall setup shortcuts",
    "rollcall setup automator",
    "rollcall setup agent --print",
  ]);
  const part = (name: string, description: string) => setup.command(name).description(description);
  const examples = (name: string) =>
    ["", " --print", " --remove"].map((rest) => `rollcall setup ${name}${rest}`);
  declare(part("app", "Rollcall.app: a double click opens the page"), {
    flags: setupFlags,
    examples: examples("app"),
    statuses: statuses("disk", "macOS"),
    load: async () => (await import("./app.js")).setupApp,
  });
  declare(part("shortcuts", "shortcuts to import, to look what is new, and to choose in the page"), {
    flags: setupFlags,
    examples: examples("shortcuts"),
    statuses: statuses("disk", "macOS"),
    load: async () => (await import("./shortcuts.js")).setupShortcuts,
  });
  declare(part("automator", "a Quick Action for the Services menu"), {
    flags: setupFlags,
    examples: examples("automator"),
    statuses: statuses("disk", "macOS"),
    load: async () => (await import("./automator.js")).setupAutomator,
  });
  declare(part("agent", "Rollcall.app, and a LaunchAgent that imports on every plug-in"), {
    flags: setupFlags,
    examples: examples("agent"),
    statuses: statuses("disk", "macOS", "Photos"),
    load: async () => (await import("./agent.js")).setupAgent,
  });
}
