import fc from "fast-check";
import { expect, test } from "vitest";
import { ImportPace } from "../../src/import/import-pace.js";
import { slowestMs } from "../../src/session/slowest-disk.js";
import { assertRandom, seed } from "../random-cases.js";

const MB = 1_000_000;

/** One event that is as large as the pace allows, or has so many bytes, on a disk of this speed. */
function send(pace: ImportPace, mbPerSecond: number, bytes = pace.plainBytes): number {
  const ms = bytes / (mbPerSecond * 1_000);
  pace.took({ bytes, ms });
  return ms;
}

test("the first event carries 200 MB, unless somebody says otherwise", () => {
  expect(new ImportPace().plainBytes).toBe(200 * MB);
  expect(new ImportPace({ firstBytes: 7 }).plainBytes).toBe(7);
});

test("a fast disk is sent twice as much with each event, up to what it takes in 40 seconds", () => {
  const pace = new ImportPace();
  const sizes = [400, 800, 1_600, 2_000, 2_000];
  for (const mb of sizes) {
    send(pace, 50);
    expect(pace.plainBytes).toBe(mb * MB);
  }
});

test("a small event proves nothing about a large one", () => {
  const pace = new ImportPace();
  send(pace, 500, 49 * MB);
  expect(pace.plainBytes).toBe(200 * MB);
  send(pace, 500, 50 * MB);
  expect(pace.plainBytes).toBe(400 * MB);
});

test("a disk that has become slow is sent less with the next event", () => {
  const pace = new ImportPace();
  for (let event = 0; event < 4; event += 1) send(pace, 50);
  send(pace, 3, 300 * MB);
  expect(pace.plainBytes).toBe(120 * MB);
});

test("an event that was given up halves what the next one carries, where its bytes can be the reason", () => {
  const pace = new ImportPace();
  pace.outlasted({ bytes: 12_000, ms: 120_000 });
  expect(pace.plainBytes).toBe(200 * MB);
  pace.outlasted({ bytes: 200 * MB, ms: 60_000 });
  expect(pace.plainBytes).toBe(100 * MB);
});

test("of earlier runs a slow event is believed, a fast one is not", () => {
  const slow = { bytes: 100 * MB, ms: 50_000 };
  const fast = { bytes: 1_000 * MB, ms: 2_000 };
  expect(new ImportPace({ earlier: [fast] }).plainBytes).toBe(200 * MB);
  expect(new ImportPace({ earlier: [fast, slow, fast] }).plainBytes).toBe(80 * MB);
});

test("the slowest disk takes 2 MB a second", () => {
  expect(slowestMs(6_000 * MB)).toBe(3_000_000);
});

test(`at any disk speed the event after a measured one takes at most 40 s at that speed (seed ${seed})`, async () => {
  const event = fc.record({
    mbPerSecond: fc.double({ min: 0.8, max: 900, noNaN: true }),
    /** Of what is allowed. */
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });
  await assertRandom(
    fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), (events) => {
      const pace = new ImportPace();
      for (const { mbPerSecond, share } of events) {
        const before = pace.plainBytes;
        send(pace, mbPerSecond, share * before);
        expect(pace.plainBytes).toBeLessThanOrEqual(2 * before);
        expect(pace.plainBytes).toBeGreaterThanOrEqual(25 * MB);
        const isTelling = share * before >= 20 * MB;
        const isLeast = pace.plainBytes === 25 * MB;
        if (isTelling && !isLeast)
          expect(pace.plainBytes / (mbPerSecond * 1_000)).toBeLessThanOrEqual(40_001);
      }
    }),
    { numRuns: 500 },
  );
});
