import { type Command, Option } from "commander";
import { someText, wholeNumber, withOutput } from "../flags.js";
import type { Action } from "./action.js";
import { statuses } from "./statuses.js";
import { withHelp } from "./with-help.js";

export function addPhones(program: Command, action: Action): void {
  withHelp(
    withOutput(
      program.command("phones").description("list the iPhones on the cable, and what to do about each"),
    ).option(
      "--watch",
      "report phones as they come and go, until stopped (with --json: one object per line)",
    ),
    ["rollcall phones", "rollcall phones --json", "rollcall phones --watch"],
    statuses("phone"),
  ).action(action(async () => (await import("../commands/phones/run.js")).phones));
}

export function addStatus(program: Command, action: Action): void {
  const status = program
    .command("status")
    .description("show what is new, what was interrupted, the last run and the agent; changes nothing");
  withHelp(withOutput(status), ["rollcall status", "rollcall status --json"], statuses()).action(
    action(async () => (await import("../commands/status/run.js")).status),
  );
}

export function addWatch(program: Command, action: Action): void {
  const watch = program
    .command("watch")
    .description("import on every plug-in, from the phones that you approved, until stopped");
  withHelp(
    withOutput(watch)
      .option("--approve <name>", "approve this phone, which must be on the cable", someText("--approve"))
      .option("--disapprove <name>", "withdraw the approval of this phone", someText("--disapprove"))
      .option(
        "--min-interval <minutes>",
        "shortest time between two imports from one phone (default: 0)",
        wholeNumber("--min-interval", 0),
      )
      .addOption(new Option("--agent").hideHelp()), // as its LaunchAgent starts it
    ["rollcall watch", 'rollcall watch --approve "Anna\'s iPhone"', "rollcall watch --min-interval 60"],
    statuses("data folder", "phone", "library"),
  ).action(action(async () => (await import("../commands/watch/run.js")).watch));
}

export function addEject(program: Command, action: Action): void {
  const eject = program
    .command("eject")
    .description("say whether it is safe to unplug, and ask macOS to eject the iPhone where that works");
  withHelp(
    withOutput(eject).option(
      "--phone <name>",
      "UDID or name, when several are on the cable",
      someText("--phone"),
    ),
    ["rollcall eject", 'rollcall eject --phone "Anna\'s iPhone"'],
    statuses("data folder", "phone"),
  ).action(action(async () => (await import("../commands/eject/run.js")).eject));
}
