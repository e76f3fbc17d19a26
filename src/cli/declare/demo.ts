import type { Command } from "commander";
import { someText, wholeNumber, withOutput } from "../flags.js";
import type { Action } from "./action.js";
import { STATUSES_UNTIL_STOPPED, statuses } from "./statuses.js";
import { withHelp } from "./with-help.js";

/** Spelled out here, so that help loads nothing of the virtual phone; a test holds them together. */
const PHONE_STATES =
  "ready, locked, before-first-unlock, not-trusted, trust-pending, trust-refused, trust-lost, " +
  "not-allowed, charging-only, network-only, busy";

/** The virtual iPhone and Photos are kept in memory: some millions would need more than there is. */
const MOST_PHOTOS = 100_000;

export function addDemo(program: Command, action: Action): void {
  const demo = program
    .command("demo")
    .description("show the whole job with a virtual iPhone and a virtual Photos; touches nothing real");
  withHelp(
    withOutput(demo, { events: true })
      .option(
        "--photos <number>",
        "add this many photos to the usual 25",
        wholeNumber("--photos", 0, MOST_PHOTOS),
        0,
      )
      .option(
        "--keep <dir>",
        "make everything in this new folder (default: a temporary one)",
        someText("--keep"),
      )
      .option("--stay", "keep the phone and Photos running until Ctrl-C, and print how to reach them"),
    ["rollcall demo", "rollcall demo --photos 500", "rollcall demo --stay"],
    statuses("data folder", "answers"),
  ).action(action(async () => (await import("../commands/demo/run.js")).demo));

  const phone = demo
    .command("phone")
    .description('only the virtual iPhone over a media folder, until stopped; prints "ready" when it listens')
    .requiredOption("--media <dir>", "the folder that contains DCIM", someText("--media"))
    .requiredOption(
      "--socket <path>",
      "where it listens; USBMUXD_SOCKET_ADDRESS=UNIX:PATH finds it",
      someText("--socket"),
    )
    .option("--udid <udid>", "8 and 16 hex digits with a dash, or 40")
    .option("--name <name>", 'what it is called (default: "Virtual iPhone")')
    .option("--state <state>", PHONE_STATES, "ready")
    .option(
      "--fault <how>",
      "one fault that it shows; can be repeated",
      (how: string, all: string[]) => [...all, how],
      [],
    );
  withHelp(
    phone,
    ["rollcall demo phone --media ./media --socket /tmp/phone.sock"],
    STATUSES_UNTIL_STOPPED,
  ).action(action(async () => (await import("../commands/demo/phone.js")).demoPhone));

  const photos = demo
    .command("photos")
    .description("makes an empty virtual library if there is none, and prints the settings that lead to it")
    .requiredOption("--library <path>", "the package: NAME.photoslibrary", someText("--library"));
  withHelp(
    photos,
    ['eval "$(rollcall demo photos --library ./Demo.photoslibrary)"'],
    statuses("disk"),
  ).action(action(async () => (await import("../commands/demo/photos.js")).demoPhotos));

  const report = demo
    .command("report")
    .description("show what rollcall report says of the virtual iPhone; writes nothing")
    .option(
      "--photos <number>",
      "add this many photos to the usual 25",
      wholeNumber("--photos", 0, MOST_PHOTOS),
      0,
    );
  withHelp(
    withOutput(report),
    ["rollcall demo report", "rollcall demo report --json"],
    statuses("disk", "phone"),
  ).action(action(async () => (await import("../commands/demo/report.js")).demoReport));
}
