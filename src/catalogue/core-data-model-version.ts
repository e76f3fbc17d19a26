/**
 * The number of the data model, from the binary property list in `Z_METADATA.Z_PLIST`: the whole number beside
 * `PLModelVersion` in the dictionary at its top (13537 is macOS 10.15.1, 19320 macOS 26.1; iOS counts alike).
 *
 * Only that one entry is looked up. Nothing is unfolded, so a crafted list that contains itself, or one list a
 * million times, costs nothing. Format: Apple CFBinaryPList.c; 32-byte trailer, offset table, objects.
 * @returns null where the bytes do not say
 */
export function modelVersionOf(bytes: Uint8Array): number | null {
  const list = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return lookUp(list, "PLModelVersion");
  } catch (error) {
    // Every read below is checked by Buffer: outside is a RangeError.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const TRAILER_BYTES = 32;
const ASCII_TEXT = 0x5;
const DICTIONARY = 0xd;
const WHOLE_NUMBER = 0x1;

function lookUp(list: Buffer, wanted: string): number | null {
  if (list.length < 8 + TRAILER_BYTES || list.toString("latin1", 0, 6) !== "bplist") return null;
  const trailer = list.length - TRAILER_BYTES;
  const offsetBytes = list.readUInt8(trailer + 6);
  const referenceBytes = list.readUInt8(trailer + 7);
  const top = Number(list.readBigUInt64BE(trailer + 16));
  const table = Number(list.readBigUInt64BE(trailer + 24));
  const placeOf = (object: number) => list.readUIntBE(table + object * offsetBytes, offsetBytes);

  const dictionary = header(list, placeOf(top));
  if (dictionary.type !== DICTIONARY) return null;
  for (let entry = 0; entry < dictionary.count; entry++) {
    const keyAt = dictionary.start + entry * referenceBytes;
    const key = header(list, placeOf(list.readUIntBE(keyAt, referenceBytes)));
    const isWanted =
      key.type === ASCII_TEXT &&
      key.count === wanted.length &&
      list.toString("latin1", key.start, key.start + key.count) === wanted;
    if (!isWanted) continue;
    const place = placeOf(list.readUIntBE(keyAt + dictionary.count * referenceBytes, referenceBytes));
    const marker = list.readUInt8(place);
    if (marker >> 4 !== WHOLE_NUMBER) return null;
    const numberBytes = 1 << (marker & 0xf);
    return numberBytes <= 4 ? list.readUIntBE(place + 1, numberBytes) : whole64(list, place + 1, numberBytes);
  }
  return null;
}

function whole64(list: Buffer, place: number, numberBytes: number): number | null {
  if (numberBytes !== 8) return null;
  const value = Number(list.readBigUInt64BE(place));
  return Number.isSafeInteger(value) ? value : null;
}

/** The marker's high half is the type, the low half the count; 15 says that a whole number with the count follows. */
function header(list: Buffer, place: number): { type: number; count: number; start: number } {
  const marker = list.readUInt8(place);
  const type = marker >> 4;
  const count = marker & 0xf;
  if (count !== 0xf) return { type, count, start: place + 1 };
  const countBytes = 1 << (list.readUInt8(place + 1) & 0xf);
  return { type, count: list.readUIntBE(place + 2, countBytes), start: place + 2 + countBytes };
}
