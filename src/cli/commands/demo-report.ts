import type { CommandBody, CommonFlags } from "../command-context.js";
import { makeDemoWorld } from "../demo-parts.js";
import { EXIT } from "../exit-status.js";
import { reportSurroundings } from "../report-surroundings.js";
import { temporaryFolder } from "../temporary-folder.js";
import { reportLines, reportOn } from "./report.js";

type DemoReportFlags = CommonFlags & { readonly photos: number };

/** The report of the virtual iPhone, marked as virtual. Writes no file. */
export const demoReport: CommandBody<DemoReportFlags> = async (context, flags) => {
  const { output } = context;
  await using folder = await temporaryFolder();
  await using made = await makeDemoWorld(folder.path, flags.photos);
  const { settings, world, phone } = made;
  const report = await reportOn(
    { ...context, settings },
    { phone: phone.udid },
    { finder: world.finder, surroundings: await reportSurroundings(settings), isVirtual: true },
  );
  if (output.isJson) await output.document(report, EXIT.ok);
  else await output.result("A report of the virtual iPhone: nothing is written.", "", ...reportLines(report));
  return EXIT.ok;
};
