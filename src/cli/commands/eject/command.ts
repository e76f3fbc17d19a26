import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import type { FlagsOf } from "../../flag.js";
import { outputFlags } from "../../flags/output.js";
import { phone } from "../../flags/phone.js";
import { statuses } from "../../statuses.js";

const ejectFlags = { ...outputFlags, phone };
export type EjectFlags = FlagsOf<typeof ejectFlags>;

export function addEject(program: Command, declare: Declare): void {
  const eject = program
    .command("eject")
    .description("say whether it is safe to unplug, and ask macOS to eject the iPhone where that works");
  declare(eject, {
    flags: ejectFlags,
    examples: ["rollcall eject", 'rollcall eject --phone "Anna\'s iPhone"'],
    statuses: statuses("data folder", "phone"),
    load: async () => (await import("./run.js")).eject,
  });
}
