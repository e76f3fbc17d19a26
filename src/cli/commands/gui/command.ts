import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag } from "../../flag.js";
import { statuses } from "../../statuses.js";

/** Of what opens a page, real or of the demo. */
export const pageFlags = {
  open: flag("--no-open", "print the address, and open no browser"),
  quiet: flag("--quiet", "print only results and errors"),
  verbose: flag("--verbose", "show where an unexpected error came from"),
};

const guiFlags = {
  ...pageFlags,
  detach: flag("--detach", "start it in the background, and return at once"),
  json: flag("--json", "with --detach: print one JSON document on stdout, for Shortcuts"),
  exitZero: flag("--exit-zero", "with --json: exit 0, with the status in the document"),
};
export type GuiFlags = FlagsOf<typeof guiFlags>;

export function addGui(program: Command, declare: Declare): void {
  const gui = program
    .command("gui")
    .description("choose photos by looking, in a page of your browser: import them, and read the receipt");
  declare(gui, {
    flags: guiFlags,
    examples: ["rollcall gui", "rollcall gui --no-open"],
    statuses: statuses("disk", "macOS"),
    load: async () => (await import("./run.js")).gui,
  });
}
