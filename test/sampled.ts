import { type TestContext, test } from "vitest";
import { SeededNumbers } from "../src/virtual/iphone/seeded-numbers.js";

/** Set by sample-seed.ts in `npm test` alone: whoever runs one file plays all of it. */
const seed = process.env.ROLLCALL_TEST_SAMPLE;

/** Some rows of a long table, in their order: what `npm test` plays of it. ROLLCALL_TEST_SAMPLE chooses the same again. */
export function sampled<Row>(rows: readonly Row[], count: number): readonly Row[] {
  if (seed === undefined || rows.length <= count) return rows;
  const numbers = new SeededNumbers(Number(seed));
  const places = rows.map((_row, place) => place);
  for (let at = places.length - 1; at > 0; at -= 1) {
    const other = numbers.below(at + 1);
    [places[at], places[other]] = [places[other]!, places[at]!];
  }
  const chosen = new Set(places.slice(0, count));
  return rows.filter((_row, place) => chosen.has(place));
}

/**
 * `test` for a file of costly stories: `npm test` plays one in so many of them, and skips the others. A story that is
 * skipped there is played by `npm run test:long`.
 */
export function oneTestIn(howMany: number) {
  let count = Number(seed ?? 0);
  const next = () => (seed === undefined || count++ % howMany === 0 ? test : test.skip);
  const story = (title: string, body: (context: TestContext) => Promise<void> | void, timeoutMs?: number) =>
    next()(title, body, timeoutMs);
  const each = (rows: readonly never[]) => (title: string, body: () => void, timeoutMs?: number) => {
    for (const row of rows) next().each([row])(title, body, timeoutMs);
  };
  const skipIf = (isOff: boolean) => (isOff ? test.skip : story);
  return Object.assign(story, { each: each as unknown as typeof test.each, skipIf });
}
