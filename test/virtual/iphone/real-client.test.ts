import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PhoneEntry } from "../../../src/phone/phone.js";
import { usbPhoneFinder } from "../../../src/usb/detection/usb-phone-finder.js";
import { usbmuxAddress } from "../../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../../src/usb/usbmux/usbmux-client.js";
import { makeCameraRoll } from "../../../src/virtual/iphone/camera-roll.js";
import { answersOutOfOrder, shortReads } from "../../../src/virtual/iphone/iphone-fault.js";
import { startVirtualIPhone } from "../../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../../src/virtual/iphone/virtual-usb-bus.js";
import { temporaryFolder } from "./plugged-in-phone.js";

test.each([
  ["an ordinary phone", []],
  ["a phone with short reads and answers out of order", [shortReads(), answersOutOfOrder()]],
])("Rollcall's own client reads %s: every file, every byte", async (_, faults) => {
  const folder = await temporaryFolder();
  const roll = await makeCameraRoll({ folder: join(folder, "media"), photos: 20 });
  await using phone = await startVirtualIPhone({
    mediaFolder: roll.folder,
    socketPath: join(folder, "s"),
    name: "Anna's iPhone",
    faults,
  });
  const finder = usbPhoneFinder(new UsbmuxClient(usbmuxAddress(phone.address)), virtualUsbBus([phone]));
  expect(await finder.look()).toMatchObject([
    { udid: phone.udid, state: "ready", reason: null, seenBy: { usb: true, usbmuxd: true } },
  ]);
  await using opened = await finder.open(phone.udid);
  expect(opened.identity.name).toBe("Anna's iPhone");

  const listed: PhoneEntry[] = [];
  for await (const entry of opened.list("/DCIM")) listed.push(entry);
  const files = listed.flatMap((entry) => (entry.type === "file" ? [entry.file] : []));
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  expect(
    files.map(({ path, sizeBytes, modifiedAtMs }) => ({ path, sizeBytes, modifiedAtMs })).sort(byPath),
  ).toEqual(
    roll.files
      .map(({ path, sizeBytes, modifiedAt }) => ({ path, sizeBytes, modifiedAtMs: modifiedAt.getTime() }))
      .sort(byPath),
  );
  for (const file of files) {
    const hash = createHash("sha256");
    for await (const chunk of opened.read(file.path)) hash.update(chunk);
    const expected = createHash("sha256")
      .update(readFileSync(join(roll.folder, file.path)))
      .digest("hex");
    expect([file.path, hash.digest("hex")]).toEqual([file.path, expected]);
  }
  expect(phone.counters.bytesRead).toBe(roll.sizeBytes);
  await rm(folder, { recursive: true });
});

test.each(["locked", "not-trusted"] as const)(
  "Rollcall's own client says that a phone is %s",
  async (state) => {
    const folder = await temporaryFolder();
    await using phone = await startVirtualIPhone({
      mediaFolder: folder,
      socketPath: join(folder, "s"),
      state,
    });
    const finder = usbPhoneFinder(new UsbmuxClient(usbmuxAddress(phone.address)), virtualUsbBus([phone]));
    expect(await finder.look()).toMatchObject([{ state }]);
    const code = state === "locked" ? "PHONE_LOCKED" : "PHONE_NOT_TRUSTED";
    await expect(finder.open(phone.udid)).rejects.toMatchObject({ code });
    await rm(folder, { recursive: true });
  },
);
