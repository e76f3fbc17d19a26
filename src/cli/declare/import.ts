import type { Command } from "commander";
import {
  GROUPS,
  percentage,
  since,
  someText,
  withBatches,
  withLibrary,
  withOutput,
  withPager,
  withPhone,
  withSelection,
  withUnattended,
} from "../flags.js";
import type { Action } from "./action.js";
import { statuses } from "./statuses.js";
import { withHelp } from "./with-help.js";

export function addPlan(program: Command, action: Action): void {
  const plan = program
    .command("plan")
    .description("show what would happen to each item, and why; changes nothing");
  withHelp(
    withPager(withOutput(withLibrary(withPhone(withSelection(plan))), { events: true, list: true }))
      .optionsGroup(GROUPS.library)
      .option(
        "--assume-imported",
        "mark everything it would import as already in Photos, unchecked (bounded by --until)",
      )
      .optionsGroup(GROUPS.output)
      .option("--list", "list what is new, and why the rest is not imported")
      .option(
        "--audit",
        "list what is on this phone and not in this library; reads bytes where a length fits",
      )
      .optionsGroup(GROUPS.unattended)
      .option("--no-input", "never ask"),
    [
      "rollcall plan",
      "rollcall plan --list",
      "rollcall plan --audit",
      "rollcall plan --since 7d --kind photo,live",
      "rollcall plan --assume-imported --until 2026-10-31",
    ],
    statuses("data folder", "phone", "library", "answers"),
  ).action(action(async () => (await import("../commands/plan/run.js")).plan));
}

export function addImport(program: Command, action: Action): void {
  const command = program.command("import").description("import everything new into Photos");
  withHelp(
    withOutput(withUnattended(withBatches(withLibrary(withPhone(withSelection(command))))), {
      events: true,
      questions: true,
      list: true,
    })
      .option("--notify", "show the result as a notification (macOS)")
      .option("--open", "show the album in Photos afterwards")
      .option("--eject", "ask macOS to eject the iPhone afterwards, if all went well")
      .optionsGroup(GROUPS.output)
      .option("--dry-run", "the same as rollcall plan")
      .optionsGroup(GROUPS.library)
      .option("--keep-albums", 'keep the "Last Import" of the previous run, under its date')
      .option("--restart-photos", "allow Rollcall to restart a slow Photos that you opened yourself"),
    [
      "rollcall import",
      "rollcall import --since 2026-11-01 --keep-albums",
      "rollcall import --json --no-input",
    ],
    statuses("data folder", "phone", "library", "Photos", "answers"),
  ).action(action(async () => (await import("../commands/import/run.js")).importCommand));
}

export function addCopy(program: Command, action: Action): void {
  const copy = program
    .command("copy")
    .argument("<dir>", "folder; DIR/DCIM/... is laid out as on the phone", someText("DIR"))
    .description("copy everything into a folder; without a selection every file that has bytes");
  withHelp(
    withOutput(withPhone(withSelection(copy)), { events: true, questions: true, list: true }),
    ["rollcall copy ~/Desktop/iPhone", "rollcall copy ~/Desktop/Films --kind video"],
    statuses("data folder", "phone", "answers"),
  ).action(action(async () => (await import("../commands/copy/run.js")).copy));
}

export function addVerify(program: Command, action: Action): void {
  const verify = program
    .command("verify")
    .argument(
      "[receipt or dir]",
      "a receipt's path or name, or a folder that was copied into (default: the last run)",
      someText("RECEIPT or DIR"),
    )
    .description("check an earlier import or copy again: is every photo still there, byte for byte?");
  withHelp(
    withOutput(verify, { list: true })
      .option("--library <path>", "the Photos library (default: the one that is open)", someText("--library"))
      .option("--since <date>", "only photos taken or changed since: 2026-11-21, 7d", since("--since"))
      .option("--sample <share>", "check only a random share of them: 5%", percentage("--sample")),
    ["rollcall verify", "rollcall verify --sample 5%", "rollcall verify ~/Desktop/iPhone"],
    statuses("data folder", "library", "Photos", "answers"),
  ).action(action(async () => (await import("../commands/verify/run.js")).verify));
}
