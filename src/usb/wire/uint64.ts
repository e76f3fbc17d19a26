import { WireFormatError } from "./wire-format-error.js";

const LARGEST = 0xffff_ffff_ffff_ffffn;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The eight bytes at `offset`, little endian, unsigned and whole.
 * @throws WireFormatError where fewer than eight bytes are there
 */
export function readUint64(bytes: Uint8Array, offset = 0): bigint {
  if (offset < 0 || offset + 8 > bytes.byteLength) {
    throw new WireFormatError(`a 64-bit field was expected at byte ${offset} of ${bytes.byteLength}`);
  }
  return view(bytes).getBigUint64(offset, true);
}

/** Writes `value` into the eight bytes at `offset`, little endian. */
export function writeUint64(bytes: Uint8Array, value: bigint, offset = 0): void {
  if (value < 0n || value > LARGEST) throw new RangeError(`${value} does not fit into 64 bits`);
  view(bytes).setBigUint64(offset, value, true);
}

/**
 * The one place where a 64-bit field becomes a number.
 * @param what names the field in the error
 * @throws WireFormatError where the value is above 2^53 - 1 or below its negative
 */
export function toSafeNumber(value: bigint, what: string): number {
  const narrowed = Number(value);
  if (!Number.isSafeInteger(narrowed)) throw new WireFormatError(`${what} is out of range: ${value}`);
  return narrowed;
}
