import { expect, test } from "vitest";
import { PhotosEventError } from "../../src/photos/photos-library.js";
import { waitUntilQuiet } from "../../src/session/wait-until-quiet.js";
import { QuickClock } from "../phone/quick-clock.js";

const MINUTE = 60_000;

/** How many minutes it waits while Photos' album has these lengths, each from a minute on; null: no answer. */
async function minutesUntilQuiet(lengths: Readonly<Record<number, number | null>>, bytes = 0) {
  const clock = new QuickClock();
  const begunMs = clock.now().getTime();
  const minutes = () => (clock.now().getTime() - begunMs) / MINUTE;
  const describeAlbum = async () => {
    const from = Object.keys(lengths)
      .map(Number)
      .findLast((minute) => minute <= minutes())!;
    const length = lengths[from]!;
    if (length === null) throw new PhotosEventError("no answer", -1712, true);
    return { name: "", length };
  };
  const session = { askOnce: { describeAlbum } as never, reopen: async () => null };
  const { isDeaf } = await waitUntilQuiet("album", bytes, { session, clock });
  return { minutes: Math.round(minutes()), isDeaf };
}

test.each([
  ["does not grow", { 0: 0 }, { minutes: 1, isDeaf: false }],
  ["grows once more just before a minute is over", { 0: 0, 0.9: 1 }, { minutes: 2, isDeaf: false }],
  ["grows every half minute for five minutes", grows(10), { minutes: 6, isDeaf: false }],
  ["never stops growing", grows(1_000), { minutes: 21, isDeaf: false }],
])("an album that %s is quiet after a minute without a change", async (_what, lengths, expected) => {
  expect(await minutesUntilQuiet(lengths)).toEqual(expected);
});

test("a large event is waited for as long as a slow disk takes for its bytes", async () => {
  const { minutes } = await minutesUntilQuiet({ 0: 0 }, 6 * 1024 ** 3);
  expect(minutes).toBeGreaterThan(30);
});

test("a Photos that answers no look for minutes is deaf", async () => {
  expect(await minutesUntilQuiet({ 0: null }, 1024 ** 3)).toMatchObject({ isDeaf: true });
  expect(await minutesUntilQuiet({ 0: null, 1: 0 }, 1024 ** 3)).toMatchObject({ isDeaf: false });
});

function grows(times: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: times }, (_, at) => [at / 2, at]));
}
