import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag, inGroup } from "../../flag.js";
import { GROUPS } from "../../flags/groups.js";
import { knownPhotosFlags } from "../../flags/library.js";
import { pager, runOutputFlags } from "../../flags/output.js";
import { phoneFlags } from "../../flags/phone.js";
import { selectionFlags } from "../../flags/selection.js";
import { statuses } from "../../statuses.js";

export const planFlags = {
  ...selectionFlags,
  ...phoneFlags,
  ...knownPhotosFlags,
  ...runOutputFlags,
  ...inGroup(GROUPS.output, { pager }),
  ...inGroup(GROUPS.library, {
    assumeImported: flag(
      "--assume-imported",
      "mark everything it would import as already in Photos, unchecked (bounded by --until)",
    ),
  }),
  ...inGroup(GROUPS.output, {
    list: flag("--list", "list what is new, and why the rest is not imported"),
    audit: flag(
      "--audit",
      "list what is on this phone and not in this library; reads bytes where a length fits",
    ),
  }),
  ...inGroup(GROUPS.unattended, { input: flag("--no-input", "never ask") }),
};
export type PlanFlags = FlagsOf<typeof planFlags>;

export function addPlan(program: Command, declare: Declare): void {
  const plan = program
    .command("plan")
    .description("show what would happen to each item, and why; changes nothing");
  declare(plan, {
    flags: planFlags,
    examples: [
      "rollcall plan",
      "rollcall plan --list",
      "rollcall plan --audit",
      "rollcall plan --since 7d --kind photo,live",
      "rollcall plan --assume-imported --until 2026-10-31",
    ],
    statuses: statuses("data folder", "phone", "library", "answers"),
    load: async () => (await import("./run.js")).plan,
  });
}
