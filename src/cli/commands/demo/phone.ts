import { RollcallError } from "../../../errors.js";
import { parseFault } from "../../../virtual/iphone/iphone-fault.js";
import { isVirtualPhoneState, VIRTUAL_PHONE_STATES } from "../../../virtual/iphone/phone-state.js";
import { startVirtualIPhone } from "../../../virtual/iphone/virtual-iphone.js";
import type { CommandBody } from "../../command-context.js";
import { EXIT } from "../../process/exit-status.js";
import { typedPath } from "../../process/typed-path.js";
import { sendErr, writeOut } from "../../terminal/standard-output.js";
import type { DemoPhoneFlags } from "./command.js";

/** Serves a media folder as an iPhone until it is stopped. */
export const demoPhone: CommandBody<DemoPhoneFlags> = async ({ signal }, flags) => {
  const { state } = flags;
  if (!isVirtualPhoneState(state)) {
    throw new RollcallError("BAD_USAGE", {
      message: `--state: ${JSON.stringify(state)} is not a state of a phone.`,
      remedy: `Use ${Object.keys(VIRTUAL_PHONE_STATES).join(", ")}.`,
    });
  }
  await using phone = await startVirtualIPhone({
    mediaFolder: typedPath("--media", flags.media),
    socketPath: typedPath("--socket", flags.socket),
    udid: flags.udid,
    name: flags.name,
    state,
    faults: flags.fault.map(parseFault),
  });
  if (signal.aborted) return EXIT.ok;
  const stopped = new Promise<void>((settle) =>
    signal.addEventListener("abort", () => settle(), { once: true }),
  );
  await writeOut("ready\n");
  sendErr(`${phone.name} (${phone.udid}) is served: USBMUXD_SOCKET_ADDRESS=${phone.address}\n`);
  await stopped;
  return EXIT.ok;
};
