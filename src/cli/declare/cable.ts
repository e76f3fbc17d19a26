import { type Command, Option } from "commander";
import { someText, wholeNumber, withOutput } from "../flags.js";
import type { Action } from "./action.js";
import { statuses } from "./statuses.js";
import { withHelp } from "./with-help.js";

export function addPhones(program: Command, action: Action): void {
  withHelp(
    withOutput(program.command("phones").description("what is on the cable, and what to do about it")).option(
      "--watch",
      "tell who comes and who leaves, until stopped (with --json: one object a line)",
    ),
    ["rollcall phones", "rollcall phones --json", "rollcall phones --watch"],
    statuses("phone"),
  ).action(action(async () => (await import("../commands/phones/run.js")).phones));
}

export function addStatus(program: Command, action: Action): void {
  const status = program
    .command("status")
    .description("what is new on the cable, what was interrupted, the last run, the agent; changes nothing");
  withHelp(withOutput(status), ["rollcall status", "rollcall status --json"], statuses()).action(
    action(async () => (await import("../commands/status/run.js")).status),
  );
}

export function addWatch(program: Command, action: Action): void {
  const watch = program
    .command("watch")
    .description("import by itself on every plug-in, from the phones that you approved, until stopped");
  withHelp(
    withOutput(watch)
      .option(
        "--approve <name>",
        "from now on import from this phone, which is on the cable",
        someText("--approve"),
      )
      .option("--disapprove <name>", "and from this one no more", someText("--disapprove"))
      .option(
        "--min-interval <minutes>",
        "between two imports from one phone, however often it is plugged in (default: 0)",
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
