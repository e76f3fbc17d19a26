import { expect, test } from "vitest";
import { pickGroups } from "../../src/cli/terminal/pick-groups.js";
import type { Plan } from "../../src/plan/decision.js";

/** A plan that imports these: when each came, its kind, its size. */
function planOf(...items: readonly (readonly [at: Date, kind: string, sizeBytes: number])[]): Plan {
  const decisions = items.map(([at, kind, sizeBytes], place) => ({
    action: "import",
    item: { key: `item ${place}`, arrivedAtMs: at.getTime(), kind, files: [{ file: { sizeBytes } }] },
  }));
  return { decisions } as unknown as Plan;
}

test("rows are days and kinds, the newest day first, with numbers and sizes below one another", () => {
  const groups = pickGroups(
    planOf(
      [new Date(2026, 10, 2, 23, 59), "photo", 1000],
      [new Date(2026, 10, 21, 0, 0), "video", 5_000_000],
      ...Array.from({ length: 12 }, () => [new Date(2026, 10, 21, 12), "live", 1000] as const),
    ),
  );
  expect(groups.map(({ label }) => label)).toEqual([
    "21 Nov 2026  12 Live Photos  12.0 kB",
    "21 Nov 2026   1 video        5.0 MB",
    " 2 Nov 2026   1 photo        1.0 kB",
  ]);
  expect(groups.flatMap(({ itemKeys }) => itemKeys).sort()).toEqual(
    Array.from({ length: 14 }, (_, place) => `item ${place}`).sort(),
  );
});

test("with hundreds of days each month is a row of its own before its days, and chooses all of them", () => {
  const days = Array.from({ length: 400 }, (_, back) => new Date(2026, 10, 22 - back, 12));
  const groups = pickGroups(planOf(...days.map((at) => [at, "photo", 1000] as const)));
  expect(groups.slice(0, 2).map(({ label }) => label)).toEqual([
    "   Nov 2026  22 in all  22.0 kB",
    "22 Nov 2026   1 photo   1.0 kB",
  ]);
  expect(groups[23]!.label).toBe("   Oct 2026  31 in all  31.0 kB");
  expect(groups[23]!.itemKeys).toEqual(Array.from({ length: 31 }, (_, place) => `item ${place + 22}`));
  expect(groups.filter(({ isMonth }) => isMonth)).toHaveLength(14);
  expect(groups.filter(({ isMonth }) => !isMonth)).toHaveLength(400);
});

test("rows are found by day, ISO date and kind, and a month chooses its days", () => {
  const days = Array.from({ length: 40 }, (_, back) => new Date(2024, 7, 22 - back, 12));
  const groups = pickGroups(planOf(...days.map((at) => [at, "live", 1000] as const)));
  expect(groups[0]).toMatchObject({ isMonth: true, found: "aug2024\n22inall\n\n2024-08", photos: 22 });
  expect(groups[0]!.chooses).toEqual(Array.from({ length: 22 }, (_, place) => place + 1));
  expect(groups[20]).toMatchObject({
    isMonth: false,
    found: "3aug2024\n1livephoto\nlivephotos\n2024-08-03",
    chooses: [20],
  });
});

test("nothing to import is nothing to choose", () => {
  expect(pickGroups(planOf())).toEqual([]);
});
