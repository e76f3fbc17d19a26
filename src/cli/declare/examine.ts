import { type Command, Option } from "commander";
import { STARTED_FROM } from "../../integrations/started-from.js";
import { someText, wholeNumber, withOutput } from "../flags.js";
import { isDemo } from "../run-command.js";
import type { Action } from "./action.js";
import { statuses } from "./statuses.js";
import { withHelp } from "./with-help.js";

export function addDoctor(program: Command, action: Action): void {
  const doctor = program
    .command("doctor")
    .description("check everything an import needs, from here; the exit status is that of the first trouble");
  withHelp(
    withOutput(doctor)
      .option("--phone <name>", "this phone, by UDID or name: it has to be ready", someText("--phone"))
      .addOption(
        new Option(
          "--from <place>",
          "check another place instead of this terminal, by its last run there",
        ).choices([...STARTED_FROM]),
      )
      .option("--open", "open the System Settings page that fixes the first trouble (macOS)"),
    [
      "rollcall doctor",
      "rollcall doctor --open",
      "rollcall doctor --from shortcuts",
      'rollcall doctor --phone "Anna\'s iPhone" --json',
    ],
    statuses("disk", "phone", "Photos"),
  ).action(action(async () => (await import("../commands/doctor/run.js")).doctor));
}

export function addReport(program: Command, action: Action): void {
  const report = program
    .command("report")
    .description(
      "measure this iPhone and this computer for docs/tested-on.md: numbers and versions, no name, path, id or place",
    );
  withHelp(
    withOutput(report)
      .option("--phone <name>", "UDID or name, when several are on the cable", someText("--phone"))
      .option(
        "--wait <seconds>",
        "how long to wait for a phone that is missing, locked or not trusted; 0 fails at once (default: 120)",
        wholeNumber("--wait", 0),
      )
      .option("--file <file>", "where to write it (default: rollcall-report.json here)", someText("--file"))
      .option("--yes", "write it without asking; it is still shown first")
      .option("--no-input", "never ask: show it, and write it only with --yes"),
    ["rollcall report", "rollcall report --file ~/Desktop/my-iphone.json", "rollcall report --json"],
    statuses("disk", "phone"),
  ).action(action(async () => (await import("../commands/report/run.js")).report));
}

export function addLibrary(program: Command, action: Action): void {
  const library = program
    .command("library")
    .argument("[path]", "a .photoslibrary package (default: the one that is open)", someText("PATH"))
    .description("check a Photos library: which originals are there and whole; changes nothing");
  withHelp(
    withOutput(library).option("--no-hash", "check presence and sizes only: quick, but misses changed bytes"),
    [
      "rollcall library",
      'rollcall library ~/Pictures/"Photos Library.photoslibrary"',
      "rollcall library --json > today.json",
    ],
    statuses("disk", "Photos", "answers"),
  ).action(action(async () => (await import("../commands/library/run.js")).library));
}

export function addConfig(program: Command, action: Action): void {
  const takersOf = async () => {
    const { takesFromConfig } = await import("../process/apply-config.js");
    return (flag: string) => program.commands.filter((one) => takesFromConfig(one, flag) && !isDemo(one));
  };
  const config = program
    .command("config")
    .description("show the settings in effect and where each comes from; set, unset");
  withHelp(
    withOutput(config),
    ["rollcall config", "rollcall config --json", "rollcall config set icloud import"],
    statuses("disk"),
  ).action(action(async () => (await import("../commands/config/run.js")).showConfig(await takersOf())));
  const set = config
    .command("set")
    .argument("<name>", "a flag, without its dashes", someText("NAME"))
    .argument("[value]", "its value (leave it out for a flag that takes none)", someText("VALUE"))
    .description("set the default of a flag, in config.json");
  withHelp(
    withOutput(set),
    ["rollcall config set kind photo,live", "rollcall config set keep-albums"],
    statuses("disk"),
  ).action(action(async () => (await import("../commands/config/set.js")).setConfig(await takersOf())));
  const unset = config
    .command("unset")
    .argument("<name>", "a flag, without its dashes", someText("NAME"))
    .description("remove the default of a flag");
  withHelp(withOutput(unset), ["rollcall config unset kind"], statuses("disk")).action(
    action(async () => (await import("../commands/config/set.js")).unsetConfig),
  );
}
