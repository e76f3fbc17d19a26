import { makeTemporaryFolder } from "../../../owned-folder.js";
import type { CommandBody } from "../../command-context.js";
import { makeDemoParts, shortTemporaryFolder } from "../../compose/demo-parts.js";
import { guiParts } from "../../compose/gui-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { serveGui } from "../gui/serve.js";
import type { DemoGuiFlags } from "./command.js";

/** The page over the virtual iPhone and the virtual Photos; everything it made goes when it ends. */
export const demoGui: CommandBody<DemoGuiFlags> = async (context, flags) => {
  const { output } = context;
  const folder = makeTemporaryFolder("rollcall-demo", shortTemporaryFolder());
  try {
    await using made = await makeDemoParts(folder.path, flags.photos);
    output.note("A demo: nothing real is touched, neither a phone nor Photos.");
    const demoContext = { ...context, settings: made.settings };
    const { questions: _inThePage, ...deps } = made.deps;
    await serveGui(demoContext, guiParts(demoContext, deps), { open: flags.open });
  } finally {
    folder.remove();
  }
  return EXIT.ok;
};
