import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag } from "../../flag.js";
import { agent, outputFlags } from "../../flags/output.js";
import { someText, wholeNumber } from "../../flags/parsers.js";
import { statuses } from "../../statuses.js";

const watchFlags = {
  ...outputFlags,
  approve: flag("--approve <name>", "approve this phone, which must be on the cable", someText),
  disapprove: flag("--disapprove <name>", "withdraw the approval of this phone", someText),
  minInterval: flag(
    "--min-interval <minutes>",
    "shortest time between two imports from one phone (default: 0)",
    wholeNumber(0),
  ),
  agent,
};
export type WatchFlags = FlagsOf<typeof watchFlags>;

export function addWatch(program: Command, declare: Declare): void {
  const watch = program
    .command("watch")
    .description("import on every plug-in, from the phones that you approved, until stopped");
  declare(watch, {
    flags: watchFlags,
    examples: [
      "rollcall watch",
      'rollcall watch --approve "Anna\'s iPhone"',
      "rollcall watch --min-interval 60",
    ],
    statuses: statuses("data folder", "phone", "library"),
    load: async () => (await import("./run.js")).watch,
  });
}
