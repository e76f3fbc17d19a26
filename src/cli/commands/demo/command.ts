import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag, inGroup, list, required, withDefault } from "../../flag.js";
import { GROUPS } from "../../flags/groups.js";
import { outputFlags, runOutputFlags } from "../../flags/output.js";
import { someText, wholeNumber } from "../../flags/parsers.js";
import { STATUSES_UNTIL_STOPPED, statuses } from "../../statuses.js";
import { pageFlags } from "../gui/command.js";

/** Spelled out here, so that help loads nothing of the virtual phone; a test holds them together. */
const PHONE_STATES =
  "ready, locked, before-first-unlock, not-trusted, trust-pending, trust-refused, trust-lost, " +
  "not-allowed, charging-only, network-only, busy";

/** The virtual iPhone and Photos are kept in memory: some millions would need more than there is. */
const MOST_PHOTOS = 100_000;

const photos = withDefault(
  flag("--photos <number>", "add this many photos to the usual 27", wholeNumber(0, MOST_PHOTOS)),
  0,
);

const { brief: _isImportsOwn, ...demoOutput } = runOutputFlags;

const demoFlags = inGroup(GROUPS.output, {
  ...demoOutput,
  photos,
  keep: flag("--keep <dir>", "make everything in this new folder (default: a temporary one)", someText),
  stay: flag("--stay", "keep the phone and Photos running until Ctrl-C, and print how to reach them"),
});
export type DemoFlags = FlagsOf<typeof demoFlags>;

const phoneFlags = {
  media: required(flag("--media <dir>", "the folder that contains DCIM", someText)),
  socket: required(
    flag("--socket <path>", "where it listens; USBMUXD_SOCKET_ADDRESS=UNIX:PATH finds it", someText),
  ),
  udid: flag("--udid <udid>", "8 and 16 hex digits with a dash, or 40"),
  name: flag("--name <name>", 'what it is called (default: "Virtual iPhone")'),
  state: withDefault(flag("--state <state>", PHONE_STATES), "ready"),
  fault: list("--fault <how>", "one fault that it shows; can be repeated"),
};
export type DemoPhoneFlags = FlagsOf<typeof phoneFlags>;

const photosFlags = {
  library: required(flag("--library <path>", "the package: NAME.photoslibrary", someText)),
};
export type DemoPhotosFlags = FlagsOf<typeof photosFlags>;

const reportFlags = { photos, ...outputFlags };
export type DemoReportFlags = FlagsOf<typeof reportFlags>;

const guiFlags = { photos, ...pageFlags };
export type DemoGuiFlags = FlagsOf<typeof guiFlags>;

export function addDemo(program: Command, declare: Declare): void {
  const demo = program
    .command("demo")
    .description("show the whole job with a virtual iPhone and a virtual Photos; touches nothing real");
  declare(demo, {
    flags: demoFlags,
    examples: ["rollcall demo", "rollcall demo --photos 500", "rollcall demo --stay"],
    statuses: statuses("data folder", "answers"),
    load: async () => (await import("./run.js")).demo,
  });
  declare(
    demo.command("gui").description("show the page of rollcall gui over the virtual iPhone and Photos"),
    {
      flags: guiFlags,
      examples: ["rollcall demo gui", "rollcall demo gui --photos 500"],
      statuses: statuses("disk"),
      load: async () => (await import("./gui.js")).demoGui,
    },
  );
  const phone = demo
    .command("phone")
    .description(
      'only the virtual iPhone over a media folder, until stopped; prints "ready" when it listens',
    );
  declare(phone, {
    flags: phoneFlags,
    examples: ["rollcall demo phone --media ./media --socket /tmp/phone.sock"],
    statuses: STATUSES_UNTIL_STOPPED,
    load: async () => (await import("./phone.js")).demoPhone,
  });
  const photosOnly = demo
    .command("photos")
    .description("makes an empty virtual library if there is none, and prints the settings that lead to it");
  declare(photosOnly, {
    flags: photosFlags,
    examples: ['eval "$(rollcall demo photos --library ./Demo.photoslibrary)"'],
    statuses: statuses("disk"),
    load: async () => (await import("./photos.js")).demoPhotos,
  });
  declare(
    demo
      .command("report")
      .description("show what rollcall report says of the virtual iPhone; writes nothing"),
    {
      flags: reportFlags,
      examples: ["rollcall demo report", "rollcall demo report --json"],
      statuses: statuses("disk", "phone"),
      load: async () => (await import("./report.js")).demoReport,
    },
  );
}
