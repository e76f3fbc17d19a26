import { createHash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Phone, PhoneFileError } from "../../src/phone/phone.js";
import { usbPhoneFinder } from "../../src/usb/detection/usb-phone-finder.js";
import { openUsbPhone } from "../../src/usb/usb-phone.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import * as fault from "../../src/virtual/iphone/iphone-fault.js";
import {
  startVirtualIPhone,
  type VirtualIPhone,
  type VirtualIPhoneOptions,
} from "../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../src/virtual/iphone/virtual-usb-bus.js";

let folder: string;
let iphone: VirtualIPhone | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-usb-"));
});
afterEach(async () => {
  await iphone?.[Symbol.asyncDispose]();
  iphone = undefined;
  rmSync(folder, { recursive: true });
});

function put(path: string, bytes: Buffer | string): void {
  const place = join(folder, "media", path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes);
}

async function start(options: Partial<VirtualIPhoneOptions> = {}): Promise<UsbmuxClient> {
  mkdirSync(join(folder, "media"), { recursive: true });
  const socketPath = join(folder, "mux");
  iphone = await startVirtualIPhone({
    mediaFolder: join(folder, "media"),
    socketPath,
    name: "Anna's iPhone",
    ...options,
  });
  return new UsbmuxClient(usbmuxAddress(iphone.address));
}

async function open(options: Partial<VirtualIPhoneOptions> = {}): Promise<Phone> {
  const usbmux = await start(options);
  return await openUsbPhone(usbmux, iphone?.udid ?? "");
}

async function hashOf(
  phone: Phone,
  path: string,
  offset = 0,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of phone.read(path, { offset })) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}

function expected(bytes: Buffer): { sha256: string; sizeBytes: number } {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: bytes.length };
}

async function listed(phone: Phone, below: string) {
  const entries = [];
  for await (const entry of phone.list(below)) entries.push(entry);
  return entries;
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error,
  );

describe("pieces of a file over AFC", () => {
  const bytes = randomBytes(3_000_000);
  const pieces = Array.from({ length: 300 }, (_, index) => ({
    offset: (index * 7_919_777) % bytes.length,
    sizeBytes: 1 + ((index * 977) % 5_000),
  }));
  const large = Array.from({ length: 6 }, (_, index) => ({
    offset: index * 400_000,
    sizeBytes: 1024 * 1024,
  }));

  test.each([
    ["as it is", []],
    ["with one handle left", [fault.fewHandles(1)]],
    ["that answers short and out of order", [fault.shortReads(), fault.answersOutOfOrder()]],
  ])("come whole from a phone %s, and no handle stays open", async (_what, faults) => {
    put("PhotoData/Photos.sqlite", bytes);
    await using phone = await open({ faults });
    for (const asked of [pieces, large]) {
      let index = 0;
      for await (const chunk of phone.readPieces("/PhotoData/Photos.sqlite", asked)) {
        const { offset, sizeBytes } = asked[index++]!;
        expect(Buffer.compare(chunk, bytes.subarray(offset, offset + sizeBytes))).toBe(0);
      }
      expect(index).toBe(asked.length);
    }
    expect(await phone.describe("/PhotoData/Photos.sqlite")).not.toBeNull();
    expect(iphone!.counters.openHandles).toBe(0);
  });

  test("cost a seek and a read each, whatever the length of the file", async () => {
    put("PhotoData/Photos.sqlite", bytes);
    await using phone = await open();
    let count = 0;
    for await (const _ of phone.readPieces("/PhotoData/Photos.sqlite", pieces)) count += 1;
    expect(count).toBe(300);
    const { afc } = iphone!.counters;
    expect([afc.of("seek"), afc.of("read"), afc.of("file-open")]).toEqual([300, 300, 16]);
  });

  test("of a file that is not there are refused as that file's trouble", async () => {
    await using phone = await open();
    const reading = async () => {
      for await (const _ of phone.readPieces("/PhotoData/Photos.sqlite", pieces));
    };
    expect(await failure(reading())).toBeInstanceOf(PhoneFileError);
  });
});

describe("a phone over usbmux, lockdown, TLS and AFC", () => {
  test("says who it is", async () => {
    await using phone = await open({ iosVersion: "18.5", productType: "iPhone16,1" });
    expect(phone.identity).toEqual({
      udid: iphone?.udid,
      name: "Anna's iPhone",
      productType: "iPhone16,1",
      iosVersion: "18.5",
    });
  });

  test("lists every file at any depth, dot names included, with sizes and times", async () => {
    put("DCIM/100APPLE/IMG_0001.HEIC", "one");
    put("DCIM/100APPLE/été 📱.MOV", "three");
    put("DCIM/.MISC/a/b/.c", "");
    symlinkSync("/etc/passwd", join(folder, "media/DCIM/link"));
    await using phone = await open();
    const entries = await listed(phone, "/DCIM");
    const files = entries.flatMap((entry) =>
      entry.type === "file" ? [[entry.file.path, entry.file.sizeBytes]] : [],
    );
    expect(files.sort()).toEqual([
      ["/DCIM/.MISC/a/b/.c", 0],
      ["/DCIM/100APPLE/IMG_0001.HEIC", 3],
      ["/DCIM/100APPLE/été 📱.MOV", 5],
    ]);
    expect(entries.filter(({ type }) => type === "other")).toEqual([{ type: "other", path: "/DCIM/link" }]);
    expect(
      entries
        .filter(({ type }) => type === "folder")
        .map((entry) => "path" in entry && entry.path)
        .sort(),
    ).toEqual(["/DCIM/.MISC", "/DCIM/.MISC/a", "/DCIM/.MISC/a/b", "/DCIM/100APPLE"]);
    const file = entries.find((entry) => entry.type === "file");
    expect(Math.abs((file?.type === "file" ? file.file.modifiedAtMs : 0) - Date.now())).toBeLessThan(60_000);
  });

  test("a folder that is not there yields nothing, and a file that is not there is null", async () => {
    await using phone = await open();
    expect(await listed(phone, "/PhotoData/CPLAssets")).toEqual([]);
    expect(await phone.describe("/DCIM/none")).toBeNull();
    expect(await phone.describe("/")).toBeNull();
  });

  test.each<[string, fault.IPhoneFault[]]>([
    ["ordinary", []],
    ["answering with a third of each read", [fault.shortReads()]],
    ["answering out of order", [fault.answersOutOfOrder()]],
    ["doing both", [fault.shortReads(), fault.answersOutOfOrder()]],
  ])("files of many sizes are read whole from a phone that is %s", async (_, faults) => {
    const sizes = [0, 1, 65_536, 1_048_575, 1_048_576, 1_048_577, 9_500_000];
    const contents = sizes.map((size) => randomBytes(size));
    for (const [index, bytes] of contents.entries()) put(`DCIM/100APPLE/${index}`, bytes);
    await using phone = await open({ faults });
    const found = await Promise.all(sizes.map((_, index) => hashOf(phone, `/DCIM/100APPLE/${index}`)));
    expect(found).toEqual(contents.map(expected));
    const last = contents.at(-1) ?? Buffer.alloc(0);
    const tail = await hashOf(phone, `/DCIM/100APPLE/${sizes.length - 1}`, 3_000_001);
    expect(tail).toEqual(expected(last.subarray(3_000_001)));
  });

  test("200 files are read side by side, and every handle is closed afterwards", async () => {
    const contents = Array.from({ length: 200 }, (_, index) => Buffer.alloc(5_000 + index, index));
    for (const [index, bytes] of contents.entries()) put(`DCIM/${index}`, bytes);
    await using phone = await open();
    const found = await Promise.all(contents.map((_, index) => hashOf(phone, `/DCIM/${index}`)));
    expect(found).toEqual(contents.map(expected));
    // Asked last, so every close was taken before.
    await phone.describe("/DCIM");
    expect(iphone?.counters.openHandles).toBe(0);
    expect(iphone?.counters.mostHandlesOpen).toBeLessThanOrEqual(32);
  });

  test("leaving a file early closes its handle, and the phone can be used further", async () => {
    put("DCIM/a", randomBytes(1_100_000));
    await using phone = await open();
    for (let round = 0; round < 300; round++) {
      for await (const chunk of phone.read("/DCIM/a")) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(await phone.describe("/DCIM/a")).toMatchObject({ sizeBytes: 1_100_000 });
    expect(iphone?.counters.openHandles).toBe(0);
  });

  test("a file that the phone refuses is that file's trouble alone", async () => {
    put("DCIM/a", "a");
    put("DCIM/b", "b");
    await using phone = await open({ faults: [fault.openRefused("/DCIM/a")] });
    const error = await failure(hashOf(phone, "/DCIM/a"));
    expect(error).toBeInstanceOf(PhoneFileError);
    expect(error).toMatchObject({ path: "/DCIM/a", reason: { code: "FILE_NOT_PERMITTED" } });
    expect(await hashOf(phone, "/DCIM/b")).toEqual(expected(Buffer.from("b")));
  });

  test("a file with two names that the phone will not open says why", async () => {
    put("DCIM/a", "a");
    linkSync(join(folder, "media/DCIM/a"), join(folder, "media/DCIM/b"));
    await using phone = await open({ faults: [fault.hardLinksRefused()] });
    expect(await failure(hashOf(phone, "/DCIM/a"))).toMatchObject({ reason: { code: "FILE_HARD_LINKED" } });
  });

  test("a file that the phone lists and will not describe is unreadable; one that vanished is nothing", async () => {
    put("DCIM/a", "a");
    put("DCIM/b", "b");
    put("DCIM/c", "c");
    const faults = [fault.statRefused("/DCIM/a"), fault.statRefused("/DCIM/b", 8)];
    await using phone = await open({ faults });
    expect(
      (await listed(phone, "/DCIM"))
        .map((entry) => [entry.type, "path" in entry ? entry.path : entry.file.path])
        .sort(),
    ).toEqual([
      ["file", "/DCIM/c"],
      ["unreadable", "/DCIM/a"],
    ]);
  });

  test("a cable pulled in the middle of a file is PHONE_GONE and never the end of the file", async () => {
    put("DCIM/a", randomBytes(8_000_000));
    await using phone = await open({ faults: [fault.cablePulled(3_000_000)] });
    const error = await failure(hashOf(phone, "/DCIM/a"));
    expect(error).toMatchObject({
      code: "PHONE_GONE",
      message: "Anna's iPhone was unplugged or stopped answering.",
      remedy: expect.stringContaining("resumes where it stopped"),
    });
    expect(await failure(phone.describe("/DCIM/a"))).toMatchObject({ code: "PHONE_GONE" });
  });

  test("an idle connection that died while unplugged and plugged in again is replaced without a word", async () => {
    const bytes = randomBytes(7_000_000);
    put("DCIM/a", bytes);
    await using phone = await open();
    expect(await phone.describe("/DCIM/a")).toMatchObject({ sizeBytes: bytes.length });
    iphone?.detach();
    iphone?.attach();
    expect(await phone.describe("/DCIM/a")).toMatchObject({ sizeBytes: bytes.length });
    expect(await hashOf(phone, "/DCIM/a")).toEqual(expected(bytes));
  });

  test("a file is read on where it was when the connection died while nobody asked", async () => {
    const bytes = randomBytes(12_000_000);
    put("DCIM/a", bytes);
    await using phone = await open();
    const hash = createHash("sha256");
    let chunks = 0;
    for await (const chunk of phone.read("/DCIM/a")) {
      hash.update(chunk);
      if (++chunks !== 2) continue;
      // Answered after the reads that were sent ahead, so nothing is under way any more.
      await phone.describe("/DCIM/a");
      iphone?.detach();
      iphone?.attach();
    }
    expect(hash.digest("hex")).toBe(expected(bytes).sha256);
  });

  test("a file that changed while the connection was dead is an error and not a mixture", async () => {
    put("DCIM/a", randomBytes(12_000_000));
    await using phone = await open();
    const reading = (async () => {
      let chunks = 0;
      for await (const _ of phone.read("/DCIM/a")) {
        if (++chunks !== 2) continue;
        await phone.describe("/DCIM/a");
        iphone?.detach();
        put("DCIM/a", randomBytes(12_000_001));
        iphone?.attach();
      }
    })();
    expect(await failure(reading)).toMatchObject({ reason: { code: "FILE_CHANGED" } });
  });

  test("stopping a read or a listing ends it with STOPPED and leaves the phone usable", async () => {
    put("DCIM/a", randomBytes(4_000_000));
    await using phone = await open();
    const stopping = new AbortController();
    const reading = (async () => {
      for await (const _ of phone.read("/DCIM/a", { signal: stopping.signal })) stopping.abort();
    })();
    expect(await failure(reading)).toMatchObject({ code: "STOPPED" });
    const listing = (async () => {
      for await (const _ of phone.list("/", AbortSignal.abort())) throw new Error("it went on");
    })();
    expect(await failure(listing)).toMatchObject({ code: "STOPPED" });
    expect(await phone.describe("/DCIM/a")).not.toBeNull();
  });

  test("a phone that was disposed of answers nothing, and disposing twice is fine", async () => {
    const phone = await open();
    await phone[Symbol.asyncDispose]();
    await phone[Symbol.asyncDispose]();
    expect(await failure(phone.describe("/DCIM"))).toMatchObject({ code: "PHONE_GONE" });
  });
});

describe("what is on the cable", () => {
  test("a phone that trusts this computer is ready, and both witnesses saw it", async () => {
    const usbmux = await start();
    const finder = usbPhoneFinder(usbmux, virtualUsbBus(iphone ? [iphone] : []));
    expect(await finder.look()).toEqual([
      {
        udid: iphone?.udid,
        identity: {
          udid: iphone?.udid,
          name: "Anna's iPhone",
          productType: "iPhone17,3",
          iosVersion: "18.5",
        },
        state: "ready",
        reason: null,
        cableBitsPerSecond: 480_000_000,
        seenBy: { usb: true, usbmuxd: true },
        deviceId: expect.any(Number),
      },
    ]);
    await using phone = await finder.open(iphone?.udid.replace("-", "").toLowerCase() ?? "");
    expect(phone.identity.udid).toBe(iphone?.udid);
  });

  test.each([
    ["locked", "PHONE_LOCKED", /Unlock it/],
    ["not-trusted", "PHONE_NOT_TRUSTED", /tap Trust/],
  ] as const)("a phone that is %s is named, says %s, and cannot be opened", async (state, code, remedy) => {
    const usbmux = await start({ state });
    const finder = usbPhoneFinder(usbmux, { phones: async () => null });
    expect(await finder.look()).toMatchObject([
      {
        state,
        identity: { name: "Anna's iPhone" },
        reason: { code, remedy: expect.stringMatching(remedy) },
        seenBy: { usb: false, usbmuxd: true },
      },
    ]);
    const error = await failure(finder.open(iphone?.udid ?? ""));
    expect(error).toMatchObject({ code, remedy: expect.stringMatching(remedy) });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("PRIVATE KEY");
  });

  test("a phone that only the bus sees is cable-only and says to unlock it", async () => {
    const usbmux = await start();
    const bus = virtualUsbBus(iphone ? [iphone] : []);
    const seen = await bus.phones();
    iphone?.detach();
    const finder = usbPhoneFinder(usbmux, { phones: async () => seen });
    expect(await finder.look()).toMatchObject([
      {
        state: "cable-only",
        identity: null,
        seenBy: { usb: true, usbmuxd: false },
        reason: { code: "PHONE_CABLE_ONLY" },
      },
    ]);
  });

  test("without usbmuxd it says so, or shows what the bus has", async () => {
    const usbmux = new UsbmuxClient({ path: join(folder, "nothing-here") });
    const without = usbPhoneFinder(usbmux, { phones: async () => null });
    expect(await failure(without.look())).toMatchObject({ code: "USBMUXD_ABSENT" });
    const phones = [{ serialNumber: null, productId: 0x12a8, bitsPerSecond: null }];
    const withBus = usbPhoneFinder(usbmux, { phones: async () => phones });
    expect(await withBus.look()).toMatchObject([
      { state: "cable-only", udid: null, reason: { code: "USBMUXD_ABSENT" } },
    ]);
  });

  test("a device that is no iPhone, iPad or iPod is ignored", async () => {
    const usbmux = await start({ productType: "Watch7,1" });
    expect(await usbPhoneFinder(usbmux, { phones: async () => null }).look()).toEqual([]);
  });
});
