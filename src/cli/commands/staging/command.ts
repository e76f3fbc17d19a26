import type { Command } from "commander";
import type { Declare } from "../../declare.js";
import { type FlagsOf, inGroup } from "../../flag.js";
import { GROUPS } from "../../flags/groups.js";
import { libraryToRead } from "../../flags/library.js";
import { outputFlags, questionFlags } from "../../flags/output.js";
import { statuses } from "../../statuses.js";

const clearFlags = {
  ...outputFlags,
  ...questionFlags,
  ...inGroup(GROUPS.unattended, { library: libraryToRead }),
};
export type ClearFlags = FlagsOf<typeof clearFlags>;

export function addStaging(program: Command, declare: Declare): void {
  const staging = program.command("staging").description("list what is in the staging folder, and why");
  declare(staging, {
    flags: outputFlags,
    examples: ["rollcall staging"],
    statuses: statuses("data folder"),
    load: async () => (await import("./run.js")).listStaging,
  });
  const clear = staging
    .command("clear")
    .description(
      "remove what is safe: remains of copies, and files whose bytes were read inside the library",
    );
  declare(clear, {
    flags: clearFlags,
    examples: ["rollcall staging clear", "rollcall staging clear --yes"],
    statuses: statuses("data folder", "library"),
    load: async () => (await import("./clear.js")).clearStaging,
  });
}
