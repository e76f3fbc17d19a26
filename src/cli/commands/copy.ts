import { join } from "node:path";
import { copyFromPhone } from "../../run/copy-from-phone.js";
import { removeLeftProbes } from "../../transfer/left-probes.js";
import { removePartialCopies } from "../../transfer/staging-folder.js";
import { runParts, withChosenPhone, withDataFolder } from "../at-work.js";
import type { CommandBody } from "../command-context.js";
import { type CopyFlags, selectionOf } from "../flags.js";
import { tellDates } from "../output/selection-words.js";
import { tilde } from "../output/wording.js";
import { pickOf } from "../pick.js";
import { realPhones } from "../real-parts.js";
import { typedPath } from "../typed-path.js";
import { tellRun } from "./tell-run.js";

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
    tellDates(report, selection);
    const wish = { finder: await realPhones(settings), flags, report };
    const finished = await withChosenPhone(context, wish, (phone, seen) =>
      copyFromPhone(runParts(data, { phone, seen }, report, signal), {
        folder,
        selection,
        pick,
        withoutPhoneLibrary: flags.withoutPhoneLibrary === true,
      }),
    );
    return await tellRun(output, finished);
  });
};
