import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { outputFlags } from "../../flags/output.js";
import { operand } from "../../flags/parsers.js";
import { isDemo } from "../../run-command.js";
import { statuses } from "../../statuses.js";

export function addConfig(program: Command, declare: Declare): void {
  const takersOf = async () => {
    const { takesFromConfig } = await import("../../process/apply-config.js");
    return (flag: string) => program.commands.filter((one) => takesFromConfig(one, flag) && !isDemo(one));
  };
  const config = program
    .command("config")
    .description("show the settings in effect and where each comes from; set, unset");
  declare(config, {
    flags: outputFlags,
    examples: ["rollcall config", "rollcall config --json", "rollcall config set icloud import"],
    statuses: statuses("disk"),
    load: async () => (await import("./run.js")).showConfig(await takersOf()),
  });
  const set = config
    .command("set")
    .argument("<name>", "a flag, without its dashes", operand("NAME"))
    .argument("[value]", "its value (leave it out for a flag that takes none)", operand("VALUE"))
    .description("set the default of a flag, in config.json");
  declare(set, {
    flags: outputFlags,
    examples: ["rollcall config set kind photo,live", "rollcall config set keep-albums"],
    statuses: statuses("disk"),
    load: async () => (await import("./set.js")).setConfig(await takersOf()),
  });
  const unset = config
    .command("unset")
    .argument("<name>", "a flag, without its dashes", operand("NAME"))
    .description("remove the default of a flag");
  declare(unset, {
    flags: outputFlags,
    examples: ["rollcall config unset kind"],
    statuses: statuses("disk"),
    load: async () => (await import("./set.js")).unsetConfig,
  });
}
