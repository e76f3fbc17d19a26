import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Phone } from "../../src/phone/phone.js";
import { ReconnectingPhone } from "../../src/phone/reconnecting-phone.js";
import type { Questions } from "../../src/run/run-parts.js";
import { openUsbPhone } from "../../src/usb/usb-phone.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import { impostor } from "../../src/virtual/iphone/iphone-fault.js";
import { startVirtualIPhone, type VirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { ImportHarness } from "./import-harness.js";

const yes = {
  confirmFirstRun: async () => true,
  chooseICloud: async () => "import" as const,
} satisfies Questions;

/** A phone with the number of the approved one, whose record of trust the system has. */
async function onTheCable(harness: ImportHarness, how: "no-tls" | "own-key" | null): Promise<VirtualIPhone> {
  const mediaFolder = join(harness.folder, "media");
  mkdirSync(join(mediaFolder, "DCIM/100APPLE"), { recursive: true });
  writeFileSync(
    join(mediaFolder, "DCIM/100APPLE/IMG_0001.JPG"),
    Buffer.from("\xff\xd8\xff\xe0 a picture", "latin1"),
  );
  const phone = await startVirtualIPhone({
    mediaFolder,
    socketPath: join(harness.folder, `usb${how ?? ""}`),
    faults: how === null ? [] : [impostor(how)],
  });
  onTestFinished(() => phone[Symbol.asyncDispose]());
  return phone;
}

async function opened(phone: VirtualIPhone): Promise<Phone> {
  const open = await openUsbPhone(new UsbmuxClient(usbmuxAddress(phone.address)), phone.udid);
  onTestFinished(() => open[Symbol.asyncDispose]());
  return open;
}

function harness(): ImportHarness {
  const made = new ImportHarness();
  onTestFinished(() => made[Symbol.dispose]());
  made.photos.launch();
  return made;
}

const APPROVED = { approvedOnly: true, withoutPhoneLibrary: true } as const;

test("the approved phone proves the key of the record, and is imported from by itself", async () => {
  const here = harness();
  const phone = await opened(await onTheCable(here, null));
  expect(phone.key).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), isOfRecord: true });
  here.questions = yes;
  await here.import(phone, { withoutPhoneLibrary: true });
  here.questions = null;
  await expect(here.import(phone, APPROVED)).resolves.toBeDefined();
});

test("a device that begins a session without TLS is refused by every command, and no file is asked for", async () => {
  const here = harness();
  const phone = await onTheCable(here, "no-tls");
  await expect(opened(phone)).rejects.toMatchObject({
    code: "PHONE_NOT_PROVED",
    message: expect.stringContaining("did not prove that it is the iPhone"),
  });
  expect(phone.counters.lockdown.of("StartService")).toBe(0);
});

test("a device with another key is a stranger to an unattended run: nothing of it is listed or copied", async () => {
  const here = harness();
  here.questions = yes;
  await here.import(await opened(await onTheCable(here, null)), { withoutPhoneLibrary: true });
  here.questions = null;
  const phone = await opened(await onTheCable(here, "own-key"));
  expect(phone.key?.isOfRecord).toBe(false);
  const staged = readdirSync(here.stagingFolder, { recursive: true });
  await expect(here.import(phone, APPROVED)).rejects.toMatchObject({
    code: "PHONE_NOT_APPROVED",
    message: expect.stringContaining("did not prove that it is the iPhone that was approved"),
  });
  expect(readdirSync(here.stagingFolder, { recursive: true })).toEqual(staged);
});

test("a phone whose record has another key works again once a person imports, and its key is remembered", async () => {
  const here = harness();
  const phone = await opened(await onTheCable(here, "own-key"));
  here.questions = yes;
  await here.import(phone, { withoutPhoneLibrary: true });
  here.questions = null;
  await expect(here.import(phone, APPROVED)).resolves.toBeDefined();
});

test("a device with another key does not take the place of a phone that went away in the middle", async () => {
  const here = harness();
  const first = await onTheCable(here, null);
  const other = await opened(await onTheCable(here, "own-key"));
  const steady = new ReconnectingPhone(await opened(first), async () => other);
  first.detach();
  await expect(steady.describe("/DCIM/100APPLE/IMG_0001.JPG")).rejects.toMatchObject({
    code: "PHONE_NOT_PROVED",
    message: expect.stringContaining("it has another key"),
  });
  await steady[Symbol.asyncDispose]();
});
