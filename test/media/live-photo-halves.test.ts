import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { areLivePhotoHalves } from "../../src/media/live-photo-halves.js";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import { hasSharedData, needsSharedData, sharedData } from "../catalogue/shared-data.js";
import { jpeg, mov } from "../run/small-phones.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function answerFor(still: Uint8Array, video: Uint8Array): string {
  writeFileSync(join(folder, "still"), still);
  writeFileSync(join(folder, "video"), video);
  return areLivePhotoHalves(join(folder, "still"), join(folder, "video"));
}

const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1", "latin1");

test.each([
  ["one identifier in both", jpeg(1, "A-1"), mov(1, "A-1"), "yes"],
  ["the same in other letters", jpeg(1, "a-1"), mov(1, "A-1"), "yes"],
  ["two identifiers", jpeg(1, "A-1"), mov(1, "B-2"), "no"],
  ["none in the video, as iOS 18.0 wrote them", jpeg(1, "A-1"), mov(1), "no"],
  ["none in the still", jpeg(1), mov(1, "A-1"), "no"],
  ["none in either", jpeg(1), mov(1), "no"],
  ["a still that cannot be read, and a video with one", heic, mov(1, "A-1"), "unsaid"],
  ["a still that cannot be read, and a video without", heic, mov(1), "no"],
  ["a video that is cut off before its metadata", jpeg(1, "A-1"), mov(1, "A-1").subarray(0, 300), "unsaid"],
  ["two files of nothing", new Uint8Array(0), new Uint8Array(0), "unsaid"],
])("%s", (_title, still, video, expected) => {
  expect(answerFor(still, video)).toBe(expected);
});

test("a HEIC's identifier is found behind items with extents of any width, and with none", () => {
  const picture = Buffer.from(jpeg(1, "A-1"));
  const tiff = picture.subarray(picture.indexOf("Exif\0\0") + 6);
  const whole = (...numbers: number[]) => Buffer.from(numbers);
  const box = (type: string, ...parts: Buffer[]) => {
    const content = Buffer.concat(parts);
    const head = Buffer.concat([Buffer.alloc(4), Buffer.from(type)]);
    head.writeUInt32BE(content.length + 8);
    return Buffer.concat([head, content]);
  };
  const entry = box("infe", whole(2, 0, 0, 0, 0, 7, 0, 0), Buffer.from("Exif"));
  const made = (offset: number) => {
    const place = Buffer.alloc(8);
    place.writeUInt32BE(offset, 0);
    place.writeUInt32BE(tiff.length + 4, 4);
    // Three items: two extents of eight bytes each, none at all, and the one that is named.
    const items = [
      whole(0, 3, 0, 0, 0, 2),
      Buffer.alloc(16, 1),
      whole(0, 4, 0, 0, 0, 0),
      whole(0, 7, 0, 0, 0, 1),
      place,
    ];
    const iloc = box("iloc", whole(0, 0, 0, 0, 0x44, 0, 0, 3), ...items);
    const meta = box("meta", Buffer.alloc(4), box("iinf", whole(0, 0, 0, 0, 0, 1), entry), iloc);
    return Buffer.concat([box("ftyp", Buffer.from("heic")), meta, box("mdat", Buffer.alloc(4), tiff)]);
  };
  const offset = made(0).indexOf("mdat") + 4;
  expect(answerFor(made(offset), mov(1, "A-1"))).toBe("yes");
  expect(answerFor(made(offset), mov(1, "B-2"))).toBe("no");
});

test("a file that is not there is no proof of anything", () => {
  expect(areLivePhotoHalves(join(folder, "none"), join(folder, "none"))).toBe("unsaid");
});

test("damaged halves never stop a run: whatever byte is wrong, there is an answer", () => {
  const numbers = new SeededNumbers(20261122);
  const [still, video] = [jpeg(1, "A-1"), mov(1, "A-1")];
  for (let round = 0; round < 300; round++) {
    const broken = [Buffer.from(still), Buffer.from(video)] as const;
    for (const half of broken) {
      for (let hits = 0; hits < 4; hits++) half[numbers.below(half.length)] = numbers.below(256);
    }
    expect(["yes", "no", "unsaid"]).toContain(answerFor(...broken));
  }
});

test.skipIf(!hasSharedData)(`a real iPhone's pair has one, its still a HEIC${needsSharedData}`, () => {
  const originals = join(
    sharedData,
    "photoslibrary",
    "media-types-macos15.7.2.photoslibrary",
    "originals",
    "E",
  );
  const id = "EC19EA1A-FC91-449C-8925-B13D863E2EDB";
  const [still, video] = [join(originals, `${id}.heic`), join(originals, `${id}_3.mov`)];
  expect(areLivePhotoHalves(still, video)).toBe("yes");
  writeFileSync(join(folder, "video"), mov(1, "602FEBB7-6B59-4799-96E6-9C8484D873C7"));
  expect(areLivePhotoHalves(still, join(folder, "video"))).toBe("yes");
  writeFileSync(join(folder, "still"), jpeg(1, "602FEBB7-6B59-4799-96E6-9C8484D873C7"));
  expect(areLivePhotoHalves(join(folder, "still"), video)).toBe("yes");
  expect(readFileSync(video).length).toBeGreaterThan(1000);
});
