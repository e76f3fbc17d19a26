import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { AFC_STATUS, type AfcRequest } from "../../../src/usb/afc/afc-packet.js";
import {
  absentOnPhone,
  answersOutOfOrder,
  cablePulled,
  faultSpellings,
  growsAfterStat,
  type IPhoneFault,
  openRefused,
  parseFault,
  rewrittenWhileRead,
  shortReads,
  shrinksAfterStat,
  slowAnswers,
  slowCable,
  statRefused,
  vanishesAfterStat,
} from "../../../src/virtual/iphone/iphone-fault.js";
import { VirtualCable } from "../../../src/virtual/iphone/virtual-cable.js";
import { pluggedInPhone } from "./plugged-in-phone.js";
import { dial, startAfc } from "./wire-client.js";

const path = "/DCIM/100APPLE/IMG_0001.JPG";
const content = randomBytes(3_000_000);
const phoneThat = (...faults: IPhoneFault[]) =>
  pluggedInPhone({ [path.slice(1)]: content, "DCIM/other": "other" }, { faults });
const stat = (asked: string): AfcRequest => ({ operation: "get-file-info", path: asked });
const open = (asked: string): AfcRequest => ({ operation: "file-open", mode: 1n, path: asked });

describe("one thing at a time goes wrong", () => {
  test("short reads give less than asked, and all of it in the end", async () => {
    await using here = await phoneThat(shortReads());
    using afc = await startAfc(here.socketPath, here.phone.udid);
    const handle = await afc.open(path);
    const chunks: Buffer[] = [];
    for (;;) {
      const { bytes } = await afc.afc({ operation: "read", handle, sizeBytes: 1_000_000 });
      if (bytes.length === 0) break;
      expect(bytes.length).toBeLessThan(1_000_000);
      chunks.push(bytes);
    }
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
  });

  test("answers out of order each bear the number of their request", async () => {
    await using here = await phoneThat(answersOutOfOrder());
    using afc = await startAfc(here.socketPath, here.phone.udid);
    const sent = new Map(
      [path, "/DCIM", "/DCIM/other", path, "/DCIM", "/DCIM/other", "/"].map((asked) => [
        afc.send(stat(asked)),
        asked,
      ]),
    );
    const came: number[] = [];
    for (let count = 0; count < sent.size; count++) {
      const answer = await afc.next();
      expect(answer.bytes.toString()).toContain(
        sent.get(answer.packetNumber) === path ? "S_IFREG" : "st_size",
      );
      came.push(answer.packetNumber);
    }
    expect([...came].sort((a, b) => a - b)).toEqual([...sent.keys()]);
    expect(came).not.toEqual([...sent.keys()]);
  });

  test("the cable is pulled after so many bytes: a cut answer, every connection gone, listeners told", async () => {
    await using here = await phoneThat(cablePulled(1_500_000));
    using listener = await dial(here.socketPath);
    await listener.usbmux({ MessageType: "Listen" });
    await listener.usbmuxMessage();
    using idle = await startAfc(here.socketPath, here.phone.udid);
    await idle.names("/");
    using afc = await startAfc(here.socketPath, here.phone.udid);
    const handle = await afc.open(path);
    const request: AfcRequest = { operation: "read", handle, sizeBytes: 1_000_000 };
    expect((await afc.afc(request)).bytes.equals(content.subarray(0, 1_000_000))).toBe(true);
    await expect(afc.afc(request)).rejects.toMatchObject({ missingBytes: 500_000 });
    expect(await listener.usbmuxMessage()).toMatchObject({ MessageType: "Detached" });
    await idle.closed();
    here.phone.attach();
    using again = await startAfc(here.socketPath, here.phone.udid);
    expect(await again.names("/DCIM")).toContain("other");
  });

  test("one path is refused and the others are not", async () => {
    await using here = await phoneThat(openRefused(path), statRefused("/DCIM/other", AFC_STATUS.readError));
    using afc = await startAfc(here.socketPath, here.phone.udid);
    expect(await afc.afcStatus(open(path))).toBe(AFC_STATUS.permissionDenied);
    expect(await afc.afcStatus(stat("/DCIM/other"))).toBe(AFC_STATUS.readError);
    expect((await afc.describe(path)).sizeBytes).toBe(content.length);
    expect((await afc.afc(open("/DCIM/other"))).type).toBe("handle");
  });

  test("a file vanishes after it was described", async () => {
    await using here = await phoneThat(vanishesAfterStat(path));
    using afc = await startAfc(here.socketPath, here.phone.udid);
    expect((await afc.describe(path)).sizeBytes).toBe(content.length);
    expect(await afc.afcStatus(open(path))).toBe(AFC_STATUS.notFound);
    expect(await afc.afcStatus(stat(path))).toBe(AFC_STATUS.notFound);
  });

  test.each([
    ["shorter", shrinksAfterStat(path), 1_500_000],
    ["longer", growsAfterStat(path, 10), 3_000_010],
  ])("a file is %s when read than it was described", async (_, fault, expectedBytes) => {
    await using here = await phoneThat(fault);
    using afc = await startAfc(here.socketPath, here.phone.udid);
    expect((await afc.describe(path)).sizeBytes).toBe(content.length);
    const handle = await afc.open(path);
    const { bytes } = await afc.afc({ operation: "read", handle, sizeBytes: 4_000_000 });
    expect(bytes.length).toBe(expectedBytes);
    const common = Math.min(expectedBytes, content.length);
    expect(bytes.subarray(0, common).equals(content.subarray(0, common))).toBe(true);
  });

  test("a file is rewritten while it is read: as long as before, with other bytes and another time", async () => {
    await using here = await phoneThat(rewrittenWhileRead(path, 1_000_000));
    using afc = await startAfc(here.socketPath, here.phone.udid);
    const before = await afc.describe(path);
    const handle = await afc.open(path);
    const read = async () => (await afc.afc({ operation: "read", handle, sizeBytes: 1_000_000 })).bytes;
    expect((await read()).equals(content.subarray(0, 1_000_000))).toBe(true);
    expect(await afc.describe(path)).toEqual(before);
    const rewritten = content.map((byte) => byte ^ 0xff);
    expect((await read()).equals(rewritten.subarray(1_000_000, 2_000_000))).toBe(true);
    const modifiedAtNs = before.modifiedAtNs + 1_000_000_000n;
    expect(await afc.describe(path)).toEqual({ ...before, modifiedAtNs });
  });

  test("a file that is absent is neither listed nor described nor opened, and the others are", async () => {
    await using here = await phoneThat(absentOnPhone(path));
    using afc = await startAfc(here.socketPath, here.phone.udid);
    expect(await afc.names("/DCIM/100APPLE")).toEqual([".", ".."]);
    expect(await afc.afcStatus(stat(path))).toBe(AFC_STATUS.notFound);
    expect(await afc.afcStatus(open(path))).toBe(AFC_STATUS.notFound);
    expect((await afc.names("/DCIM")).sort()).toEqual([".", "..", "100APPLE", "other"]);
  });

  test("slow answers come, in order and whole", async () => {
    await using here = await phoneThat(slowAnswers(3), slowCable(400_000_000));
    using afc = await startAfc(here.socketPath, here.phone.udid);
    const numbers = Array.from({ length: 30 }, () => afc.send(stat(path)));
    for (const number of numbers) expect((await afc.next()).packetNumber).toBe(number);
    const handle = await afc.open(path);
    const { bytes } = await afc.afc({ operation: "read", handle, sizeBytes: 4_000_000 });
    expect(bytes.equals(content)).toBe(true);
  });
});

describe("the cable", () => {
  test("lets delays overlap and bytes queue", () => {
    const cable = new VirtualCable({
      replyDelayMs: 10,
      bytesPerSecond: 1_000_000,
      cableFaults: [],
      onPulled: () => {},
    });
    expect(cable.throughAtMs(100, 0)).toBe(110);
    expect(cable.throughAtMs(100, 0)).toBe(110);
    expect(cable.throughAtMs(100, 5_000)).toBe(115);
    expect(cable.throughAtMs(100, 5_000)).toBe(120);
    expect(cable.throughAtMs(200, 1_000)).toBe(211);
  });
});

describe("fault by name", () => {
  test("every listed spelling is understood once its value is filled in", () => {
    for (const spelling of faultSpellings) {
      const filled = spelling.replace("=PATH", "=/DCIM/a=b,c").replace(/=[A-Z_]+$/, "=5000");
      expect(parseFault(filled).name).toBe(spelling.replace(/=.*/, ""));
    }
  });

  test.each([
    "",
    "slow",
    "latency",
    "latency=",
    "latency=-1",
    "latency=soon",
    "short-reads=3",
    "vanishes=IMG_1",
    "__proto__",
  ])("%j is refused with the list of those that exist", (text) => {
    expect(() => parseFault(text)).toThrow(
      expect.objectContaining({
        code: "BAD_USAGE",
        remedy: expect.stringContaining("cable-pulled=AFTER_BYTES"),
      }),
    );
  });
});
