import { RollcallError } from "../../../errors.js";
import { nameOf, phonesMeant, severalPhones } from "../../../phone/choose-phone.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandContext } from "../../command-context.js";
import { approvePhone } from "../../compose/approve-phone.js";
import { withDataFolder } from "../../compose/open-data-folder.js";
import { realPhones, realPhotos } from "../../compose/real-parts.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { resolveICloudOf } from "../setup/ask-about-icloud.js";
import type { WatchFlags } from "./command.js";

/** Writes down, or takes back, that the watch may import from a phone into the library that is open. */
export async function changeApproval(context: CommandContext, flags: WatchFlags): Promise<ExitStatus> {
  const { approve, disapprove } = flags;
  if (approve !== undefined && disapprove !== undefined) {
    throw new RollcallError("BAD_USAGE", {
      message: "--approve and --disapprove cannot be used together.",
      remedy: "Give one of them.",
    });
  }
  return approve === undefined ? await takeBack(context, disapprove ?? "") : await give(context, approve);
}

async function give(context: CommandContext, wanted: string): Promise<ExitStatus> {
  const { settings, output, signal } = context;
  const finder = await realPhones(settings, { mayPair: false });
  const seen = await finder.look(signal);
  const meant = phonesMeant(seen, wanted);
  const [phone] = meant;
  if (phone === undefined || phone.udid === null || phone.identity === null) {
    throw new RollcallError("PHONE_NOT_FOUND", {
      message: `There is no iPhone called ${JSON.stringify(wanted)} on the cable.`,
      remedy: "Plug it in, and use its name or UDID as rollcall phones shows it. Nothing was approved.",
    });
  }
  if (meant.length > 1) throw severalPhones(meant, seen, (phone) => ({ action: "approve", phone }));
  const { identity } = phone;
  const photosParts = await realPhotos(settings, "question");
  return await withDataFolder(context, async (data) => {
    const library = await approvePhone(identity, data, photosParts, signal, () =>
      resolveICloudOf(phone, { context, data }),
    );
    const name = nameOf(phone);
    if (output.isJson) await output.document({ approved: { udid: phone.udid, name, library } }, EXIT.ok);
    else {
      await output.result(
        `${escapeControls(name)} is approved: rollcall watch imports from it${library === null ? "" : ` into ${escapeControls(tilde(library))}`}: at once where a watch runs, else when one is started.`,
      );
    }
    return EXIT.ok;
  });
}

async function takeBack(context: CommandContext, wanted: string): Promise<ExitStatus> {
  const { output } = context;
  return await withDataFolder(context, async ({ ledgerDatabase }) => {
    const names = ledgerDatabase.withdrawApproval(wanted);
    if (names.length === 0) {
      throw new RollcallError("PHONE_NOT_FOUND", {
        message: `No approved iPhone is called ${JSON.stringify(wanted)}.`,
        remedy: "Use the name it had when it was last seen, or its UDID. Nothing was changed.",
      });
    }
    if (output.isJson) await output.document({ disapproved: names }, EXIT.ok);
    else await output.result(...names.map((name) => `${escapeControls(name)} is left alone from now on.`));
    return EXIT.ok;
  });
}
