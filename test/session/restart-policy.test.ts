import { expect, test } from "vitest";
import { RestartPolicy } from "../../src/session/restart-policy.js";

const batch = { items: 50, bytes: 100e6, ms: 10_000 };

function after(...batches: { items: number; bytes: number; ms: number }[]): RestartPolicy {
  const wear = new RestartPolicy();
  for (const one of batches) wear.took(one);
  return wear;
}

test("Photos has taken many after 1,000 items, and none again once it was started anew", () => {
  const wear = after(...Array<typeof batch>(19).fill(batch));
  expect(wear.hasTakenMany).toBe(false);
  wear.took(batch);
  expect(wear.hasTakenMany).toBe(true);
  wear.startedAnew();
  expect(wear.hasTakenMany).toBe(false);
});

test("two batches in a row that take several times as long are wear; a single one is not", () => {
  const slow = { ...batch, ms: 60_000 };
  expect(after(batch, batch, batch, slow).isSlow).toBe(false);
  expect(after(batch, batch, batch, slow, batch).isSlow).toBe(false);
  expect(after(batch, batch, batch, slow, slow).isSlow).toBe(true);
});

test("videos take longer and are no wear", () => {
  const video = { items: 1, bytes: 4e9, ms: 60_000 };
  expect(after(batch, batch, batch, video, video).isSlow).toBe(false);
});

test("edited photos that go alone, each with the cost of an event of its own, are no wear", () => {
  const alone = { items: 1, bytes: 2e6, ms: 3_000 };
  expect(after(batch, batch, batch, alone, alone, alone).isSlow).toBe(false);
});

test("what is quick enough is never called slow, however much quicker it was before", () => {
  const instant = { ...batch, ms: 100 };
  const quick = { ...batch, ms: 30_000 };
  expect(after(instant, instant, instant, quick, quick).isSlow).toBe(false);
});

test("a Photos that nobody starts anew is asked about again after a while, and its pace is remembered", () => {
  const slow = { ...batch, ms: 90_000 };
  const wear = after(batch, batch, batch, slow, slow);
  wear.relaunchDeclined();
  expect(wear.isSlow).toBe(false);
  for (let time = 0; time < 19; time += 1) wear.took(slow);
  expect(wear.isSlow).toBe(false);
  wear.took(slow);
  expect(wear.isSlow).toBe(true);
});

test("twelve starts in a row with nothing taken in between are hopeless; one item takes that back", () => {
  const wear = new RestartPolicy();
  for (let time = 0; time < 12; time += 1) wear.startedAnew();
  expect(wear.isHopeless).toBe(true);
  wear.sawProgress();
  expect(wear.isHopeless).toBe(false);
});

test("three files that silence Photos before anything came in are not blamed; after something did, six are", () => {
  const wear = new RestartPolicy();
  for (let time = 0; time < 3; time += 1) wear.foundBadFile();
  expect(wear.isHopeless).toBe(true);
  wear.sawProgress();
  for (let time = 0; time < 5; time += 1) wear.foundBadFile();
  expect(wear.isHopeless).toBe(false);
  wear.foundBadFile();
  expect(wear.isHopeless).toBe(true);
});
