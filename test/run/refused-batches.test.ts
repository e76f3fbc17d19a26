import { expect, test } from "vitest";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const inFours = { withoutPhoneLibrary: true, batchLimits: { items: 4, bytes: 1e9 } } as const;

function photos(count: number) {
  const files = Array.from({ length: count }, (_, at) => {
    const name = `/DCIM/100APPLE/IMG_${String(at + 1).padStart(4, "0")}.JPG`;
    return [name, jpeg(at + 1)] as const;
  });
  return phoneWith(Object.fromEntries(files));
}

/** The numbers of the photos in each import event, in the order of the events. */
function watchImports(harness: ImportHarness): number[][] {
  const seen: number[][] = [];
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    const { paths } = (input ?? {}) as { paths?: string[] };
    if (script.name === "importFiles") seen.push(paths!.map((path) => Number(/IMG_(\d+)/.exec(path)?.[1])));
    return whole(script, input, options);
  };
  return seen;
}

const poison = { name: "poison-file", names: "^IMG_0002\\." } as const;

test("a refused batch is split after all others are in, so that one bad photo delays nobody", async () => {
  using harness = new ImportHarness();
  harness.photos.faults(poison);
  const sent = watchImports(harness);
  const { answersByPath } = await harness.import(photos(12), inFours);
  expect(sent.slice(0, 3)).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ]);
  expect(sent.slice(3)).toEqual([[1, 2], [1], [2], [3, 4]]);
  const others = [...answersByPath].filter(([, answer]) => answer !== "proved");
  expect(others).toEqual([["/DCIM/100APPLE/IMG_0002.JPG", "failed"]]);
  expect(harness.albums()["Last Import"]).toHaveLength(11);
});

test("a photo that Photos would not take before is tried after all new ones, in an event without them", async () => {
  using harness = new ImportHarness();
  harness.photos.faults(poison);
  await harness.import(photos(3), inFours);
  const sent = watchImports(harness);
  await harness.import(photos(6), inFours);
  expect(sent).toEqual([[4, 5, 6], [2]]);
});

test("where Photos refuses everything, the third refusal in a row is split at once; the next run recovers", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "event-fails", number: -10000, event: "import" });
  const sent = watchImports(harness);
  await harness.import(photos(16), inFours);
  expect(sent.slice(0, 5)).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [9, 10], [9]]);
  harness.photos.faults(null);
  harness.runScript = runInProcess(harness.photos, harness.clock);
  const { head } = await harness.import(photos(16), inFours);
  expect(head.totals.byAnswer.proved).toBe(16);
});

test("three photos that silence Photos each time, first in order: all others are in after one run", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "poison-file", names: "^IMG_000[123]\\.", manner: "alert" });
  const { head } = await harness.import(photos(12), inFours);
  expect(head.totals.byAnswer).toMatchObject({ proved: 9, failed: 3 });
});
