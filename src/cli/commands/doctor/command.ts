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
  from: choice("--from <place>", "not this terminal: what its last run from there left behind", STARTED_FROM),
  open: flag("--open", "open the page of System Settings that mends the first trouble (macOS)"),
};
export type DoctorFlags = FlagsOf<typeof doctorFlags>;

export function addDoctor(program: Command, declare: Declare): void {
  const doctor = program
    .command("doctor")
    .description(
      "every part and right that an import needs, examined from here; its status is that of the first trouble",
    );
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
