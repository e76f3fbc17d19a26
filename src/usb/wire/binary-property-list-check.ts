import { WireFormatError } from "./wire-format-error.js";

/** Far above any answer of usbmuxd or lockdownd; bounds what a few bytes can be made to unfold into. */
const MAX_VALUES = 100_000;
/** Of all texts, as often as they are referred to: the parser takes some 60 bytes for each. Data is not copied. */
const MAX_CHARACTERS = 1024 * 1024;
const MAX_DEPTH = 64;

/**
 * Walks a binary property list the way a parser will, without building anything, and gives it back where
 * every reference is in bounds and the whole is small. A value may be referred to many times, so a list of
 * one kilobyte can stand for billions of values; a list may also contain itself.
 * Layout: Apple CoreFoundation CFBinaryPList.c (8-byte magic, objects, offset table, 32-byte trailer).
 * @throws WireFormatError
 */
export function checkBinaryPropertyList(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength < 40) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trailer = bytes.byteLength - 32;
  const offsetBytes = view.getUint8(trailer + 6);
  const referenceBytes = view.getUint8(trailer + 7);
  const count = integer(8, trailer + 8);
  const table = integer(8, trailer + 24);
  if (![1, 2, 4, 8].includes(offsetBytes) || ![1, 2, 4].includes(referenceBytes)) throw malformed();
  if (count > bytes.byteLength || table + count * offsetBytes > trailer) throw malformed();

  let values = 0;
  let characters = 0;
  visit(integer(8, trailer + 16), 0);
  return bytes;

  function integer(sizeBytes: number, at: number): number {
    if (at < 0 || at + sizeBytes > bytes.byteLength) throw malformed();
    if (sizeBytes === 8) return Number(view.getBigUint64(at));
    if (sizeBytes === 4) return view.getUint32(at);
    if (sizeBytes === 2) return view.getUint16(at);
    return view.getUint8(at);
  }

  function visit(index: number, depth: number): void {
    if (index >= count || depth > MAX_DEPTH || ++values > MAX_VALUES) throw malformed();
    let at = integer(offsetBytes, table + index * offsetBytes);
    if (at >= table) throw malformed();
    const marker = integer(1, at++);
    const kind = marker >> 4;
    let size = marker & 0x0f;
    if (kind >= 4 && kind !== 8 && size === 0x0f) {
      const power = integer(1, at++) & 0x0f;
      if (power > 2) throw malformed();
      size = integer(1 << power, at);
      at += 1 << power;
    }
    if (kind === 0xa || kind === 0xd) {
      const references = kind === 0xd ? size * 2 : size;
      if (at + references * referenceBytes > table) throw malformed();
      for (let i = 0; i < references; i++) {
        const reference = integer(referenceBytes, at + i * referenceBytes);
        if (kind === 0xd && i < size && !isText(reference)) throw malformed();
        visit(reference, depth + 1);
      }
      return;
    }
    // 64-bit integers at most; there are 128-bit ones, which the parser would misread.
    if ((kind === 1 || kind === 2) && size > 3) throw malformed();
    if (![0, 1, 2, 3, 4, 5, 6].includes(kind)) throw malformed();
    const length = kind === 6 ? size * 2 : kind <= 3 ? 8 : size;
    if (kind > 3 && at + length > table) throw malformed();
    if (kind === 5 || kind === 6) characters += size;
    if (characters > MAX_CHARACTERS) throw malformed();
  }

  /** A key that is no text, or is `__proto__`, would reach into the object instead of its entries. */
  function isText(index: number): boolean {
    if (index >= count) return false;
    const at = integer(offsetBytes, table + index * offsetBytes);
    const marker = integer(1, at);
    if (marker >> 4 === 6) {
      return true;
    }
    if (marker >> 4 !== 5) return false;
    const isNineLong = marker === 0x59;
    return !isNineLong || Buffer.from(bytes.subarray(at + 1, at + 10)).toString("latin1") !== "__proto__";
  }
}

function malformed(): WireFormatError {
  return new WireFormatError("a binary property list is malformed");
}
