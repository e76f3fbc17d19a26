import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import type { FlagsOf } from "../../flag.js";
import { questionFlags, runOutputFlags } from "../../flags/output.js";
import { operand } from "../../flags/parsers.js";
import { phoneFlags } from "../../flags/phone.js";
import { selectionFlags } from "../../flags/selection.js";
import { statuses } from "../../statuses.js";

const copyFlags = { ...selectionFlags, ...phoneFlags, ...runOutputFlags, ...questionFlags };
export type CopyFlags = FlagsOf<typeof copyFlags>;

export function addCopy(program: Command, declare: Declare): void {
  const copy = program
    .command("copy")
    .argument("<dir>", "folder; DIR/DCIM/... is laid out as on the phone", operand("DIR"))
    .description("copy everything into a folder; without a selection every file that has bytes");
  declare(copy, {
    flags: copyFlags,
    examples: ["rollcall copy ~/Desktop/iPhone", "rollcall copy ~/Desktop/Films --kind video"],
    statuses: statuses("data folder", "phone", "answers"),
    load: async () => (await import("./run.js")).copy,
  });
}
