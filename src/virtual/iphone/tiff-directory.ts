/**
 * Image file directories as TIFF 6.0 section 2 describes them, big endian ("MM"). EXIF, Apple's maker
 * note and DNG are all made of these.
 */

export type TiffEntry = { readonly tag: number } & (
  | { readonly type: "ascii"; readonly value: string }
  | { readonly type: "bytes" | "opaque"; readonly value: Uint8Array }
  | { readonly type: "short" | "long" | "signed-long"; readonly value: readonly number[] }
  /** Each number is written as a fraction of 10,000. */
  | { readonly type: "rational" | "signed-rational"; readonly value: readonly number[] }
);

const typeNumbers = {
  bytes: 1,
  ascii: 2,
  short: 3,
  long: 4,
  rational: 5,
  opaque: 7,
  "signed-long": 9,
  "signed-rational": 10,
} as const;

const fractionOf = 10_000;

/**
 * One directory, followed by the values that do not fit into its 12-byte entries.
 * @param startsAt where the directory will lie, counted from the point that its offsets refer to
 */
export function encodeTiffDirectory(entries: readonly TiffEntry[], startsAt: number): Buffer {
  const sorted = [...entries].sort((a, b) => a.tag - b.tag);
  const tableBytes = 2 + sorted.length * 12 + 4;
  const table = Buffer.alloc(tableBytes);
  const values: Buffer[] = [];
  let valuesAt = startsAt + tableBytes;
  table.writeUInt16BE(sorted.length, 0);
  for (const [index, entry] of sorted.entries()) {
    const at = 2 + index * 12;
    const { count, bytes } = encodeValue(entry);
    table.writeUInt16BE(entry.tag, at);
    table.writeUInt16BE(typeNumbers[entry.type], at + 2);
    table.writeUInt32BE(count, at + 4);
    if (bytes.length <= 4) {
      bytes.copy(table, at + 8);
    } else {
      table.writeUInt32BE(valuesAt, at + 8);
      // Values begin on even offsets.
      const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
      values.push(padded);
      valuesAt += padded.length;
    }
  }
  return Buffer.concat([table, ...values]);
}

/** "MM", 42, and the offset of the first directory, which follows at once. */
export const tiffHeader = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);

function encodeValue(entry: TiffEntry): { count: number; bytes: Buffer } {
  switch (entry.type) {
    case "ascii": {
      const bytes = Buffer.from(`${entry.value}\0`, "ascii");
      return { count: bytes.length, bytes };
    }
    case "bytes":
    case "opaque":
      return { count: entry.value.length, bytes: Buffer.from(entry.value) };
    case "short": {
      const bytes = Buffer.alloc(entry.value.length * 2);
      for (const [index, value] of entry.value.entries()) bytes.writeUInt16BE(value, index * 2);
      return { count: entry.value.length, bytes };
    }
    case "long":
    case "signed-long": {
      const bytes = Buffer.alloc(entry.value.length * 4);
      for (const [index, value] of entry.value.entries()) bytes.writeInt32BE(value | 0, index * 4);
      return { count: entry.value.length, bytes };
    }
    case "rational":
    case "signed-rational": {
      const bytes = Buffer.alloc(entry.value.length * 8);
      for (const [index, value] of entry.value.entries()) {
        bytes.writeInt32BE(Math.round(value * fractionOf), index * 8);
        bytes.writeInt32BE(fractionOf, index * 8 + 4);
      }
      return { count: entry.value.length, bytes };
    }
  }
}

/** "2026:11:22 18:40:05", in UTC: how EXIF and TIFF write a moment. */
export function exifDate(moment: Date): string {
  return moment.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
}
