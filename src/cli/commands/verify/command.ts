import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag } from "../../flag.js";
import { libraryToRead } from "../../flags/library.js";
import { listOutputFlags } from "../../flags/output.js";
import { operand, percentage, sinceDate } from "../../flags/parsers.js";
import { statuses } from "../../statuses.js";

const verifyFlags = {
  ...listOutputFlags,
  library: libraryToRead,
  since: flag("--since <date>", "only photos taken or changed since: 2026-11-21, 7d", sinceDate),
  sample: flag("--sample <share>", "check only a random share of them: 5%", percentage),
};
export type VerifyFlags = FlagsOf<typeof verifyFlags>;

export function addVerify(program: Command, declare: Declare): void {
  const verify = program
    .command("verify")
    .argument(
      "[receipt or dir]",
      "a receipt's path or name, or a folder that was copied into (default: the last run)",
      operand("RECEIPT or DIR"),
    )
    .description("check an earlier import or copy again: is every photo still there, byte for byte?");
  declare(verify, {
    flags: verifyFlags,
    examples: ["rollcall verify", "rollcall verify --sample 5%", "rollcall verify ~/Desktop/iPhone"],
    statuses: statuses("data folder", "library", "Photos", "answers"),
    load: async () => (await import("./run.js")).verify,
  });
}
