import { LONGEST_READ, MOST_ENTRIES, type PlistEntry } from "./plist-entry.js";

const TRAILER_BYTES = 32;

/**
 * The entries of the dictionary at the top of a binary property list. Values below it are not followed.
 * Format: Apple CFBinaryPList.c; 8-byte magic, objects, offset table, 32-byte trailer.
 * @returns null where it is damaged, or its top is no dictionary, or one of too many keys; or a key occurs twice
 */
export function binaryEntries(bytes: Uint8Array): Map<string, PlistEntry> | null {
  const list = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return entriesOf(list);
  } catch (error) {
    // Every read below is checked by Buffer: outside is a RangeError.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function entriesOf(list: Buffer): Map<string, PlistEntry> | null {
  if (list.length < 8 + TRAILER_BYTES || list.toString("latin1", 0, 8) !== "bplist00") return null;
  const trailer = list.length - TRAILER_BYTES;
  const offsetBytes = list.readUInt8(trailer + 6);
  const referenceBytes = list.readUInt8(trailer + 7);
  const objectCount = Number(list.readBigUInt64BE(trailer + 8));
  const top = Number(list.readBigUInt64BE(trailer + 16));
  const table = Number(list.readBigUInt64BE(trailer + 24));
  if (table + objectCount * offsetBytes !== trailer) return null;

  const objectAt = (object: number): PlistObject => {
    if (object >= objectCount) throw new RangeError("a reference leads nowhere");
    const found = header(list, list.readUIntBE(table + object * offsetBytes, offsetBytes));
    if (found.start + bytesOf(found) > table) throw new RangeError("a value is cut off");
    return found;
  };
  const dictionary = objectAt(top);
  if (dictionary.kind !== DICTIONARY || dictionary.count > MOST_ENTRIES) return null;
  const entries = new Map<string, PlistEntry>();
  for (let at = 0; at < dictionary.count; at++) {
    const keyAt = dictionary.start + at * referenceBytes;
    const key = textOf(list, objectAt(list.readUIntBE(keyAt, referenceBytes)));
    const valueAt = keyAt + dictionary.count * referenceBytes;
    const value = objectAt(list.readUIntBE(valueAt, referenceBytes));
    if (key === null || entries.has(key)) return null;
    const text = textOf(list, value);
    if (text !== null) entries.set(key, { type: "text", text });
    else if (value.kind === DATA) entries.set(key, { type: "data", sizeBytes: value.count });
    else entries.set(key, { type: "other" });
  }
  return entries;
}

const WHOLE_NUMBER = 0x1;
const REAL = 0x2;
const DATE = 0x3;
const DATA = 0x4;
const ASCII = 0x5;
const UTF16 = 0x6;
const DICTIONARY = 0xd;
/** Besides: true, false and null; arrays. */
const CONTAINERS: ReadonlySet<number> = new Set([0xa, DICTIONARY]);

interface PlistObject {
  readonly kind: number;
  readonly count: number;
  readonly start: number;
}

/** The marker's high half is the kind, the low half the count; 15 says that a whole number with the count follows. */
function header(list: Buffer, place: number): PlistObject {
  const marker = list.readUInt8(place);
  const kind = marker >> 4;
  const count = marker & 0xf;
  if (count !== 0xf || kind < DATA) return { kind, count, start: place + 1 };
  const countBytes = 1 << (list.readUInt8(place + 1) & 0xf);
  return { kind, count: list.readUIntBE(place + 2, countBytes), start: place + 2 + countBytes };
}

/** What follows the marker of a value; of a container nothing is counted. @throws RangeError for other kinds */
function bytesOf({ kind, count }: PlistObject): number {
  if (kind === 0 || CONTAINERS.has(kind)) return 0;
  if (kind === DATA || kind === ASCII) return count;
  if (kind === UTF16) return count * 2;
  if ((kind === WHOLE_NUMBER || kind === REAL || kind === DATE) && count <= 3) return 1 << count;
  throw new RangeError("there is no such kind of value");
}

/** Of a long text its beginning: a hundred values may be one text of megabytes. */
function textOf(list: Buffer, { kind, count, start }: PlistObject): string | null {
  const read = Math.min(count, LONGEST_READ);
  if (kind === ASCII) return list.toString("latin1", start, start + read);
  if (kind !== UTF16) return null;
  return Buffer.from(list.subarray(start, start + read * 2))
    .swap16()
    .toString("utf16le");
}
