import { buildPropertyList, type PropertyDictionary, parseDictionary } from "../wire/property-list.js";
import { WireFormatError } from "../wire/wire-format-error.js";

/*
 * A usbmuxd message: four little-endian 32-bit fields (length of everything, version, message, tag) and a
 * property list. Source: libimobiledevice/usbmuxd src/client.c, libusbmuxd src/libusbmuxd.c.
 */

export const USBMUX_HEADER_BYTES = 16;
/** The version that carries property lists; 0 is the binary protocol of old, which nobody needs. */
export const USBMUX_PLIST_VERSION = 1;
export const USBMUX_PLIST_MESSAGE = 8;
/** What a client takes from usbmuxd: far above a list of many phones or a pair record. */
export const USBMUX_MAX_ANSWER_BYTES = 1024 * 1024;
/** What the Linux daemon takes from a client; it closes the connection on anything larger. */
export const USBMUX_MAX_REQUEST_BYTES = 64 * 1024;

interface UsbmuxHeader {
  /** Bytes that follow the header. */
  readonly bodyBytes: number;
  readonly version: number;
  readonly message: number;
  /** Echoed in the answer; 0 on events. */
  readonly tag: number;
}

export interface UsbmuxPacket {
  readonly tag: number;
  readonly body: PropertyDictionary;
}

export function encodeUsbmuxPacket(packet: UsbmuxPacket): Buffer {
  const body = buildPropertyList(packet.body);
  const header = Buffer.alloc(USBMUX_HEADER_BYTES);
  header.writeUInt32LE(USBMUX_HEADER_BYTES + body.length, 0);
  header.writeUInt32LE(USBMUX_PLIST_VERSION, 4);
  header.writeUInt32LE(USBMUX_PLIST_MESSAGE, 8);
  header.writeUInt32LE(packet.tag, 12);
  return Buffer.concat([header, body]);
}

/**
 * @param bytes at least the 16 bytes of the header
 * @param maxBytes the largest whole message that is allowed
 * @throws WireFormatError
 */
export function decodeUsbmuxHeader(bytes: Uint8Array, maxBytes = USBMUX_MAX_ANSWER_BYTES): UsbmuxHeader {
  if (bytes.byteLength < USBMUX_HEADER_BYTES) throw new WireFormatError("a usbmux header is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthBytes = view.getUint32(0, true);
  if (lengthBytes < USBMUX_HEADER_BYTES || lengthBytes > maxBytes) {
    throw new WireFormatError(`a usbmux message says that it has ${lengthBytes} bytes`);
  }
  return {
    bodyBytes: lengthBytes - USBMUX_HEADER_BYTES,
    version: view.getUint32(4, true),
    message: view.getUint32(8, true),
    tag: view.getUint32(12, true),
  };
}

/**
 * The property list that belongs to `header`.
 * @throws WireFormatError also where the message is of the binary protocol
 */
export function decodeUsbmuxBody(header: UsbmuxHeader, body: Uint8Array): UsbmuxPacket {
  if (header.version !== USBMUX_PLIST_VERSION || header.message !== USBMUX_PLIST_MESSAGE) {
    throw new WireFormatError(`a usbmux message has version ${header.version}, type ${header.message}`);
  }
  if (body.byteLength !== header.bodyBytes) throw new WireFormatError("a usbmux message is cut short");
  return { tag: header.tag, body: parseDictionary(body) };
}

/** `PortNumber` travels with its two bytes exchanged, 62078 as 32498; the same call turns it back. */
export function swappedPort(port: number): number {
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) throw new RangeError(`no port: ${port}`);
  return ((port & 0xff) << 8) | (port >> 8);
}
