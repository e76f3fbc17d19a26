import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { swappedPort, USBMUX_HEADER_BYTES } from "../../../src/usb/usbmux/usbmux-packet.js";
import { startVirtualIPhone } from "../../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../../src/virtual/iphone/virtual-usb-bus.js";
import { startVirtualUsbmuxd } from "../../../src/virtual/iphone/virtual-usbmuxd.js";
import { pluggedInPhone, temporaryFolder } from "./plugged-in-phone.js";
import { askUsbmux, deviceIds, dial, dialPort } from "./wire-client.js";

describe("usbmuxd", () => {
  test("lists the phone with what clients look for", async () => {
    await using here = await pluggedInPhone();
    const answer = await askUsbmux(here.socketPath, { MessageType: "ListDevices" });
    expect(answer.DeviceList).toEqual([
      {
        MessageType: "Attached",
        DeviceID: 1,
        Properties: expect.objectContaining({
          ConnectionType: "USB",
          DeviceID: 1,
          ProductID: 0x12a8,
          SerialNumber: here.phone.udid,
        }),
      },
    ]);
  });

  test("tells a listener who is there, who goes and who comes back under a new number", async () => {
    await using here = await pluggedInPhone();
    using listener = await dial(here.socketPath);
    expect(await listener.usbmux({ MessageType: "Listen" })).toMatchObject({ Number: 0 });
    expect(await listener.usbmuxMessage()).toMatchObject({ MessageType: "Attached", DeviceID: 1 });
    here.phone.detach();
    expect(await listener.usbmuxMessage()).toEqual({ MessageType: "Detached", DeviceID: 1 });
    expect(await deviceIds(here.socketPath)).toEqual([]);
    here.phone.attach();
    expect(await listener.usbmuxMessage()).toMatchObject({ MessageType: "Attached", DeviceID: 2 });
    expect(await deviceIds(here.socketPath)).toEqual([2]);
  });

  test("takes no command from a listener, and closes", async () => {
    await using here = await pluggedInPhone();
    using listener = await dial(here.socketPath);
    await listener.usbmux({ MessageType: "Listen" });
    await listener.usbmuxMessage();
    expect(await listener.usbmux({ MessageType: "ListDevices" })).toMatchObject({ Number: 1 });
    await listener.closed();
  });

  test("refuses an unknown request, device and port by their numbers", async () => {
    await using here = await pluggedInPhone();
    const connectTo = (DeviceID: number, port: number) =>
      askUsbmux(here.socketPath, { MessageType: "Connect", DeviceID, PortNumber: swappedPort(port) });
    expect(await askUsbmux(here.socketPath, { MessageType: "Format" })).toMatchObject({ Number: 1 });
    expect(await connectTo(99, 62078)).toMatchObject({ Number: 2 });
    expect(await connectTo(1, 4711)).toMatchObject({ Number: 3 });
  });

  test("answers bad version to the binary protocol, and ends where a message is too long", async () => {
    await using here = await pluggedInPhone();
    using old = await dial(here.socketPath);
    const header = Buffer.alloc(USBMUX_HEADER_BYTES);
    header.writeUInt32LE(USBMUX_HEADER_BYTES, 0);
    header.writeUInt32LE(3, 8);
    old.stream.write(header);
    expect(await old.usbmuxMessage()).toMatchObject({ Number: 6 });
    using long = await dial(here.socketPath);
    header.writeUInt32LE(65 * 1024, 0);
    long.stream.write(header);
    await long.closed();
  });

  test("keeps, gives and deletes pair records, and tells listeners of one for a phone that is there", async () => {
    await using here = await pluggedInPhone({}, { state: "not-trusted" });
    const record = (MessageType: string, more = {}) =>
      askUsbmux(here.socketPath, { MessageType, PairRecordID: here.phone.udid, ...more });
    expect(await record("ReadPairRecord")).toMatchObject({ Number: 2 });
    using listener = await dial(here.socketPath);
    await listener.usbmux({ MessageType: "Listen" });
    await listener.usbmuxMessage();
    const PairRecordData = new Uint8Array([107, 101, 121]);
    expect(await record("SavePairRecord", { PairRecordData })).toMatchObject({ Number: 0 });
    expect(await listener.usbmuxMessage()).toEqual({ MessageType: "Paired", DeviceID: 1 });
    expect((await record("ReadPairRecord")).PairRecordData).toEqual(PairRecordData);
    expect(await record("DeletePairRecord")).toMatchObject({ Number: 0 });
    expect(await record("ReadPairRecord")).toMatchObject({ Number: 2 });
  });

  test("breaks off connections to a phone that is pulled out", async () => {
    await using here = await pluggedInPhone();
    using wire = await dialPort(here.socketPath);
    await wire.lockdown({ Request: "QueryType" });
    here.phone.detach();
    await wire.closed();
  });

  test("serves two phones at once", async () => {
    await using here = await pluggedInPhone();
    await using second = await startVirtualIPhone({
      mediaFolder: here.mediaFolder,
      socketPath: here.phone.usbmuxd,
      udid: "00008110-0000000000000002",
    });
    expect(await deviceIds(here.socketPath)).toEqual([1, 2]);
    const bus = virtualUsbBus([here.phone, second]);
    here.phone.detach();
    expect(await bus.phones()).toEqual([
      { serialNumber: "000081100000000000000002", productId: 0x12a8, bitsPerSecond: 480_000_000 },
    ]);
  });

  test("lets nobody else on this computer use its socket, and removes it in the end", async () => {
    const here = await pluggedInPhone();
    expect(statSync(here.socketPath).mode & 0o777).toBe(0o600);
    await here.phone[Symbol.asyncDispose]();
    await here.phone[Symbol.asyncDispose]();
    expect(statSync(here.socketPath, { throwIfNoEntry: false })).toBeUndefined();
    await here[Symbol.asyncDispose]();
  });
});

describe("starting a virtual iPhone", () => {
  test("says what is wrong with the folder, the UDID or the socket", async () => {
    const folder = await temporaryFolder();
    const mediaFolder = join(folder, "media");
    const start = (options: Partial<Parameters<typeof startVirtualIPhone>[0]>) =>
      startVirtualIPhone({ mediaFolder, socketPath: join(folder, "s"), ...options });
    await expect(start({})).rejects.toMatchObject({
      code: "BAD_USAGE",
      message: expect.stringContaining(mediaFolder),
    });
    mkdirSync(mediaFolder);
    await expect(start({ udid: "../../etc" })).rejects.toMatchObject({ code: "BAD_USAGE" });
    const long = join(folder, "x".repeat(120));
    await expect(start({ socketPath: long })).rejects.toMatchObject({
      message: expect.stringContaining("too long"),
    });
    await using taken = await startVirtualUsbmuxd({ socketPath: join(folder, "s") });
    await expect(start({})).rejects.toMatchObject({ code: "BAD_USAGE", why: "Something else is there." });
    expect(taken.address).toBe(`UNIX:${join(folder, "s")}`);
    rmSync(folder, { recursive: true });
  });
});
