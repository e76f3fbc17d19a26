import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import type { FlagsOf } from "../../flag.js";
import { outputFlags, watch } from "../../flags/output.js";
import { statuses } from "../../statuses.js";

const phonesFlags = { ...outputFlags, watch };
export type PhonesFlags = FlagsOf<typeof phonesFlags>;

export function addPhones(program: Command, declare: Declare): void {
  declare(program.command("phones").description("list the iPhones on the cable, and what to do about each"), {
    flags: phonesFlags,
    examples: ["rollcall phones", "rollcall phones --json", "rollcall phones --watch"],
    statuses: statuses("phone"),
    load: async () => (await import("./run.js")).phones,
  });
}
