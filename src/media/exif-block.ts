import type { FileWindow } from "./file-window.js";
import { boxesIn, findBox } from "./iso-boxes.js";

/** An EXIF block is at most one JPEG segment; HEIC sets no limit, so one is set here. */
const mostExifBytes = 256 * 1024;

/** The TIFF block inside a JPEG's APP1 segment, or null (JPEG, ITU T.81 annex B; EXIF 2.3). */
export function jpegExif(file: FileWindow): Buffer | null {
  let at = 2;
  for (let count = 0; count < 256; count++) {
    const header = file.read(at, 10);
    if (header.length < 4 || header[0] !== 0xff) return null;
    const marker = header[1];
    // The picture itself begins: no more metadata.
    if (marker === 0xda || marker === 0xd9) return null;
    const length = header.readUInt16BE(2);
    if (length < 2) return null;
    if (marker === 0xe1 && header.toString("latin1", 4, 10) === "Exif\0\0")
      return file.read(at + 10, length - 8);
    at += 2 + length;
  }
  return null;
}

/**
 * The TIFF block of a HEIC's Exif item, or null: `meta/iinf` names the item, `meta/iloc` says where it lies
 * (ISO/IEC 14496-12, 23008-12).
 */
export function heicExif(file: FileWindow): Buffer | null {
  const meta = findBox(file, ["meta"]);
  if (meta === null) return null;
  const within = { ...meta, start: meta.start + 4 };
  const info = findBox(file, ["iinf"], within);
  const locations = findBox(file, ["iloc"], within);
  if (info === null || locations === null) return null;
  const item = exifItemId(file, info);
  const place =
    item === null ? null : itemPlace(file.read(locations.start, locations.end - locations.start), item);
  if (place === null) return null;
  const bytes = file.read(place.offset, Math.min(place.length, mostExifBytes));
  // Four bytes say how far behind them the TIFF block begins.
  if (bytes.length < 4) return null;
  return bytes.subarray(4 + bytes.readUInt32BE(0));
}

function exifItemId(file: FileWindow, info: { start: number; end: number }): number | null {
  const isLong = file.read(info.start, 1)[0] !== 0;
  for (const entry of boxesIn(file, info.start + (isLong ? 8 : 6), info.end)) {
    const bytes = file.read(entry.start, 14);
    const version = bytes[0];
    const idSize = version === 3 ? 4 : 2;
    if ((version !== 2 && version !== 3) || bytes.length < 10 + idSize) continue;
    if (bytes.toString("latin1", 6 + idSize, 10 + idSize) === "Exif") return bytes.readUIntBE(4, idSize);
  }
  return null;
}

/**
 * Reads an `iloc` box: the first extent of one item, where that lies in the file itself. Of the others each is stepped
 * over at once, since their fields may have no width, and then 65,535 of them take six bytes.
 */
function itemPlace(box: Buffer, wanted: number): { offset: number; length: number } | null {
  if (box.length < 8) return null;
  const version = box.readUInt8(0);
  const [offsetSize, lengthSize] = [box.readUInt8(4) >> 4, box.readUInt8(4) & 15] as const;
  const [baseSize, indexSize] = [box.readUInt8(5) >> 4, version === 0 ? 0 : box.readUInt8(5) & 15] as const;
  if (![offsetSize, lengthSize, baseSize, indexSize].every((size) => [0, 4, 8].includes(size))) return null;
  let at = 6;
  const take = (size: number): number => {
    if (at + size > box.length) throw new RangeError("iloc ends early");
    const value = size === 0 ? 0 : size === 8 ? Number(box.readBigUInt64BE(at)) : box.readUIntBE(at, size);
    at += size;
    return value;
  };
  try {
    const count = take(version < 2 ? 2 : 4);
    for (let item = 0; item < count; item++) {
      const id = take(version < 2 ? 2 : 4);
      const method = version === 0 ? 0 : take(2) & 15;
      take(2);
      const base = take(baseSize);
      const extents = take(2);
      if (id === wanted && method === 0 && extents > 0) {
        take(indexSize);
        const offset = take(offsetSize);
        return { offset: base + offset, length: take(lengthSize) };
      }
      at += extents * (indexSize + offsetSize + lengthSize);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}
