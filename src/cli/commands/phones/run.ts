import { choosePhone } from "../../../phone/choose-phone.js";
import type { CommandBody } from "../../command-context.js";
import { realPhones } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { phoneLines } from "../../terminal/phone-lines.js";
import type { PhonesFlags } from "./command.js";

/** Shows what is on the cable; ready phones end with status 0, none ready with 5. */
export const phones: CommandBody<PhonesFlags> = async (context, flags) => {
  const { settings, output, signal } = context;
  const finder = await realPhones(settings);
  if (flags.watch === true)
    return await (await import("../../compose/phones-coming-and-going.js")).tellWhoComes(context, finder);
  const seen = await finder.look(signal);
  const status = seen.some(({ state }) => state === "ready") ? EXIT.ok : EXIT.phone;
  if (output.isJson) {
    await output.document({ phones: seen }, status);
    return status;
  }
  if (seen.length === 0) choosePhone(seen); // throws NO_PHONE, which is shown even with --quiet
  await output.result(...phoneLines(seen));
  return status;
};
