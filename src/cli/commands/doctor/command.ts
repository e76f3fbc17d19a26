import type { Command } from "commander";
import { STARTED_FROM } from "../../../integrations/started-from.js";
import type { Declare } from "../../declare.js";
import { choice, type FlagsOf, flag } from "../../flag.js";
import { outputFlags } from "../../flags/output.js";
import { someText } from "../../flags/parsers.js";
import { statuses } from "../../statuses.js";

const doctorFlags = {
  ...outputFlags,
  phone: flag("--phone <name>", "this phone, by UDID or name: it has to be ready", someText),
  /** What the last runs from there left behind is examined, instead of this terminal. */
  from: choice(
    "--from <place>",
    "check another place instead of this terminal, by its last run there",
    STARTED_FROM,
  ),
  open: flag("--open", "open the System Settings page that fixes the first trouble (macOS)"),
};
export type DoctorFlags = FlagsOf<typeof doctorFlags>;

export function addDoctor(program: Command, declare: Declare): void {
  const doctor = program
    .command("doctor")
    .description("check everything an import needs, from here; the exit status is that of the first trouble");
  declare(doctor, {
    flags: doctorFlags,
    examples: [
      "rollcall doctor",
      "rollcall doctor --open",
      "rollcall doctor --from shortcuts",
      'rollcall doctor --phone "Anna\'s iPhone" --json',
    ],
    statuses: statuses("disk", "phone", "Photos"),
    load: async () => (await import("./run.js")).doctor,
  });
}
