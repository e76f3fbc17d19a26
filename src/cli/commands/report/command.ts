import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag } from "../../flag.js";
import { outputFlags } from "../../flags/output.js";
import { someText } from "../../flags/parsers.js";
import { phone, wait } from "../../flags/phone.js";
import { statuses } from "../../statuses.js";

const reportFlags = {
  ...outputFlags,
  phone,
  wait,
  file: flag("--file <file>", "where to write it (default: rollcall-report.json here)", someText),
  yes: flag("--yes", "write it without asking; it is still shown first"),
  input: flag("--no-input", "never ask: show it, and write it only with --yes"),
};
export type ReportFlags = FlagsOf<typeof reportFlags>;

export function addReport(program: Command, declare: Declare): void {
  const report = program
    .command("report")
    .description(
      "measure this iPhone and this computer for docs/tested-on.md: numbers and versions, no name, path, id or place",
    );
  declare(report, {
    flags: reportFlags,
    examples: [
      "rollcall report",
      "rollcall report --file ~/Desktop/my-iphone.json",
      "rollcall report --json",
    ],
    statuses: statuses("disk", "phone"),
    load: async () => (await import("./run.js")).report,
  });
}
