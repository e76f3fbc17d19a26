import { expect, test } from "vitest";
import type { Catalogue, LibraryFacts, MediaItem } from "../../src/catalogue/media-item.js";
import { planLines, planTotals } from "../../src/cli/commands/plan/lines.js";
import { type Plan, REASONS } from "../../src/plan/decision.js";
import { phoneSideOf } from "../../src/plan/phone-side.js";

const SHOWN: LibraryFacts = {
  shown: true,
  caption: null,
  albums: [],
  burst: null,
  inSharedLibrary: false,
  inICloud: "no",
};

function planOf(items: Partial<MediaItem>[], catalogue: Partial<Catalogue>): Plan {
  const decisions = items.map((part, number) => {
    const file = {
      path: `/DCIM/100APPLE/${number}.JPG`,
      sizeBytes: 1,
      modifiedAtMs: 0,
      bornAtMs: null,
    };
    const item: MediaItem = {
      key: file.path,
      kind: "photo",
      files: [{ role: "original", file }],
      stem: String(number),
      arrivedAtMs: file.modifiedAtMs,
      takenAtMs: null,
      trashed: false,
      hidden: false,
      favorite: false,
      cloud: "local",
      library: SHOWN,
      ...part,
    };
    return part.trashed
      ? ({ action: "leave", item, answer: "in-trash", reason: REASONS.inTrash, newEdits: [] } as const)
      : ({ action: "import", item, cause: "new" } as const);
  });
  const empty = {
    items: [],
    setAside: [],
    cloudOnly: [],
    awayParts: [],
    unreadable: [],
    folders: [],
    phoneLibrary: null,
  };
  const toImport = { items: items.length, files: items.length, bytes: items.length };
  const all = decisions.map(({ item }) => item);
  return { decisions, catalogue: { ...empty, items: all, ...catalogue }, toImport };
}

const library = (shownCount: number, more = {}) => ({
  phoneLibrary: {
    shownCount,
    hiddenCount: 0,
    trashedCount: 0,
    sharedLibraryCount: 0,
    ofOthersCount: 0,
    syncedWithICloud: false,
    usesICloudPhotos: false,
    albums: [],
    modelVersion: null,
    ...more,
  },
});
const away = { path: "/DCIM/100APPLE/AWAY.HEIC", sizeBytes: 1 };

const mixed = () =>
  planOf(
    [
      ...[{}, {}, {}],
      { hidden: true },
      { trashed: true },
      { library: null },
      { library: { ...SHOWN, shown: false, burst: { id: "B", isPicked: false } } },
    ],
    {
      ...library(4, { sharedLibraryCount: 2 }),
      cloudOnly: [
        { ...away, trashed: false, hidden: false, shown: true, kind: "photo", takenAtMs: null },
        { ...away, trashed: true, hidden: false, shown: true, kind: "photo", takenAtMs: null },
      ],
    },
  );

test("what the phone's Photos app shows and what it does not add up to the plan's number", () => {
  expect(phoneSideOf(mixed())).toEqual({
    shown: 4,
    hidden: 1,
    trashed: 0,
    burstFrames: 1,
    notInLibrary: 1,
    unreadable: 0,
    apart: 0,
    unexplained: 0,
    inSharedLibrary: 2,
    ofOthers: 0,
  });
});

test("plan closes its sum from the phone's side in one line", () => {
  const lines = planLines(planTotals(mixed()), "Anna", { into: "Photos", cableBitsPerSecond: null });
  expect(lines[0]).toBe("Anna shows 7 photos and videos.");
  expect(lines.at(-1)).toBe(
    "  In its Photos grid: 4. Not in it: 1 hidden, 1 frame of a burst that nobody picked, 1 unknown to its library. " +
      "In the Shared Library: 2.",
  );
});

test("where every photo is shown, the line says no more than the number", () => {
  const plan = planOf([{}, {}], library(2));
  const lines = planLines(planTotals(plan), "Anna", { into: "Photos", cableBitsPerSecond: null });
  expect(lines.at(-1)).toBe("  In its Photos grid: 2.");
});

test("what cannot be accounted for is said and not hidden, in both directions", () => {
  const lastLine = (shown: number) =>
    planLines(planTotals(planOf([{}, {}], library(shown))), "Anna", {
      into: "Photos",
      cableBitsPerSecond: null,
    }).at(-1);
  expect(lastLine(1)).toBe("  In its Photos grid: 1. Not explained: 1.");
  expect(lastLine(3)).toBe("  In its Photos grid: 3. Not explained: 1.");
});

test("without the phone's library nothing is claimed of its Photos app", () => {
  const plan = planOf([{}], {});
  expect(phoneSideOf(plan)).toBeNull();
  const lines = planLines(planTotals(plan), "Anna", { into: "Photos", cableBitsPerSecond: null });
  expect(lines.join("\n")).not.toContain("Photos grid");
});

test("what an import without the phone's library leaves outside DCIM is told with what takes it", () => {
  const plan = planOf([{}, {}], library(2));
  const reason = { code: "LIBRARY_NOT_READ" as const, message: "It stays.", remedy: "Copy it." };
  const unreadable = [{ path: "/PhotoData/CPLAssets/1.JPG", reason, isInGrid: false }];
  const without = { ...plan, catalogue: { ...plan.catalogue, unreadable } };
  const lines = planLines(planTotals(without), "Anna", { into: "Photos", cableBitsPerSecond: null });
  expect(lines.join("\n")).toMatch(/stay there +1 +outside DCIM: copy takes it, and/);
  expect(lines.join("\n")).not.toContain("the phone does not give");
});
