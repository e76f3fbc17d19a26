import { join } from "node:path";
import { copyFromPhone } from "../../../run/copy-from-phone.js";
import { removeLeftProbes } from "../../../transfer/left-probes.js";
import { removePartialCopies } from "../../../transfer/staging-folder.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import { runParts, withChosenPhone, withDataFolder } from "../../compose/open-data-folder.js";
import { realPhones } from "../../compose/real-parts.js";
import { selectionOf } from "../../flags/selection.js";
import { typedPath } from "../../process/typed-path.js";
import { pickOf } from "../../terminal/interactive-selection.js";
import { printRun } from "../../terminal/print-run.js";
import { printDates } from "../../terminal/selection-words.js";
import type { CopyFlags } from "./command.js";

export const copy: CommandBody<CopyFlags> = async (context, flags, [dir = "."]) => {
  const { settings, output, signal } = context;
  const folder = typedPath("DIR", dir);
  const selection = selectionOf(flags);
  const pick = pickOf(context, flags);
  return await withDataFolder(context, async (data) => {
    // Only what Rollcall itself writes: the rest of the folder is not its own.
    removeLeftProbes(folder);
    for (const top of ["DCIM", "PhotoData"]) await removePartialCopies(join(folder, top));
    const report = await output.showRun({ destination: tilde(folder), hasImport: false });
    printDates(report, selection);
    const wish = { finder: await realPhones(settings), flags, report };
    const finished = await withChosenPhone(context, wish, (phone, seen) =>
      copyFromPhone(runParts(data, { phone, seen }, report, signal), {
        folder,
        selection,
        pick,
        withoutPhoneLibrary: flags.withoutPhoneLibrary === true,
      }),
    );
    return await printRun(output, finished);
  });
};
