import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { parseAfcFileInfo, parseNames } from "../../src/usb/afc/afc-file-info.js";
import { AFC_HEADER_BYTES, decodeAfcAnswer, decodeAfcHeader } from "../../src/usb/afc/afc-packet.js";
import { AnswerReader } from "../../src/usb/afc/answer-reader.js";
import { decodeLockdownBody, decodeLockdownHeader } from "../../src/usb/lockdown/lockdown-packet.js";
import { usbmuxDevice } from "../../src/usb/usbmux/usbmux-device.js";
import { decodeUsbmuxBody, decodeUsbmuxHeader } from "../../src/usb/usbmux/usbmux-packet.js";
import { ExactReader } from "../../src/usb/wire/exact-reader.js";
import { asDictionary } from "../../src/usb/wire/property-list.js";
import { hasRecordings, recording, whySkipped } from "./recorded-bytes.js";

/** The same bytes whole, and one at a time. */
function bothWays(bytes: Buffer): [way: string, stream: PassThrough][] {
  const whole = new PassThrough();
  whole.end(bytes);
  const single = new PassThrough();
  for (const byte of bytes) single.write(Buffer.from([byte]));
  single.end();
  return [
    ["whole", whole],
    ["one byte at a time", single],
  ];
}

async function readUsbmux(stream: PassThrough) {
  const reader = new ExactReader(stream);
  const header = decodeUsbmuxHeader(await reader.read(16));
  return decodeUsbmuxBody(header, await reader.read(header.bodyBytes));
}

async function readLockdown(stream: PassThrough) {
  const reader = new ExactReader(stream);
  return decodeLockdownBody(await reader.read(decodeLockdownHeader(await reader.read(4))));
}

describe.skipIf(!hasRecordings)(
  `bytes recorded from real devices${hasRecordings ? "" : `: ${whySkipped}`}`,
  () => {
    test("usbmuxd's list of devices names one phone on a cable", async () => {
      for (const [way, stream] of bothWays(recording("usbmuxlistdevicemessage.bin"))) {
        const { tag, body } = await readUsbmux(stream);
        expect(tag, way).toBe(0);
        const devices = (body.DeviceList as []).map((entry) => usbmuxDevice(asDictionary(entry) ?? {}));
        expect(devices, way).toEqual([
          {
            deviceId: 1,
            udid: "63c3d055c4f83e960e5980fa68be0fbf7d4ba74c",
            connection: "USB",
            productId: 0x12a8,
            bitsPerSecond: 480_000_000,
          },
        ]);
      }
    });

    test("usbmuxd's answer to Connect is result 0", async () => {
      for (const [way, stream] of bothWays(recording("usbmuxconnectmessage.bin"))) {
        expect(await readUsbmux(stream), way).toEqual({ tag: 1, body: { MessageType: "Result", Number: 0 } });
      }
    });

    test("another client's ListDevices request reads as one", async () => {
      for (const [way, stream] of bothWays(recording("go-ios-readdevices.bin"))) {
        expect((await readUsbmux(stream)).body, way).toEqual({
          ClientVersionString: "go-usbmux-0.0.1",
          MessageType: "ListDevices",
          ProgName: "go-usbmux",
        });
      }
    });

    test("lockdownd's answers to QueryType and GetValue read as they were", async () => {
      for (const [way, stream] of bothWays(recording("lockdownquerytypemessage.bin"))) {
        expect(await readLockdown(stream), way).toEqual({
          Request: "QueryType",
          Type: "com.apple.mobile.lockdown",
        });
      }
      for (const [way, stream] of bothWays(recording("lockdowngetvaluemessage.bin"))) {
        const answer = { Key: "ProductVersion", Request: "GetValue", Value: "12.3.1" };
        expect(await readLockdown(stream), way).toEqual(answer);
      }
    });

    test("AFC's status, folder and description answers read as they were", () => {
      const status = recording("afcsuccessresponse.bin");
      const header = decodeAfcHeader(status);
      expect(decodeAfcAnswer(header, status.subarray(AFC_HEADER_BYTES))).toEqual({
        type: "status",
        status: 0,
      });
      for (const pieceBytes of [1, 1_000_000]) {
        expect(parseNames(afcData("afclistdirresponse.bin", pieceBytes))).toEqual(
          ". .. AirFair Books DCIM Downloads MediaAnalysis PhotoData Photos PublicStaging Radio Recordings iTunes_Control".split(
            " ",
          ),
        );
        expect(parseAfcFileInfo(afcData("afcfileinforesponse.bin", pieceBytes))).toEqual({
          fileType: "S_IFDIR",
          sizeBytes: 64,
          blocks: 0,
          linkCount: 2,
          modifiedAtNs: 1494244521000000000n,
          bornAtNs: 1494244521000000000n,
          linkTarget: null,
        });
      }
    });
  },
);

function afcData(name: string, pieceBytes: number): Buffer {
  let found: Buffer | null = null;
  const reader = new AnswerReader(() => ({
    room: (sizeBytes) => Buffer.alloc(sizeBytes),
    take: (_, data) => {
      found = data;
    },
  }));
  const bytes = recording(name);
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  if (found === null) throw new Error("no answer was found");
  return found;
}
