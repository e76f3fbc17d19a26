import { expect, test } from "vitest";
import { isApplePhone, isPhoneType } from "../../../src/usb/detection/apple-devices.js";
import { type BusDevice, nodeUsbBus } from "../../../src/usb/detection/node-usb-bus.js";

test.each([
  [0x05ac, 0x12a8, true, "an iPhone"],
  [0x05ac, 0x12ab, true, "an iPad"],
  [0x05ac, 0x12aa, true, "an iPod touch"],
  [0x05ac, 0x1290, true, "the first iPhone"],
  [0x05ac, 0x1281, false, "a phone in recovery mode"],
  [0x05ac, 0x1227, false, "a phone in DFU mode"],
  [0x05ac, 0x12af, false, "a Watch"],
  [0x05ac, 0x12a7, false, "an Apple TV"],
  [0x05ac, 0x0265, false, "a Magic Trackpad"],
  [0x18d1, 0x12a8, false, "another maker's device"],
])("ids %i and %i: %s (%s)", (vendorId, productId, isOne) => {
  expect(isApplePhone(vendorId, productId)).toBe(isOne);
});

test.each([
  ["iPhone16,1", true],
  ["iPad13,4", true],
  ["iPod9,1", true],
  ["Watch7,1", false],
  ["AppleTV14,1", false],
])("%s can be copied from: %s", (productType, can) => {
  expect(isPhoneType(productType)).toBe(can);
});

const keyboard: BusDevice = {
  vendorId: 0x046d,
  productId: 0x12a8,
  get serialNumber(): string {
    throw new Error("a string of a device that is none of ours was read");
  },
};

test("phones are listed with their speed, and no other device's strings are read", async () => {
  const phone = {
    vendorId: 0x05ac,
    productId: 0x12a8,
    speed: "high",
    serialNumber: "000081100012345600AB001E ",
  };
  const fast = { vendorId: 0x05ac, productId: 0x12a8, speed: "SuperPlus", serialNumber: null };
  expect(await nodeUsbBus(async () => [keyboard, phone, fast]).phones()).toEqual([
    { serialNumber: "000081100012345600AB001E", productId: 0x12a8, bitsPerSecond: 480_000_000 },
    { serialNumber: null, productId: 0x12a8, bitsPerSecond: 10_000_000_000 },
  ]);
});

test("a phone whose serial number throws is still a phone", async () => {
  const phone: BusDevice = {
    vendorId: 0x05ac,
    productId: 0x12a8,
    get serialNumber(): string {
      throw new Error("LIBUSB_ERROR_NO_DEVICE");
    },
  };
  expect(await nodeUsbBus(async () => [phone]).phones()).toEqual([
    { serialNumber: null, productId: 0x12a8, bitsPerSecond: null },
  ]);
});

test("without a bus there is none to ask, and nothing is thrown", async () => {
  const missing = async () => {
    throw new Error("/sys/bus/usb/devices/ not found");
  };
  expect(await nodeUsbBus(missing).phones()).toBeNull();
});

test("npm usb loads here and answers with a list or with no bus", async () => {
  const phones = await nodeUsbBus().phones();
  expect(phones === null || Array.isArray(phones)).toBe(true);
});

test("listening hears of Apple's devices alone, and stops with the signal; without a bus it ends at once", async () => {
  let plug: (device: BusDevice) => void = () => {};
  let isListening: () => void = () => {};
  const listening = new Promise<void>((resolve) => (isListening = resolve));
  let stops = 0;
  const bus = nodeUsbBus(
    async () => [],
    async (onPlug) => {
      plug = onPlug;
      isListening();
      return () => (stops += 1);
    },
  );
  const stop = new AbortController();
  let changes = 0;
  const watching = bus.watch!(() => (changes += 1), stop.signal);
  await listening;
  plug(keyboard);
  plug({ vendorId: 0x05ac, productId: 0x12a8 });
  stop.abort();
  await watching;
  expect([changes, stops]).toEqual([1, 1]);
  const missing = async () => {
    throw new Error("/sys/bus/usb/devices/ not found");
  };
  const never = async () => {
    throw new Error("it listened where there is no bus");
  };
  await nodeUsbBus(missing, never).watch!(() => {}, new AbortController().signal);
});
