import { expect, test } from "vitest";
import { ImportHarness } from "../run/import-harness.js";
import { importStaged } from "./import-staged.js";

const MB = 1_000_000;
const atSpeed = (mbPerSecond: number) => (bytes: number) => bytes / (mbPerSecond * 1_000);
const many = (count: number, mb: number) => Array<number>(count).fill(mb * MB);
const sizesOf = (sent: readonly { readonly bytes: number }[]) => sent.map(({ bytes }) => bytes / MB);

test("videos go in plain events that grow with the pace of Photos, up to the limit of a batch", async () => {
  using harness = new ImportHarness();
  const { sent, outcomes } = await importStaged(harness, { sizes: many(60, 100), msFor: atSpeed(50) });
  expect(new Set(outcomes)).toEqual(new Set(["imported"]));
  expect(new Set(sent.map(({ by }) => by))).toEqual(new Set(["plain"]));
  expect(sizesOf(sent).slice(0, 4)).toEqual([200, 400, 800, 1_000]);
});

test("on a slow disk no event after the first takes over 40 seconds, and the next run begins as small", async () => {
  using harness = new ImportHarness();
  const slow = atSpeed(2);
  const first = await importStaged(harness, { sizes: many(12, 40), msFor: slow });
  expect(sizesOf(first.sent).slice(0, 3)).toEqual([200, 80, 80]);
  const next = await importStaged(harness, { sizes: many(6, 40), msFor: slow });
  expect(sizesOf(next.sent)).toEqual([80, 80, 80]);
  expect([...first.sent, ...next.sent].map(({ by }) => by)).not.toContain("by-hand");
});

test("the next run on a fast disk begins with 200 MB again: a slower one may be in its place", async () => {
  using harness = new ImportHarness();
  await importStaged(harness, { sizes: many(30, 100), msFor: atSpeed(90) });
  const { sent } = await importStaged(harness, { sizes: many(3, 100), msFor: atSpeed(90) });
  expect(sizesOf(sent)).toEqual([200, 100]);
});

test("only a single video too large for a plain event goes by hand, with a deadline that fits its size", async () => {
  using harness = new ImportHarness();
  const sizes = [900 * MB, ...many(8, 100), 900 * MB, 9_000 * MB];
  const { sent, outcomes } = await importStaged(harness, { sizes, msFor: atSpeed(50) });
  expect(outcomes).toHaveLength(sizes.length);
  expect(sent.filter(({ by }) => by === "by-hand").map(({ bytes }) => bytes / MB)).toEqual([900, 9_000]);
  for (const { bytes, deadlineMs } of sent) expect(deadlineMs).toBe(150_000 + bytes / 2_000);
});

test("videos that are as many bytes as a large one and small each never go by hand", async () => {
  using harness = new ImportHarness();
  const { sent } = await importStaged(harness, { sizes: many(50, 30) });
  expect(sent.every(({ by }) => by === "plain")).toBe(true);
  expect(sent.length).toBeLessThanOrEqual(4);
});

test("a batch that outlasts its event is waited for, not sent again, and followed by one of half the size", async () => {
  using harness = new ImportHarness();
  let events = 0;
  const { sent, outcomes } = await importStaged(harness, {
    sizes: many(8, 50),
    onEvent: () =>
      harness.photos.faults(events++ > 0 ? null : { name: "import-times-out", lateByMs: 30_000, times: 1 }),
  });
  expect(sizesOf(sent)).toEqual([200, 100, 100]);
  expect(outcomes).toEqual(Array(8).fill("imported"));
  expect(harness.itemCount()).toBe(8);
});

test("the halves of a refused batch are no larger than the pace that Photos has shown since", async () => {
  using harness = new ImportHarness();
  let events = 0;
  const { sent, outcomes } = await importStaged(harness, {
    sizes: many(6, 50),
    onEvent: ({ bytes }) => {
      events += 1;
      harness.photos.faults(events === 1 ? { name: "poison-file", names: "^IMG" } : null);
      if (events === 2) harness.clock.pass(bytes / 1_250); // 1.25 MB/s: 50 MB in time, until it is fast again
    },
  });
  expect(sizesOf(sent)).toEqual([200, 100, 50, 50, 100]);
  expect(outcomes).toEqual(Array(6).fill("imported"));
});
