import { RollcallError } from "../../../errors.js";
import type { CommandBody } from "../../command-context.js";
import { guiParts } from "../../compose/gui-parts.js";
import { realPhones, realPhotos } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";
import type { GuiFlags } from "./command.js";
import { serveGui } from "./serve.js";

export const gui: CommandBody<GuiFlags> = async (context, flags) => {
  const { settings } = context;
  if (flags.json === true && flags.detach !== true) {
    throw new RollcallError("BAD_USAGE", {
      message: "--json says how the page started, and goes with --detach.",
      remedy: "Give both, or neither.",
    });
  }
  if (flags.detach === true) return await (await import("./start-detached.js")).startDetached(context, flags);
  const finder = await realPhones(settings);
  const parts = guiParts(context, { finder, ...(await realPhotos(settings, "run")) });
  await serveGui(context, parts, { open: flags.open, onListening: tellParent });
  return EXIT.ok;
};

/** Where it was started by `--detach`, that one waits for this. */
function tellParent(): void {
  if (process.send === undefined) return;
  process.send("listening");
  process.disconnect();
}
