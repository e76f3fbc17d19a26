import type { CommandBody } from "../../command-context.js";
import { makeDemoParts } from "../../compose/demo-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { temporaryFolder } from "../../process/temporary-folder.js";
import { reportLines, reportOn } from "../report/run.js";
import { reportSurroundings } from "../report/surroundings.js";
import type { DemoReportFlags } from "./command.js";

/** The report of the virtual iPhone, marked as virtual. Writes no file. */
export const demoReport: CommandBody<DemoReportFlags> = async (context, flags) => {
  const { output } = context;
  await using folder = await temporaryFolder();
  await using made = await makeDemoParts(folder.path, flags.photos);
  const { settings, deps, phone } = made;
  const report = await reportOn(
    { ...context, settings },
    { phone: phone.udid },
    { finder: deps.finder, surroundings: await reportSurroundings(settings), isVirtual: true },
  );
  if (output.isJson) await output.document(report, EXIT.ok);
  else await output.result("A report of the virtual iPhone: nothing is written.", "", ...reportLines(report));
  return EXIT.ok;
};
