import { systemClock } from "../../../clock.js";
import { CHECKS, checksFrom } from "../../../doctor/checks.js";
import { type Examined, examine } from "../../../doctor/examine.js";
import type { Blocks } from "../../../doctor/finding.js";
import type { CommandBody } from "../../command-context.js";
import { doctorParts } from "../../compose/doctor-parts.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { toolVersion } from "../../process/tool-version.js";
import type { DoctorFlags } from "./command.js";
import { doctorDocument } from "./document.js";
import { doctorLines } from "./lines.js";
import { firstSettings, openOnMac, openSettings } from "./open-settings.js";

const STATUS_OF: Readonly<Record<Blocks, ExitStatus>> = {
  photos: EXIT.photos,
  permission: EXIT.notPermitted,
  "this computer": EXIT.unexpected,
  space: EXIT.space,
  phone: EXIT.phone,
};

/** Examines everything that an import needs, and changes nothing. */
export const doctor: CommandBody<DoctorFlags> = async ({ settings, output, signal }, flags) => {
  const { phone: wantedPhone, from = null } = flags;
  const parts = await doctorParts(settings, { wantedPhone, from });
  const checks = from === null ? CHECKS : checksFrom(from);
  const columns = process.stdout.isTTY ? process.stdout.columns || 80 : null;
  const all: Examined[] = [];
  for await (const one of examine(checks, parts, { clock: systemClock, signal })) {
    all.push(one);
    await output.result(...doctorLines(one, checks, columns));
  }
  const status = statusOfFindings(all);
  const page = firstSettings(all);
  const open = openOnMac(settings);
  let opened: string | null = null;
  if (flags.open === true) {
    if (page === null) output.note("--open: System Settings fixes none of this.");
    else if (open === null) output.note("--open: System Settings is on a Mac only.");
    else {
      opened = await openSettings(page, open);
      const where = `System Settings > ${page.name}`;
      output.note(opened === null ? `--open: it did not open. It is ${where}.` : `Opened ${where}.`);
    }
  } else if (page !== null && open !== null) {
    output.note(
      `rollcall doctor${from === null ? "" : ` --from ${from}`} --open opens System Settings > ${page.name}.`,
    );
  }
  if (output.isJson) {
    const about = { version: toolVersion(), from, opened };
    await output.document(doctorDocument(all, about), status);
  }
  return status;
};

/** That of the first trouble that is told: what lasts is examined before what comes and goes. */
export function statusOfFindings(all: readonly Examined[]): ExitStatus {
  const blocks = all.find(({ status }) => status === "trouble")?.blocks;
  return blocks == null ? EXIT.ok : STATUS_OF[blocks];
}
