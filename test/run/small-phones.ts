import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
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
