import { type CameraFacts, encodeExif } from "./exif.js";
import { heightOf, type Picture, widthOf } from "./picture.js";

/**
 * A baseline JPEG (ITU-T T.81) of a tiled picture. Each tile is one 8 by 8 block that needs its first
 * (DC) coefficient only, so the whole coder is a difference, a category and some bits.
 * @param camera what to write into its EXIF part; null leaves that out, as in the frames of a video
 */
export function encodeJpeg(picture: Picture, camera: Omit<CameraFacts, "width" | "height"> | null): Buffer {
  const width = widthOf(picture);
  const height = heightOf(picture);
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8])];
  if (camera !== null) parts.push(segment(0xe1, encodeExif({ ...camera, width, height })));
  else parts.push(segment(0xe0, Buffer.from("JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "latin1")));
  parts.push(
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, quantum)])),
    segment(0xc0, frameHeader(width, height)),
    segment(0xc4, huffmanTable(0x00, 4, 12)),
    segment(0xc4, huffmanTable(0x10, 1, 1)),
    segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
    encodeTiles(picture),
    Buffer.from([0xff, 0xd9]),
  );
  return Buffer.concat(parts);
}

/** Every coefficient is divided by this; a DC coefficient is 8 times the tile's level. */
const quantum = 8;

function segment(marker: number, body: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([header, body]);
}

/** Three components, none subsampled, all with table 0. */
function frameHeader(width: number, height: number): Buffer {
  const header = Buffer.from([8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
  header.writeUInt16BE(height, 1);
  header.writeUInt16BE(width, 3);
  return header;
}

/**
 * Codes that are plain numbers: `symbols` symbols 0, 1, 2 ..., all of one length. For DC they are the 12
 * categories in 4 bits; for AC the single symbol 0, "end of block", in 1 bit.
 */
function huffmanTable(classAndId: number, codeBits: number, symbols: number): Buffer {
  const counts = Buffer.alloc(16);
  counts[codeBits - 1] = symbols;
  return Buffer.concat([
    Buffer.from([classAndId]),
    counts,
    Buffer.from(Array.from({ length: symbols }, (_, symbol) => symbol)),
  ]);
}

function encodeTiles(picture: Picture): Buffer {
  const bytes: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  const put = (value: number, bits: number) => {
    pending = (pending << bits) | value;
    pendingBits += bits;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      const byte = (pending >>> pendingBits) & 0xff;
      bytes.push(byte);
      // A data byte 0xFF is followed by 0 to tell it from a marker.
      if (byte === 0xff) bytes.push(0);
      pending &= (1 << pendingBits) - 1;
    }
  };
  const previous = [0, 0, 0];
  for (let at = 0; at < picture.tiles.length; at += 3) {
    const levels = toYCbCr(picture.tiles[at]!, picture.tiles[at + 1]!, picture.tiles[at + 2]!);
    for (const [component, level] of levels.entries()) {
      const difference = level - previous[component]!;
      previous[component] = level;
      const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      put(category, 4);
      // A negative difference is written as its ones' complement.
      if (category > 0) put(difference > 0 ? difference : difference + (1 << category) - 1, category);
      put(0, 1);
    }
  }
  if (pendingBits > 0) put((1 << (8 - pendingBits)) - 1, 8 - pendingBits);
  return Buffer.from(bytes);
}

/** JFIF's conversion, shifted so that 0 is the middle. */
function toYCbCr(red: number, green: number, blue: number): [number, number, number] {
  return [
    Math.round(0.299 * red + 0.587 * green + 0.114 * blue) - 128,
    Math.round(-0.1687 * red - 0.3313 * green + 0.5 * blue),
    Math.round(0.5 * red - 0.4187 * green - 0.0813 * blue),
  ];
}
