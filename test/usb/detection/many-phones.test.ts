import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as letOthersRun } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { usbPhoneFinder } from "../../../src/usb/detection/usb-phone-finder.js";
import { UsbmuxClient } from "../../../src/usb/usbmux/usbmux-client.js";
import { attached, ScriptedUsbmuxd } from "../usbmux/scripted-usbmuxd.js";

let folder: string;
let daemon: ScriptedUsbmuxd;
const warnings: Error[] = [];
const hear = (warning: Error) => void warnings.push(warning);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-many-"));
  warnings.length = 0;
  process.on("warning", hear);
});
afterEach(async () => {
  process.off("warning", hear);
  await daemon[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** So many phones that usbmuxd lists and that take no connection. */
async function finderOf(phones: number) {
  const DeviceList = Array.from({ length: phones }, (_, at) =>
    attached(at + 1, `00008110-${String(at).padStart(16, "0")}`),
  );
  daemon = await ScriptedUsbmuxd.start(join(folder, "mux"), ({ MessageType }) =>
    MessageType === "ListDevices" ? { DeviceList } : { MessageType: "Result", Number: 3 },
  );
  return usbPhoneFinder(new UsbmuxClient({ path: join(folder, "mux") }), { phones: async () => null });
}

test("forty phones at once are forty phones, and Node warns of nothing", async () => {
  const finder = await finderOf(40);
  const seen = await finder.look(new AbortController().signal);
  await letOthersRun();
  expect(seen).toHaveLength(40);
  expect(warnings).toEqual([]);
});

test("a usbmuxd that lists more phones than a computer can have is not believed", async () => {
  const finder = await finderOf(501);
  await expect(finder.look()).rejects.toMatchObject({
    code: "USBMUXD_TROUBLE",
    why: "Its answer could not be read: usbmuxd's answer lists 501 devices, of 500 at most.",
  });
  expect(daemon.requests).toEqual(["ListDevices"]);
});
