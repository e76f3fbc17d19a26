import { createHash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseKeyValueText } from "../../../src/usb/afc/afc-file-info.js";
import { AFC_STATUS, type AfcRequest, encodeAfcHeader } from "../../../src/usb/afc/afc-packet.js";
import { hardLinksRefused } from "../../../src/virtual/iphone/iphone-fault.js";
import { type PluggedInPhone, pluggedInPhone } from "./plugged-in-phone.js";
import { startAfc } from "./wire-client.js";

const photo = randomBytes(5000);
let here: PluggedInPhone;

beforeAll(async () => {
  here = await pluggedInPhone({ "DCIM/100APPLE/IMG_0001.JPG": photo, "DCIM/100APPLE/IMG_0002.MOV": "video" });
  const dcim = join(here.mediaFolder, "DCIM");
  symlinkSync("IMG_0001.JPG", join(dcim, "100APPLE/inside"));
  symlinkSync("/etc/passwd", join(dcim, "100APPLE/outside"));
  symlinkSync("/etc", join(dcim, "etc"));
  writeFileSync(join(dcim, "100APPLE/Zu\u0308rich.JPG"), "decomposed");
});
afterAll(async () => await here[Symbol.asyncDispose]());

const connect = () => startAfc(here.socketPath, here.phone.udid);
const open = (path: string, mode = 1n): AfcRequest => ({ operation: "file-open", mode, path });

describe("AFC", () => {
  test("lists a folder with . and .. and names as they are spelled", async () => {
    using afc = await connect();
    expect((await afc.names("/DCIM/100APPLE")).sort()).toEqual(
      [".", "..", "IMG_0001.JPG", "IMG_0002.MOV", "inside", "outside", "Zu\u0308rich.JPG"].sort(),
    );
    expect(await afc.afcStatus({ operation: "read-dir", path: "/Nowhere" })).toBe(AFC_STATUS.notFound);
  });

  test("describes files in nanoseconds, folders and links", async () => {
    const path = join(here.mediaFolder, "DCIM/100APPLE/IMG_0001.JPG");
    utimesSync(path, 1_700_000_000.25, 1_700_000_000.25);
    using afc = await connect();
    const file = await afc.describe("/DCIM/100APPLE/IMG_0001.JPG");
    expect(file).toMatchObject({ fileType: "S_IFREG", sizeBytes: 5000, linkCount: 1, linkTarget: null });
    expect(file.modifiedAtNs).toBe(1_700_000_000_250_000_000n);
    expect(file.bornAtNs).toBeLessThanOrEqual(file.modifiedAtNs);
    const folder = await afc.describe("/DCIM");
    expect(folder.fileType).toBe("S_IFDIR");
    expect(folder.linkCount).toBeGreaterThanOrEqual(2);
    expect(await afc.describe("/DCIM/100APPLE/outside")).toMatchObject({
      fileType: "S_IFLNK",
      linkTarget: "/etc/passwd",
    });
  });

  test("reads, seeks, ends with nothing, and closes", async () => {
    using afc = await connect();
    const handle = await afc.open("/DCIM/100APPLE/IMG_0001.JPG");
    const read = async (sizeBytes: number) => (await afc.afc({ operation: "read", handle, sizeBytes })).bytes;
    const seek = (whence: number, offsetBytes: bigint) =>
      afc.afcStatus({ operation: "seek", handle, whence, offsetBytes });
    expect(await read(4000)).toEqual(photo.subarray(0, 4000));
    expect(await read(4000)).toEqual(photo.subarray(4000));
    expect((await read(4000)).length).toBe(0);
    expect(await seek(0, 10n)).toBe(0);
    expect(await read(5)).toEqual(photo.subarray(10, 15));
    expect(await seek(1, -5n)).toBe(0);
    expect(await read(5)).toEqual(photo.subarray(10, 15));
    expect(await seek(2, -1n)).toBe(0);
    expect(await read(5)).toEqual(photo.subarray(4999));
    expect(await seek(0, -1n)).toBe(AFC_STATUS.invalidArgument);
    expect(await seek(3, 0n)).toBe(AFC_STATUS.invalidArgument);
    expect(await afc.afcStatus({ operation: "lock", handle, kind: 5n })).toBe(0);
    expect(await afc.afcStatus({ operation: "close", handle })).toBe(0);
    expect(await afc.afcStatus({ operation: "close", handle })).toBe(AFC_STATUS.invalidArgument);
    expect(await afc.afcStatus({ operation: "read", handle, sizeBytes: 1 })).toBe(AFC_STATUS.invalidArgument);
  });

  test("counts handles from 1", async () => {
    using afc = await connect();
    expect(await afc.open("/DCIM/100APPLE/IMG_0001.JPG")).toBe(1n);
    expect(await afc.open("/DCIM/100APPLE/IMG_0001.JPG")).toBe(2n);
  });

  test("answers many requests sent ahead, each under its number", async () => {
    using afc = await connect();
    const numbers = Array.from({ length: 200 }, (_, index) =>
      afc.send({ operation: "get-file-info", path: index % 2 === 0 ? "/DCIM" : "/Nowhere" }),
    );
    for (const number of numbers) {
      const answer = await afc.next();
      expect(answer.packetNumber).toBe(number);
      expect(answer.type).toBe(number % 2 === 1 ? "data" : "status");
    }
  });

  test("follows a link inside, and never one that leads out", async () => {
    using afc = await connect();
    const handle = await afc.open("/DCIM/100APPLE/inside");
    const { bytes } = await afc.afc({ operation: "read", handle, sizeBytes: 9999 });
    expect(bytes).toEqual(photo);
    for (const path of [
      "/DCIM/100APPLE/outside",
      "/DCIM/etc/passwd",
      "/../../etc/passwd",
      "/DCIM/../../x",
      "../etc/passwd",
    ]) {
      expect([path, await afc.afcStatus(open(path))]).toEqual([path, AFC_STATUS.permissionDenied]);
    }
    expect(await afc.afcStatus({ operation: "read-dir", path: "/DCIM/etc" })).toBe(
      AFC_STATUS.permissionDenied,
    );
    const info: AfcRequest = { operation: "get-file-info", path: "/DCIM/etc/passwd" };
    expect(await afc.afcStatus(info)).toBe(AFC_STATUS.permissionDenied);
    expect(await afc.names("/DCIM/100APPLE/../../DCIM/./")).toContain("100APPLE");
  });

  test("opens files only, for reading only", async () => {
    using afc = await connect();
    expect(await afc.afcStatus(open("/DCIM/100APPLE"))).toBe(AFC_STATUS.isFolder);
    expect(await afc.afcStatus(open("/DCIM/100APPLE/IMG_9999.JPG"))).toBe(AFC_STATUS.notFound);
    for (const mode of [2n, 3n, 4n, 5n, 6n]) {
      const path = "/DCIM/100APPLE/IMG_0001.JPG";
      expect(await afc.afcStatus(open(path, mode))).toBe(AFC_STATUS.permissionDenied);
    }
    for (const code of [0x08, 0x09, 0x10, 0x15, 0x18, 0x1c, 0x1e]) {
      expect(await afc.afcStatus({ operation: "other", code })).toBe(AFC_STATUS.permissionDenied);
    }
    expect(await afc.afcStatus({ operation: "other", code: 0x77 })).toBe(AFC_STATUS.unknownPacket);
  });

  test("refuses an argument that is missing, and ends where a header is none", async () => {
    using afc = await connect();
    afc.stream.write(encodeAfcHeader({ packetNumber: 1, operation: 0x0f, argumentBytes: 0 }));
    expect(await afc.next()).toMatchObject({ type: "status", status: AFC_STATUS.invalidArgument });
    afc.stream.write(Buffer.alloc(40, 0x41));
    expect(await afc.next()).toMatchObject({ type: "status", status: AFC_STATUS.headerInvalid });
    await afc.closed();
    using long = await connect();
    long.stream.write(
      encodeAfcHeader({ packetNumber: 9, operation: 0x10, argumentBytes: 16, dataBytes: 2 ** 40 }),
    );
    expect(await long.next()).toMatchObject({ packetNumber: 9, status: AFC_STATUS.tooMuchData });
    await long.closed();
  });

  test("understands requests that arrive byte by byte", async () => {
    using afc = await connect();
    const path = Buffer.from("/DCIM/100APPLE/IMG_0001.JPG");
    const header = encodeAfcHeader({ packetNumber: 5, operation: 0x0a, argumentBytes: path.length });
    for (const byte of Buffer.concat([header, path])) afc.stream.write(Buffer.from([byte]));
    expect(await afc.next()).toMatchObject({ type: "data", packetNumber: 5 });
  });

  test("gives the sizes of the disk", async () => {
    using afc = await connect();
    const info = parseKeyValueText((await afc.afc({ operation: "get-device-info" })).bytes);
    expect(info.get("Model")).toBe("iPhone17,3");
    expect(Number(info.get("FSTotalBytes"))).toBeGreaterThanOrEqual(Number(info.get("FSFreeBytes")));
  });
});

describe("the limits of a phone", () => {
  test("240 files may be open, and closing the connection closes them", async () => {
    await using full = await pluggedInPhone({ "DCIM/a": "a" });
    const afc = await startAfc(full.socketPath, full.phone.udid);
    for (let count = 0; count < 240; count++) await afc.open("/DCIM/a");
    expect(await afc.afcStatus(open("/DCIM/a"))).toBe(AFC_STATUS.noResources);
    expect(full.phone.counters.mostHandlesOpen).toBe(240);
    afc.stream.destroy();
    using next = await startAfc(full.socketPath, full.phone.udid);
    expect(await next.open("/DCIM/a")).toBe(1n);
    expect(full.phone.counters.openHandles).toBe(1);
  });

  test("a file above 4 GiB has its right size and can be read behind it", async () => {
    await using large = await pluggedInPhone({ "DCIM/100APPLE/IMG_0001.MOV": "" });
    const sizeBytes = 5 * 2 ** 30 + 7;
    truncateSync(join(large.mediaFolder, "DCIM/100APPLE/IMG_0001.MOV"), sizeBytes);
    using afc = await startAfc(large.socketPath, large.phone.udid);
    expect((await afc.describe("/DCIM/100APPLE/IMG_0001.MOV")).sizeBytes).toBe(sizeBytes);
    const handle = await afc.open("/DCIM/100APPLE/IMG_0001.MOV");
    await afc.afc({ operation: "seek", handle, whence: 0, offsetBytes: BigInt(sizeBytes - 5) });
    expect((await afc.afc({ operation: "read", handle, sizeBytes: 100 })).bytes).toEqual(Buffer.alloc(5));
  });

  test("a read gives 4 MiB at most", async () => {
    await using large = await pluggedInPhone({ "DCIM/a": Buffer.alloc(5 * 2 ** 20, 1) });
    using afc = await startAfc(large.socketPath, large.phone.udid);
    const handle = await afc.open("/DCIM/a");
    const { bytes } = await afc.afc({ operation: "read", handle, sizeBytes: 8 * 2 ** 20 });
    expect(bytes.length).toBe(4 * 2 ** 20);
  });

  test("who does not take answers is not read for", async () => {
    await using here = await pluggedInPhone({ "DCIM/a": Buffer.alloc(2 ** 20, 1) });
    using afc = await startAfc(here.socketPath, here.phone.udid);
    const handle = await afc.open("/DCIM/a");
    afc.stream.pause();
    for (let count = 0; count < 100; count++) {
      afc.send({ operation: "seek", handle, whence: 0, offsetBytes: 0n });
      afc.send({ operation: "read", handle, sizeBytes: 2 ** 20 });
    }
    // Another connection is served meanwhile, which shows that the first was worked on as far as it goes.
    using other = await startAfc(here.socketPath, here.phone.udid);
    await other.names("/DCIM");
    expect(here.phone.counters.bytesRead).toBeLessThan(32 * 2 ** 20);
    let readBytes = 0;
    for (let count = 0; count < 200; count++) readBytes += (await afc.next()).bytes.length;
    expect(readBytes).toBe(100 * 2 ** 20);
  });

  test("a file with two names is opened, unless the phone refuses hard links", async () => {
    const status = async (faults: Parameters<typeof pluggedInPhone>[1]) => {
      await using linked = await pluggedInPhone({ "DCIM/a": "a" }, faults);
      linkSync(join(linked.mediaFolder, "DCIM/a"), join(linked.mediaFolder, "DCIM/b"));
      using afc = await startAfc(linked.socketPath, linked.phone.udid);
      expect((await afc.describe("/DCIM/b")).linkCount).toBe(2);
      return (await afc.afc(open("/DCIM/b"))).type;
    };
    expect(await status({})).toBe("handle");
    expect(await status({ faults: [hardLinksRefused()] })).toBe("status");
  });

  test("a media folder without PhotoData is served as it is", async () => {
    await using plain = await pluggedInPhone({ "DCIM/100APPLE/IMG_0001.JPG": "x" });
    mkdirSync(join(plain.mediaFolder, "Books"));
    using afc = await startAfc(plain.socketPath, plain.phone.udid);
    expect((await afc.names("/")).sort()).toEqual([".", "..", "Books", "DCIM"]);
    const missing: AfcRequest = { operation: "get-file-info", path: "/PhotoData/Photos.sqlite" };
    expect(await afc.afcStatus(missing)).toBe(AFC_STATUS.notFound);
  });

  test("several megabytes come through whole, many reads sent ahead", async () => {
    const content = randomBytes(6 * 2 ** 20 + 123);
    await using large = await pluggedInPhone({ "DCIM/a": content });
    using afc = await startAfc(large.socketPath, large.phone.udid);
    const handle = await afc.open("/DCIM/a");
    for (let count = 0; count < 8; count++) afc.send({ operation: "read", handle, sizeBytes: 2 ** 20 });
    const hash = createHash("sha256");
    for (let count = 0; count < 8; count++) hash.update((await afc.next()).bytes);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(content).digest("hex"));
    expect(large.phone.counters.bytesRead).toBe(content.length);
    expect(large.phone.counters.afc.of("read")).toBe(8);
  });
});
