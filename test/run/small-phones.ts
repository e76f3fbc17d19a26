import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { encodeDng } from "../../src/virtual/iphone/dng.js";
import { encodeJpeg } from "../../src/virtual/iphone/jpeg.js";
import { MemoryPhone, type MemoryPhoneOptions } from "../../src/virtual/iphone/memory-phone.js";
import { encodeMov } from "../../src/virtual/iphone/mov.js";
import { drawPicture } from "../../src/virtual/iphone/picture.js";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";

const TAKEN = new Date("2026-11-01T10:00:00Z");

/** A small picture; another seed gives other bytes. */
export function jpeg(seed: number, contentIdentifier: string | null = null): Buffer {
  return encodeJpeg(drawPicture(new SeededNumbers(seed), 2, 2), { takenAt: TAKEN, contentIdentifier });
}

/** One frame of a burst. */
export function burstFrame(seed: number, burstIdentifier: string): Buffer {
  const camera = { takenAt: TAKEN, contentIdentifier: null, burstIdentifier };
  return encodeJpeg(drawPicture(new SeededNumbers(seed), 2, 2), camera);
}

export function dng(seed: number): Buffer {
  return encodeDng(drawPicture(new SeededNumbers(seed), 2, 2), TAKEN);
}

export function mov(seed: number, contentIdentifier: string | null = null): Buffer {
  return encodeMov([drawPicture(new SeededNumbers(seed), 2, 2)], { takenAt: TAKEN, contentIdentifier });
}

export function aae(seed: number): Buffer {
  return encodeAdjustments(TAKEN, seed / 100);
}

/** A phone without a database of its own: import it with `withoutPhoneLibrary`. */
export function phoneWith(
  files: Record<string, Buffer | { bytes: Buffer; modifiedAt: Date }>,
  options: MemoryPhoneOptions = {},
): MemoryPhone {
  const phone = new MemoryPhone([], options);
  let minutes = 0;
  for (const [path, file] of Object.entries(files)) {
    const bytes = Buffer.isBuffer(file) ? file : file.bytes;
    const modifiedAt = Buffer.isBuffer(file)
      ? new Date(TAKEN.getTime() + minutes++ * 60_000)
      : file.modifiedAt;
    phone.put(path, { bytes, modifiedAt });
  }
  return phone;
}

/**
 * Whatever a fault of Photos can act on: a Live Photo, an edit with its rendering, a RAW pair, two frames of a
 * burst, two pictures of one name, and a name with an accent.
 */
export const richRoll: Readonly<Record<string, Buffer>> = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
  "/DCIM/100APPLE/IMG_0003.JPEG": jpeg(33),
  "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4),
  "/DCIM/100APPLE/IMG_0004.AAE": aae(4),
  "/DCIM/100APPLE/IMG_E0004.JPG": jpeg(44),
  "/DCIM/100APPLE/IMG_0005.JPG": jpeg(5),
  "/DCIM/100APPLE/IMG_0005.DNG": dng(5),
  "/DCIM/100APPLE/Gr\u00fc\u00dfe.JPG": jpeg(8),
  "/DCIM/100APPLE/IMG_0006.JPG": burstFrame(6, "BURST"),
  "/DCIM/100APPLE/IMG_0007.JPG": burstFrame(7, "BURST"),
};
