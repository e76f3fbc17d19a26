import { expect, test } from "vitest";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { ImportHarness } from "../run/import-harness.js";
import { importStaged } from "./import-staged.js";

const MINUTE_MS = 60_000;
const FILM_BYTES = 6 * 1024 ** 3;

/** Imports one video of 6 GB; Photos does with each of its events what `how` says, in this order. */
async function importVideo(...how: PhotosFault[]) {
  using harness = new ImportHarness();
  let events = 0;
  const run = await importStaged(harness, {
    sizes: [FILM_BYTES],
    onEvent: () => {
      const one = how[events++];
      harness.photos.faults(one === undefined ? null : ({ ...one, atEvent: 1, times: 1 } as typeof one));
    },
  });
  return { ...run, events: run.sent.map(({ by }) => by), items: harness.itemCount() };
}

test("a video of 6 GB whose size Photos tells wrongly comes in, once", async () => {
  const { outcomes, items } = await importVideo({ name: "sizes-wrap" });
  expect(outcomes).toEqual(["imported"]);
  expect(items).toBe(1);
});

test("a video of 6 GB that a slow disk takes in 50 minutes needs one event, with a time-out for its size", async () => {
  const slow = { name: "wears-out", afterItems: 0, failsAfterItems: 1e9, slowByMs: 50 * MINUTE_MS } as const;
  const { outcomes, sent, events, minutes, items } = await importVideo(slow);
  expect(outcomes).toEqual(["imported"]);
  expect(events).toEqual(["by-hand"]);
  // 2 MB/s is what a network disk over Wi-Fi does at its worst.
  expect(sent[0]!.deadlineMs / MINUTE_MS).toBeGreaterThan(FILM_BYTES / 2e6 / 60);
  expect(sent[0]!.deadlineMs / MINUTE_MS).toBeLessThan(60);
  expect(minutes).toBeGreaterThanOrEqual(50);
  expect(items).toBe(1);
});

test("a video of 6 GB whose event times out early is waited for, and is not sent again", async () => {
  const early = { name: "import-times-out", waitMs: 2 * MINUTE_MS, lateByMs: 45 * MINUTE_MS } as const;
  const { outcomes, events, minutes, items } = await importVideo(early);
  expect(outcomes).toEqual(["imported"]);
  expect(events).toEqual(["by-hand"]);
  expect(minutes).toBeGreaterThanOrEqual(47);
  expect(items).toBe(1);
});

test("a video that comes in after its event gave up is not waited for any longer", async () => {
  const early = { name: "import-times-out", waitMs: 2 * MINUTE_MS, lateByMs: 5 * MINUTE_MS } as const;
  const { outcomes, minutes } = await importVideo(early);
  expect(outcomes).toEqual(["imported"]);
  expect(minutes).toBeLessThan(8);
});

test("a video of 6 GB that Photos imports by a plain event alone is found long after its two minutes", async () => {
  const empty = { name: "hand-built-import-does-nothing", as: "empty list" } as const;
  const early = { name: "import-times-out", waitMs: 2 * MINUTE_MS, lateByMs: 20 * MINUTE_MS } as const;
  const { outcomes, events, minutes, items } = await importVideo(empty, early);
  expect(outcomes).toEqual(["imported"]);
  expect(events).toEqual(["by-hand", "plain"]);
  expect(minutes).toBeLessThan(25);
  expect(items).toBe(1);
});
