import fc from "fast-check";
import { expect, test } from "vitest";
import { otherSpelling, usbmuxDevice } from "../../../src/usb/usbmux/usbmux-device.js";
import {
  decodeUsbmuxBody,
  decodeUsbmuxHeader,
  encodeUsbmuxPacket,
  swappedPort,
} from "../../../src/usb/usbmux/usbmux-packet.js";
import { WireFormatError } from "../../../src/usb/wire/wire-format-error.js";

test("a header of 300 bytes with tag 1 is 3c010000 01000000 08000000 01000000", () => {
  const header = Buffer.from("3c010000010000000800000001000000", "hex");
  expect(decodeUsbmuxHeader(header)).toEqual({ bodyBytes: 300, version: 1, message: 8, tag: 1 });
});

test("a packet reads back as it was built", () => {
  const packet = { tag: 7, body: { MessageType: "Connect", DeviceID: 3, PortNumber: swappedPort(62078) } };
  const bytes = encodeUsbmuxPacket(packet);
  expect(decodeUsbmuxBody(decodeUsbmuxHeader(bytes), bytes.subarray(16))).toEqual(packet);
});

test.each([
  [62078, 32498],
  [8080, 36895],
  [1, 256],
])("port %i travels as %i", (port, onTheWire) => {
  expect(swappedPort(port)).toBe(onTheWire);
});

test("swapping a port twice gives the port", () => {
  fc.assert(
    fc.property(fc.nat(0xffff), (port) => {
      expect(swappedPort(swappedPort(port))).toBe(port);
    }),
  );
});

test.each([
  ["is cut short", Buffer.alloc(15), 1_000],
  ["claims fewer bytes than a header", Buffer.from("0f000000010000000800000001000000", "hex"), 1_000],
  ["claims more than is allowed", Buffer.from("ffffffff010000000800000001000000", "hex"), 1_000],
])("a header that %s is refused", (_, bytes, maxBytes) => {
  expect(() => decodeUsbmuxHeader(bytes, maxBytes)).toThrow(WireFormatError);
});

test("a message of the old binary protocol is refused", () => {
  const bytes = encodeUsbmuxPacket({ tag: 0, body: {} });
  bytes.writeUInt32LE(0, 4);
  expect(() => decodeUsbmuxBody(decodeUsbmuxHeader(bytes), bytes.subarray(16))).toThrow("version 0");
});

test("a serial number without its dash gets it, as usbmuxd writes it", () => {
  const attached = {
    Properties: { DeviceID: 2, ConnectionType: "USB", SerialNumber: "000081100012345600AB001E" },
  };
  expect(usbmuxDevice(attached)?.udid).toBe("00008110-0012345600AB001E");
  expect(otherSpelling("00008110-0012345600AB001E")).toBe("000081100012345600AB001E");
  expect(otherSpelling("63c3d055c4f83e960e5980fa68be0fbf7d4ba74c")).toBeNull();
});

test.each([
  ["no properties", {}],
  [
    "another kind of connection",
    { Properties: { DeviceID: 2, ConnectionType: "Bluetooth", SerialNumber: "a".repeat(40) } },
  ],
  ["no serial number", { Properties: { DeviceID: 2, ConnectionType: "USB" } }],
  [
    "a path for a serial number",
    { Properties: { DeviceID: 2, ConnectionType: "USB", SerialNumber: "../../etc" } },
  ],
])("a device with %s is left out", (_, attached) => {
  expect(usbmuxDevice(attached)).toBeNull();
});
