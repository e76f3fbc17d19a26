import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag, hidden, inGroup } from "../../flag.js";
import { GROUPS } from "../../flags/groups.js";
import { knownPhotosFlags } from "../../flags/library.js";
import { questionFlags, runOutputFlags } from "../../flags/output.js";
import { wholeNumber } from "../../flags/parsers.js";
import { phoneFlags } from "../../flags/phone.js";
import { selectionFlags } from "../../flags/selection.js";
import { statuses } from "../../statuses.js";

const limit = (spelling: string) => hidden(flag(spelling, "", wholeNumber()));

export const importFlags = {
  ...selectionFlags,
  ...phoneFlags,
  ...knownPhotosFlags,
  ...inGroup(GROUPS.library, {
    batchItems: limit("--batch-items <number>"),
    batchBytes: limit("--batch-bytes <number>"),
    editedBatchItems: limit("--edited-batch-items <number>"),
    stagedBytes: limit("--staged-bytes <number>"),
    /** Started by the watch: from an approved phone only, and with nobody there. */
    unattended: hidden(flag("--unattended")),
  }),
  ...runOutputFlags,
  ...questionFlags,
  ...inGroup(GROUPS.unattended, {
    notify: flag("--notify", "show the result as a notification (macOS)"),
    open: flag("--open", "show the album in Photos afterwards"),
    eject: flag("--eject", "ask macOS to eject the iPhone afterwards, if all went well"),
  }),
  ...inGroup(GROUPS.output, { dryRun: flag("--dry-run", "the same as rollcall plan") }),
  ...inGroup(GROUPS.library, {
    keepAlbums: flag("--keep-albums", 'keep the "Last Import" of the previous run, under its date'),
    restartPhotos: flag(
      "--restart-photos",
      "allow Rollcall to restart a slow Photos that you opened yourself",
    ),
  }),
};
export type ImportFlags = FlagsOf<typeof importFlags>;

export function addImport(program: Command, declare: Declare): void {
  declare(program.command("import").description("import everything new into Photos"), {
    flags: importFlags,
    examples: [
      "rollcall import",
      "rollcall import --since 2026-11-01 --keep-albums",
      "rollcall import --json --no-input",
    ],
    statuses: statuses("data folder", "phone", "library", "Photos", "answers"),
    load: async () => (await import("./run.js")).importCommand,
  });
}
