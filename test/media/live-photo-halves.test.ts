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

function answerFor(still: Uint8Array, movie: Uint8Array): string {
  writeFileSync(join(folder, "still"), still);
  writeFileSync(join(folder, "movie"), movie);
  return areLivePhotoHalves(join(folder, "still"), join(folder, "movie"));
}

const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1", "latin1");

test.each([
  ["one identifier in both", jpeg(1, "A-1"), mov(1, "A-1"), "yes"],
  ["the same in other letters", jpeg(1, "a-1"), mov(1, "A-1"), "yes"],
  ["two identifiers", jpeg(1, "A-1"), mov(1, "B-2"), "no"],
  ["none in the movie, as iOS 18.0 wrote them", jpeg(1, "A-1"), mov(1), "no"],
  ["none in the still", jpeg(1), mov(1, "A-1"), "no"],
  ["none in either", jpeg(1), mov(1), "no"],
  ["a still that cannot be read, and a movie with one", heic, mov(1, "A-1"), "unsaid"],
  ["a still that cannot be read, and a movie without", heic, mov(1), "no"],
  ["a movie that is cut off before its metadata", jpeg(1, "A-1"), mov(1, "A-1").subarray(0, 300), "unsaid"],
  ["two files of nothing", new Uint8Array(0), new Uint8Array(0), "unsaid"],
])("%s", (_title, still, movie, expected) => {
  expect(answerFor(still, movie)).toBe(expected);
});

test("a file that is not there is no proof of anything", () => {
  expect(areLivePhotoHalves(join(folder, "none"), join(folder, "none"))).toBe("unsaid");
});

test("damaged halves never stop a run: whatever byte is wrong, there is an answer", () => {
  const numbers = new SeededNumbers(20261122);
  const [still, movie] = [jpeg(1, "A-1"), mov(1, "A-1")];
  for (let round = 0; round < 300; round++) {
    const broken = [Buffer.from(still), Buffer.from(movie)] as const;
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
  const [still, movie] = [join(originals, `${id}.heic`), join(originals, `${id}_3.mov`)];
  expect(areLivePhotoHalves(still, movie)).toBe("yes");
  writeFileSync(join(folder, "movie"), mov(1, "602FEBB7-6B59-4799-96E6-9C8484D873C7"));
  expect(areLivePhotoHalves(still, join(folder, "movie"))).toBe("yes");
  writeFileSync(join(folder, "still"), jpeg(1, "602FEBB7-6B59-4799-96E6-9C8484D873C7"));
  expect(areLivePhotoHalves(join(folder, "still"), movie)).toBe("yes");
  expect(readFileSync(movie).length).toBeGreaterThan(1000);
});
