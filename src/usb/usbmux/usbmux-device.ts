import { asDictionary, integerAt, type PropertyDictionary, textAt } from "../wire/property-list.js";

/** A phone as usbmuxd lists it. */
export interface UsbmuxDevice {
  /** New at each attach. */
  readonly deviceId: number;
  /** As usbmuxd spells it, which is also how its pair record is called. */
  readonly udid: string;
  readonly connection: "USB" | "Network";
  /** Null over Wi-Fi. */
  readonly productId: number | null;
  /** Bits a second; null over Wi-Fi, and where usbmuxd does not say. */
  readonly bitsPerSecond: number | null;
}

/**
 * Reads an Attached dictionary (libimobiledevice/libusbmuxd src/libusbmuxd.c: device_record_from_plist).
 * Null where it is no USB or Network device with a serial number.
 */
export function usbmuxDevice(attached: PropertyDictionary): UsbmuxDevice | null {
  const properties = asDictionary(attached.Properties);
  if (properties === null) return null;
  const deviceId = integerAt(properties, "DeviceID") ?? integerAt(attached, "DeviceID");
  const serial = textAt(properties, "SerialNumber");
  const connection = textAt(properties, "ConnectionType");
  if (deviceId === null || serial === null) return null;
  if (connection !== "USB" && connection !== "Network") return null;
  const udid = dashed(serial.trim());
  if (!/^[0-9A-Za-z-]{8,64}$/.test(udid)) return null;
  return {
    deviceId,
    udid,
    connection,
    productId: integerAt(properties, "ProductID"),
    bitsPerSecond: integerAt(properties, "ConnectionSpeed"),
  };
}

/** The 24-digit form without its dash is what some daemons pass on from the USB descriptor. */
function dashed(serial: string): string {
  return /^[0-9A-Fa-f]{24}$/.test(serial) ? `${serial.slice(0, 8)}-${serial.slice(8)}` : serial;
}

/** The UDID without its dash, if it has one, or with it: how else a pair record may be called. */
export function otherSpelling(udid: string): string | null {
  const plain = udid.replaceAll("-", "");
  if (plain.length !== 24) return null;
  return plain === udid ? dashed(plain) : plain;
}
