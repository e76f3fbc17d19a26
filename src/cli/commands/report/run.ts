import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { systemClock } from "../../../clock.js";
import { hasErrno, RollcallError } from "../../../errors.js";
import { whatIsAt } from "../../../owned-file.js";
import type { DeviceReport } from "../../../report/device-report.js";
import { makeReport } from "../../../report/make-report.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { cableName } from "../../../words/cable-words.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { withChosenPhone } from "../../compose/open-data-folder.js";
import { realPhones } from "../../compose/real-parts.js";
import type { PhoneFlags } from "../../flags/phone.js";
import { EXIT } from "../../process/exit-status.js";
import { temporaryFolder } from "../../process/temporary-folder.js";
import { typedPath } from "../../process/typed-path.js";
import type { ReportFlags } from "./command.js";
import { deviceReportText, testedOnRow } from "./lines.js";
import { type ReportSurroundings, reportSurroundings } from "./surroundings.js";

const USUAL_FILE = "rollcall-report.json";

/** Measures the phone and this computer, shows all of it, and writes it to a file where a person agrees. */
export const report: CommandBody<ReportFlags> = async (context, flags) => {
  const { settings, output, mayAsk, signal } = context;
  const path = typedPath("--file", flags.file ?? USUAL_FILE);
  if (output.isJson && flags.file !== undefined) throw fileAndJson();
  if (!output.isJson) requireFree(path);
  const made = await reportOn(context, flags, {
    finder: await realPhones(settings),
    surroundings: await reportSurroundings(settings),
    isVirtual: false,
  });
  if (output.isJson) {
    await output.document(made, EXIT.ok);
    return EXIT.ok;
  }
  await output.result("This is the whole report. Nothing of it is sent anywhere.", "", ...reportLines(made));
  if (flags.yes !== true) {
    if (!mayAsk) {
      output.note("", "Nothing was written: nobody can be asked. --yes writes it to a file.");
      return EXIT.ok;
    }
    const { confirm } = await import("../../terminal/ask-person.js");
    const question = { signal, ifStopped: "Nothing was written." };
    if (!(await confirm(`Write it to ${escapeControls(tilde(path))}?`, question))) {
      output.note("Nothing was written.");
      return EXIT.ok;
    }
  }
  await writeNew(path, deviceReportText(made));
  await output.result(
    "",
    `Written to ${escapeControls(tilde(path))}. Attach it to an issue of Rollcall's repository (docs/tested-on.md there).`,
  );
  return EXIT.ok;
};

/** The report as it would be written, and its row. */
export function reportLines(made: DeviceReport): string[] {
  const text = deviceReportText(made).trimEnd().split("\n");
  return [...text, "", "Its row for docs/tested-on.md:", testedOnRow(made)];
}

/** Opens the phone that is meant, and measures it. */
export async function reportOn(
  context: Pick<CommandContext, "settings" | "signal" | "output">,
  flags: PhoneFlags,
  deps: {
    readonly finder: Parameters<typeof withChosenPhone>[1]["finder"];
    readonly surroundings: ReportSurroundings;
    readonly isVirtual: boolean;
  },
): Promise<DeviceReport> {
  const { output, signal } = context;
  const { finder, surroundings, isVirtual } = deps;
  await using work = await temporaryFolder();
  output.note(
    "Reads the phone's photo database, lists its files, and reads up to 64 MiB of the largest. Changes nothing.",
  );
  const onEvent = await output.showRun({ destination: "Photos", hasImport: false });
  const made = await withChosenPhone(context, { finder, flags, report: onEvent }, async (phone, seen) => {
    const onListing = (files: number) => onEvent({ type: "listing", files });
    const cable = cableName(seen.cableBitsPerSecond) ?? "unknown";
    return await makeReport(
      { phone, workFolder: work.path, clock: systemClock, signal, onListing },
      { ...surroundings, cable, isVirtual },
    );
  });
  output.endProgress();
  return made;
}

/** Before minutes are spent: a file that is there is never written over, and no folder is made. */
function requireFree(path: string): void {
  if (whatIsAt(path) !== undefined) throw isThere(path);
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new RollcallError("BAD_USAGE", {
    message: `--file: there is no folder ${dirname(path)}.`,
    remedy: "Name a file in a folder that is there with --file.",
  });
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if (hasErrno(error, "EEXIST")) throw isThere(path);
    throw new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${path} could not be written.`,
      why: (error as Error).message,
      remedy: "Name another place with --file.",
      cause: error,
    });
  }
}

function fileAndJson(): RollcallError {
  return new RollcallError("BAD_USAGE", {
    message: "--file and --json cannot be used together: with --json the report goes to stdout.",
    remedy: "Leave one of them out.",
  });
}

function isThere(path: string): RollcallError {
  return new RollcallError("BAD_USAGE", {
    message: `--file: ${path} is there already.`,
    remedy: "Name a file that does not exist yet with --file.",
  });
}
