import { describe, test } from "vitest";
import { type Phone, sameUdid } from "../../src/phone/phone.js";
import { openUsbPhone } from "../../src/usb/usb-phone.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import { phoneContract } from "./phone-contract.js";

const udid = process.env.ROLLCALL_TEST_PHONE ?? "";
const reason = udid === "" ? "ROLLCALL_TEST_PHONE names no phone (its UDID; rollcall phones says it)" : null;

/** Asked of a phone that is plugged in, trusted and unlocked. It is only read, and the two smallest of its files alone. */
describe("the phone that ROLLCALL_TEST_PHONE names", () => {
  const usbmux = new UsbmuxClient(usbmuxAddress(process.env.USBMUXD_SOCKET_ADDRESS));
  let files: readonly [string, string] | null = null;

  for (const { says, needsOwner, holds } of phoneContract) {
    if (needsOwner) continue;
    test(says, async (context) => {
      context.skip(reason !== null, reason ?? "");
      const listed = (await usbmux.listDevices()).find((device) => sameUdid(device.udid, udid));
      await using phone = await openUsbPhone(usbmux, listed?.udid ?? udid);
      files ??= await smallestFiles(phone);
      await holds({ phone, files, content: () => null, owner: null });
    });
  }
});

async function smallestFiles(phone: Phone): Promise<readonly [string, string]> {
  const found: { path: string; sizeBytes: number }[] = [];
  for await (const entry of phone.list("/DCIM"))
    if (entry.type === "file" && entry.file.sizeBytes > 2) found.push(entry.file);
  const [one, other] = found.sort((a, b) => a.sizeBytes - b.sizeBytes);
  if (one === undefined || other === undefined) throw new Error("the phone needs two photos");
  return [one.path, other.path];
}
