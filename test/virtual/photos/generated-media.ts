import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeAdjustments } from "../../../src/virtual/iphone/adjustments.js";
import { encodeDng } from "../../../src/virtual/iphone/dng.js";
import { encodeJpeg } from "../../../src/virtual/iphone/jpeg.js";
import { encodeMov } from "../../../src/virtual/iphone/mov.js";
import { drawPicture } from "../../../src/virtual/iphone/picture.js";
import { encodePng } from "../../../src/virtual/iphone/png.js";
import { SeededNumbers } from "../../../src/virtual/iphone/seeded-numbers.js";

const takenAt = new Date("2026-11-20T09:15:00Z");

/** Writes small files that really decode into one folder; each call draws another picture. */
export class GeneratedMedia {
  readonly folder: string;
  readonly #numbers = new SeededNumbers(7);

  constructor(folder: string) {
    this.folder = folder;
  }

  jpeg(name: string, contentIdentifier: string | null = null): string {
    return this.write(name, encodeJpeg(this.#picture(), { takenAt, contentIdentifier }));
  }

  /** One frame of a burst: the identifier stands in Apple's maker note under tag 0x0B instead of 0x11. */
  burstFrame(name: string, burstIdentifier: string): string {
    const bytes = encodeJpeg(this.#picture(), { takenAt, contentIdentifier: burstIdentifier });
    const textEntry = Buffer.from([0x00, 0x11, 0x00, 0x02]);
    const at = bytes.indexOf(textEntry);
    if (at < 0 || bytes.indexOf(textEntry, at + 1) >= 0)
      throw new Error("the maker note is not where it was");
    bytes.writeUInt16BE(0x0b, at);
    return this.write(name, bytes);
  }

  video(name: string, contentIdentifier: string | null = null): string {
    return this.write(name, encodeMov([this.#picture(), this.#picture()], { takenAt, contentIdentifier }));
  }

  png(name: string): string {
    return this.write(name, encodePng(this.#picture(), takenAt));
  }

  raw(name: string): string {
    return this.write(name, encodeDng(this.#picture(), takenAt));
  }

  adjustments(name: string, format?: string): string {
    return this.write(name, encodeAdjustments(takenAt, 0.3, format));
  }

  /** Any bytes under any name; returns the absolute path. */
  write(name: string, bytes: Buffer | string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  }

  #picture() {
    return drawPicture(this.#numbers);
  }
}
