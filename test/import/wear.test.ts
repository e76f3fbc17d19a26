import { expect, test } from "vitest";
import { Wear } from "../../src/import/wear.js";

const batch = { items: 50, bytes: 100e6, ms: 10_000 };

function after(...batches: { items: number; bytes: number; ms: number }[]): Wear {
  const wear = new Wear();
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

test("films take longer and are no wear", () => {
  const film = { items: 1, bytes: 4e9, ms: 60_000 };
  expect(after(batch, batch, batch, film, film).isSlow).toBe(false);
});

test("what is quick enough is never called slow, however much quicker it was before", () => {
  const instant = { ...batch, ms: 100 };
  const quick = { ...batch, ms: 20_000 };
  expect(after(instant, instant, instant, quick, quick).isSlow).toBe(false);
});

test("eight starts in a row with nothing taken in between are hopeless; one item takes that back", () => {
  const wear = new Wear();
  for (let time = 0; time < 8; time += 1) wear.startedAnew();
  expect(wear.isHopeless).toBe(true);
  wear.sawProgress();
  expect(wear.isHopeless).toBe(false);
});
