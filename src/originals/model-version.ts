/**
 * Versions of Photos' data model: 13000 to 13999 is macOS 10.15, 14000 macOS 11, 15000 macOS 12, and so on to
 * 19999, macOS 26. Measured from 13537 (10.15.1) to 19320 (26.1).
 */
export const KNOWN_MODELS = { first: 13_000, last: 19_999 } as const;

const KEY = "PLModelVersion";

/**
 * The whole number beside `PLModelVersion` at the top of the binary property list in `Z_METADATA.Z_PLIST`.
 * Only that entry is looked up, so a crafted list costs nothing. Format: Apple's CFBinaryPList.c.
 * @returns null where the bytes do not say
 */
export function modelVersionIn(bytes: Uint8Array): number | null {
  const list = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return numberBeside(KEY, list);
  } catch (error) {
    // Buffer refuses every read outside of it.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function numberBeside(key: string, list: Buffer): number | null {
  if (list.toString("latin1", 0, 6) !== "bplist" || list.length < 40) return null;
  // Trailer, from its seventh byte: bytes per offset, bytes per reference, then three 64-bit numbers: how many
  // objects, which is the top, where the offsets begin.
  const trailer = list.subarray(-26);
  const bytesPerOffset = trailer.readUInt8(0);
  const bytesPerReference = trailer.readUInt8(1);
  const top = Number(trailer.readBigUInt64BE(10));
  const offsets = Number(trailer.readBigUInt64BE(18));
  const objectAt = (index: number) => list.readUIntBE(offsets + index * bytesPerOffset, bytesPerOffset);

  const wanted = Buffer.concat([Buffer.of(0x50 | key.length), Buffer.from(key, "latin1")]);
  const start = objectAt(top);
  const marker = list.readUInt8(start);
  if (marker >> 4 !== 0xd) return null;
  let count = marker & 0xf;
  let references = start + 1;
  if (count === 0xf) {
    const lengthBytes = 1 << (list.readUInt8(start + 1) & 0xf);
    count = list.readUIntBE(start + 2, lengthBytes);
    references = start + 2 + lengthBytes;
  }
  const referenceAt = (place: number) =>
    list.readUIntBE(references + place * bytesPerReference, bytesPerReference);
  for (let place = 0; place < count; place++) {
    const keyAt = objectAt(referenceAt(place));
    if (!list.subarray(keyAt, keyAt + wanted.length).equals(wanted)) continue;
    const valueAt = objectAt(referenceAt(place + count));
    const size = list.readUInt8(valueAt);
    return size >> 4 === 1 && (size & 0xf) <= 2 ? list.readUIntBE(valueAt + 1, 1 << (size & 0xf)) : null;
  }
  return null;
}
