import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, flag } from "../../flag.js";
import { outputFlags } from "../../flags/output.js";
import { operand } from "../../flags/parsers.js";
import { statuses } from "../../statuses.js";

const libraryFlags = {
  ...outputFlags,
  hash: flag("--no-hash", "check presence and sizes only: quick, but misses changed bytes"),
};
export type LibraryFlags = FlagsOf<typeof libraryFlags>;

export function addLibrary(program: Command, declare: Declare): void {
  const library = program
    .command("library")
    .argument("[path]", "a .photoslibrary package (default: the one that is open)", operand("PATH"))
    .description("check a Photos library: which originals are there and whole; changes nothing");
  declare(library, {
    flags: libraryFlags,
    examples: [
      "rollcall library",
      'rollcall library ~/Pictures/"Photos Library.photoslibrary"',
      "rollcall library --json > today.json",
    ],
    statuses: statuses("disk", "Photos", "answers"),
    load: async () => (await import("./run.js")).library,
  });
}
