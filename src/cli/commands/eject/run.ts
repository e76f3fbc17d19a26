import { join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { isRollcallsLedger } from "../../../ledger/look-at-ledger.js";
import { choosePhone, nameOf, phonesMeant, severalPhones } from "../../../phone/choose-phone.js";
import type { SeenPhone } from "../../../phone/phone-watch.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { CommandBody } from "../../command-context.js";
import { realPhones } from "../../compose/real-parts.js";
import { lockDataFolder } from "../../process/data-folder-lock.js";
import { EXIT } from "../../process/exit-status.js";
import type { EjectFlags } from "./command.js";
import { ejected, ejectWords } from "./eject-and-open.js";

/**
 * Says that it is safe to unplug when that is true: this command has closed what it opened, and no other Rollcall is at
 * work in the data folder. Then asks macOS to eject.
 */
export const eject: CommandBody<EjectFlags> = async ({ settings, output, signal }, flags) => {
  const finder = await realPhones(settings, { mayPair: false });
  const phone = thePhone(await finder.look(signal), flags.phone);
  const name = nameOf(phone);
  // Nobody is at work where nothing was ever begun. Held until the end: no other Rollcall begins meanwhile.
  using _lock = isRollcallsLedger(join(settings.dataFolder, "ledger.sqlite"))
    ? await lockDataFolder(settings.dataFolder).catch((error: unknown) => {
        throw notYet(error);
      })
    : null;
  const end = phone.udid === null ? "not-seen" : await ejected(settings, phone.udid, signal);
  if (output.isJson) {
    await output.document({ phone: { udid: phone.udid, name }, safeToUnplug: true, eject: end }, EXIT.ok);
    return EXIT.ok;
  }
  await output.result(
    `Safe to unplug: Rollcall has nothing open on ${escapeControls(name)}. (Rollcall cannot see what other programs do with it.)`,
    escapeControls(ejectWords(end, name)),
  );
  return EXIT.ok;
};

function notYet(error: unknown): unknown {
  if (!(error instanceof RollcallError) || error.code !== "ANOTHER_ROLLCALL") return error;
  return new RollcallError("ANOTHER_ROLLCALL", {
    message: "Not safe to unplug: another Rollcall is running, and may be reading from it.",
    remedy: "Wait until it has ended, then run this again.",
    cause: error,
  });
}

/** In whatever state: a locked phone can be unplugged, too. */
function thePhone(seen: readonly SeenPhone[], wanted: string | undefined): SeenPhone {
  const meant = phonesMeant(seen, wanted);
  const [first] = meant;
  if (first !== undefined && meant.length === 1) return first;
  if (first === undefined) return choosePhone(seen, wanted); // throws what is the matter
  throw severalPhones(meant, seen);
}
