import { buildPropertyList, type PropertyDictionary, parseDictionary } from "../wire/property-list.js";
import { WireFormatError } from "../wire/wire-format-error.js";

/*
 * A lockdownd message: a 32-bit big-endian length and a property list.
 * Source: libimobiledevice src/property_list_service.c.
 */

export const LOCKDOWN_HEADER_BYTES = 4;
/** The whole value dictionary of a phone is some 20 KB. */
export const LOCKDOWN_MAX_BODY_BYTES = 4 * 1024 * 1024;
/** The port of lockdownd on the phone. */
export const LOCKDOWN_PORT = 62078;

export function encodeLockdownPacket(body: PropertyDictionary): Buffer {
  const list = buildPropertyList(body);
  const header = Buffer.alloc(LOCKDOWN_HEADER_BYTES);
  header.writeUInt32BE(list.length, 0);
  return Buffer.concat([header, list]);
}

/**
 * How many bytes follow the four of the header.
 * @throws WireFormatError where that is none or more than `maxBytes`
 */
export function decodeLockdownHeader(bytes: Uint8Array, maxBytes = LOCKDOWN_MAX_BODY_BYTES): number {
  if (bytes.byteLength < LOCKDOWN_HEADER_BYTES) throw new WireFormatError("a lockdown header is cut short");
  const bodyBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  if (bodyBytes === 0 || bodyBytes > maxBytes) {
    throw new WireFormatError(`a lockdown message says that it has ${bodyBytes} bytes`);
  }
  return bodyBytes;
}

/** @throws WireFormatError */
export function decodeLockdownBody(body: Uint8Array): PropertyDictionary {
  return parseDictionary(body);
}
