import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Phone } from "../../src/phone/phone.js";
import { ReconnectingPhone } from "../../src/phone/reconnecting-phone.js";
import { openUsbPhone } from "../../src/usb/usb-phone.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import {
  answersOutOfOrder,
  listRefused,
  shortReads,
  statRefused,
} from "../../src/virtual/iphone/iphone-fault.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { startVirtualIPhone, type VirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { memoryDisk } from "../memory-disk.js";
import { type PhoneOwner, type PhoneSetUp, phoneContract } from "./phone-contract.js";

const REFUSED = "/DCIM/REFUSED/IMG.JPG";
const SHUT = "/DCIM/SHUT";
const FILES = ["/DCIM/100APPLE/IMG_0001.HEIC", "/DCIM/100APPLE/IMG_0002.MOV"] as const;
const CONTENTS = new Map<string, Uint8Array>([
  [FILES[0], Uint8Array.from({ length: 70_000 }, (_, at) => at % 253)],
  [FILES[1], Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7) % 256)],
]);
const MODIFIED_AT_MS = Date.UTC(2026, 4, 1, 10);

const worldOf = (phone: Phone, owner: PhoneOwner): PhoneSetUp => ({
  phone,
  owner,
  files: FILES,
  content: (path) => CONTENTS.get(path) ?? null,
});

const broken = () => Promise.reject(new Error("nothing broke, so nothing is opened again"));

for (const [what, wrapped] of [
  ["a phone in memory", (phone: Phone) => phone],
  ["a phone that comes back, over one in memory", (phone: Phone) => new ReconnectingPhone(phone, broken)],
] as const) {
  describe(what, () => {
    for (const { says, holds } of phoneContract) {
      it(says, async () => {
        const memory = new MemoryPhone();
        const owner = ownerOfMemory(memory);
        for (const [path, bytes] of CONTENTS) owner.put(path, bytes, MODIFIED_AT_MS);
        memory.refuseToDescribe(REFUSED);
        owner.put(`${SHUT}/IMG.JPG`, Uint8Array.of(1), MODIFIED_AT_MS);
        memory.refuseToList(SHUT);
        await using phone = wrapped(memory);
        await holds(worldOf(phone, owner));
      });
    }
  });
}

/** Over real sockets and TLS. */
for (const [what, behavior, wrapped] of [
  ["a phone over usbmux, lockdown and AFC", [], (phone: Phone) => phone],
  [
    "one that answers short and out of order, and comes back",
    [shortReads(), answersOutOfOrder()],
    (phone: Phone) => new ReconnectingPhone(phone, broken),
  ],
] as const) {
  describe(what, () => {
    let folder: string;
    let iphone: VirtualIPhone;
    beforeAll(async () => {
      folder = mkdtempSync(join(memoryDisk, "rc-"));
      const owner = ownerOfFolder(join(folder, "media"));
      for (const [path, bytes] of CONTENTS) owner.put(path, bytes, MODIFIED_AT_MS);
      for (const path of [REFUSED, `${SHUT}/IMG.JPG`]) owner.put(path, Uint8Array.of(1), MODIFIED_AT_MS);
      iphone = await startVirtualIPhone({
        mediaFolder: join(folder, "media"),
        socketPath: join(folder, "mux"),
        faults: [statRefused(REFUSED), listRefused(SHUT), ...behavior],
      });
    });
    afterAll(async () => {
      await iphone[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    for (const { says, holds } of phoneContract) {
      it(says, async () => {
        const usbmux = new UsbmuxClient(usbmuxAddress(iphone.address));
        await using phone = wrapped(await openUsbPhone(usbmux, iphone.udid));
        await holds(worldOf(phone, ownerOfFolder(join(folder, "media"))));
      });
    }
  });
}

function ownerOfMemory(phone: MemoryPhone): PhoneOwner {
  return {
    put: (path, bytes, modifiedAtMs) => phone.put(path, { bytes, modifiedAt: new Date(modifiedAtMs) }),
    remove: (path) => void phone.remove(path),
    makeFolder: (path) => phone.makeFolder(path),
    link: (path) => phone.putOther(path),
    keepsDuplicatesApart: true,
    refused: REFUSED,
    shut: SHUT,
  };
}

function ownerOfFolder(media: string): PhoneOwner {
  const placeOf = (path: string) => {
    mkdirSync(dirname(join(media, path)), { recursive: true });
    return join(media, path);
  };
  return {
    // As a phone saves: under another name first, so that whoever has the old one open keeps it.
    put(path, bytes, modifiedAtMs) {
      const place = placeOf(path);
      const beside = join(media, "saving");
      writeFileSync(beside, bytes);
      const seconds = (modifiedAtMs + 0.4) / 1000; // or rounding takes a millisecond away
      utimesSync(beside, seconds, seconds);
      renameSync(beside, place);
    },
    remove: (path) => rmSync(placeOf(path)),
    makeFolder: (path) => mkdirSync(placeOf(path), { recursive: true }),
    link(path, to) {
      const place = placeOf(path);
      symlinkSync(relative(dirname(place), join(media, to)), place);
      lutimesSync(place, MODIFIED_AT_MS / 1000, MODIFIED_AT_MS / 1000);
    },
    keepsDuplicatesApart: !existsSync(placeOf("/dcim")),
    refused: REFUSED,
    shut: SHUT,
  };
}
