import type { Thumbnail } from "../receipt/page-pictures.js";

/** A picture that a browser can show, and no larger than a page should hold. */
export interface SmallPicture {
  readonly type: Thumbnail["type"];
  readonly bytes: Buffer;
}

/**
 * A phone's thumbnails have a short edge of 360; a panorama's long one is some thousands. What says it is larger would
 * take more memory to draw than a small picture is worth.
 */
const LONGEST_EDGE = 8_192;
const MOST_PIXELS = 16_000_000;

/** By its first bytes, and by the size that its header states: a file's name says nothing. Null where it is none. */
export function smallPictureOf(bytes: Buffer): SmallPicture | null {
  const found = jpegSize(bytes) ?? pngSize(bytes);
  if (found === null) return null;
  const { type, width, height } = found;
  const isSmall = Math.max(width, height) <= LONGEST_EDGE && width * height <= MOST_PIXELS;
  return width > 0 && height > 0 && isSmall ? { type, bytes } : null;
}

interface PictureSize {
  readonly type: Thumbnail["type"];
  readonly width: number;
  readonly height: number;
}

/** Walks the segments to the frame header (ITU-T T.81, B.2.2), which comes before the picture's own data. */
function jpegSize(bytes: Buffer): PictureSize | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // fill bytes may stand before a marker
      continue;
    }
    if (isFrameHeader(marker))
      return { type: "jpeg", height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    const length = bytes.readUInt16BE(at + 2);
    if (marker === 0xda || length < 2) return null; // the data begins, and no size was stated
    at += 2 + length;
  }
  return null;
}

/** SOF0 to SOF15 without the tables that share their numbers: DHT (C4), JPG (C8) and DAC (CC). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** The first chunk of a PNG is IHDR, which begins with width and height (PNG specification, 11.2.2). */
function pngSize(bytes: Buffer): PictureSize | null {
  if (bytes.length < 24 || bytes.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n") return null;
  if (bytes.toString("latin1", 12, 16) !== "IHDR") return null;
  return { type: "png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
