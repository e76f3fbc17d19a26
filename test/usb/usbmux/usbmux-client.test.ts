import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UsbmuxClient } from "../../../src/usb/usbmux/usbmux-client.js";
import { UsbmuxRefusal } from "../../../src/usb/usbmux/usbmux-errors.js";
import { encodeUsbmuxPacket } from "../../../src/usb/usbmux/usbmux-packet.js";
import { attached, ScriptedUsbmuxd, type UsbmuxdScript } from "./scripted-usbmuxd.js";

const UDID = "00008110-0012345600AB001E";
let folder: string;
let path: string;
let daemon: ScriptedUsbmuxd | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-mux-"));
  path = join(folder, "mux");
});
afterEach(async () => {
  vi.useRealTimers();
  await daemon?.[Symbol.asyncDispose]();
  daemon = undefined;
  rmSync(folder, { recursive: true });
});

async function client(script: UsbmuxdScript): Promise<UsbmuxClient> {
  daemon = await ScriptedUsbmuxd.start(path, script);
  return new UsbmuxClient({ path });
}

const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => error);

test.each([
  ["first", [attached(1, UDID, "Network"), attached(2, UDID)]],
  ["last", [attached(2, UDID), attached(1, UDID, "Network")]],
])("a phone that is listed twice is the one on the cable, Wi-Fi %s", async (_, DeviceList) => {
  const usbmux = await client(() => ({ DeviceList }));
  expect(await usbmux.listDevices()).toMatchObject([{ deviceId: 2, connection: "USB" }]);
});

test("two phones are two, one over Wi-Fi alone stays, and what is no device is left out", async () => {
  const other = "63c3d055c4f83e960e5980fa68be0fbf7d4ba74c";
  const usbmux = await client(() => ({
    DeviceList: [attached(1, UDID), attached(5, other, "Network"), "x", {}],
  }));
  expect((await usbmux.listDevices()).map(({ udid, connection }) => [udid, connection])).toEqual([
    [UDID, "USB"],
    [other, "Network"],
  ]);
});

test("the port is sent with its bytes exchanged, and what follows the answer belongs to the stream", async () => {
  const usbmux = await client((request, socket) => {
    expect(request).toMatchObject({
      MessageType: "Connect",
      DeviceID: 3,
      PortNumber: 32498,
      kLibUSBMuxVersion: 3,
    });
    const ok = encodeUsbmuxPacket({ tag: 1, body: { MessageType: "Result", Number: 0 } });
    socket.write(Buffer.concat([ok, Buffer.from("first words")]));
    return undefined;
  });
  const stream = await usbmux.connect(3, 62078);
  const words = new Promise((resolve) => stream.once("data", resolve));
  stream.resume();
  expect(String(await words)).toBe("first words");
  stream.destroy();
});

test("a refused connection says with which result", async () => {
  const usbmux = await client(() => ({ MessageType: "Result", Number: 3 }));
  const error = await outcome(usbmux.connect(3, 1));
  expect(error).toBeInstanceOf(UsbmuxRefusal);
  expect(error).toMatchObject({ result: 3 });
});

test("a pair record is looked for under the other spelling of the UDID before there is none", async () => {
  const asked: unknown[] = [];
  const usbmux = await client((request) => {
    asked.push(request.PairRecordID);
    return request.PairRecordID === UDID
      ? { MessageType: "Result", Number: 2 }
      : { PairRecordData: new Uint8Array([1, 2]) };
  });
  expect(await usbmux.readPairRecord(UDID)).toEqual(new Uint8Array([1, 2]));
  expect(asked).toEqual([UDID, "000081100012345600AB001E"]);
});

test("no pair record under either spelling is null", async () => {
  const usbmux = await client(() => ({ MessageType: "Result", Number: 2 }));
  expect(await usbmux.readPairRecord(UDID)).toBeNull();
});

test("listening gives the phones that are there, then what comes and goes, and ends with the signal", async () => {
  const usbmux = await client((_, socket) => {
    const bodies = [
      { MessageType: "Result", Number: 0 },
      attached(1, UDID),
      { MessageType: "Paired", DeviceID: 1 },
      { MessageType: "SomethingNew" },
      { MessageType: "Detached", DeviceID: 1 },
    ];
    socket.write(Buffer.concat(bodies.map((body) => encodeUsbmuxPacket({ tag: 0, body }))));
    return undefined;
  });
  const stopping = new AbortController();
  const seen = [];
  for await (const event of usbmux.listen(stopping.signal)) {
    seen.push(event.type);
    if (event.type === "detached") stopping.abort();
  }
  expect(seen).toEqual(["attached", "paired", "detached"]);
});

test("a daemon that goes away while it is listened to is an error", async () => {
  const usbmux = await client((_, socket) => {
    socket.end(encodeUsbmuxPacket({ tag: 1, body: { MessageType: "Result", Number: 0 } }));
    return undefined;
  });
  const listening = (async () => {
    for await (const _ of usbmux.listen()) throw new Error("there was an event");
  })();
  expect(await outcome(listening)).toMatchObject({ code: "USBMUXD_TROUBLE" });
});

test("without a daemon it is USBMUXD_ABSENT, with the place and what to do", async () => {
  const usbmux = new UsbmuxClient({ path });
  expect(await outcome(usbmux.listDevices())).toMatchObject({
    code: "USBMUXD_ABSENT",
    message: expect.stringContaining(path),
    remedy: expect.stringContaining("USBMUXD_SOCKET_ADDRESS"),
  });
});

test("a daemon that does not answer within five seconds is USBMUXD_TROUBLE, and nothing stays open", async () => {
  let heard: () => void = () => {};
  const hearing = new Promise<void>((resolve) => (heard = resolve));
  const usbmux = await client(() => {
    heard();
    return undefined;
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const asking = outcome(usbmux.readBuid());
  await hearing;
  vi.advanceTimersByTime(5_000);
  expect(await asking).toMatchObject({ code: "USBMUXD_TROUBLE", why: "It gave no answer within 5 seconds." });
});

test.each<[string, (socket: import("node:net").Socket) => void]>([
  ["hangs up", (socket) => socket.end()],
  ["sends half an answer", (socket) => socket.end(Buffer.alloc(10))],
  ["sends something else", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["announces four gigabytes", (socket) => socket.end(Buffer.alloc(16, 0xff))],
])("a daemon that %s is USBMUXD_TROUBLE", async (_, act) => {
  const usbmux = await client((_request, socket) => {
    act(socket);
    return undefined;
  });
  expect(await outcome(usbmux.listDevices())).toMatchObject({ code: "USBMUXD_TROUBLE" });
});

test("an answer without a list is USBMUXD_TROUBLE and not an empty list", async () => {
  const usbmux = await client(() => ({ MessageType: "Something" }));
  expect(await outcome(usbmux.listDevices())).toMatchObject({ code: "USBMUXD_TROUBLE" });
});

test("stopping while it waits is STOPPED, before and during", async () => {
  const stopping = new AbortController();
  const usbmux = await client(() => {
    stopping.abort();
    return undefined;
  });
  expect(await outcome(usbmux.listDevices(stopping.signal))).toMatchObject({ code: "STOPPED" });
  expect(await outcome(usbmux.listDevices(AbortSignal.abort()))).toMatchObject({ code: "STOPPED" });
});
