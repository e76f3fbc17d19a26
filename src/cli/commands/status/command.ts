import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { outputFlags } from "../../flags/output.js";
import { statuses } from "../../statuses.js";

export function addStatus(program: Command, declare: Declare): void {
  const status = program
    .command("status")
    .description("show what is new, what was interrupted, the last run and the agent; changes nothing");
  declare(status, {
    flags: outputFlags,
    examples: ["rollcall status", "rollcall status --json"],
    statuses: statuses(),
    load: async () => (await import("./run.js")).status,
  });
}
