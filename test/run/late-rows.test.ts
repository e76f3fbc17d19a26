import { expect, test } from "vitest";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { ImportHarness } from "./import-harness.js";
import { expectHonest, expectNothingTwice, importInTrouble, type Stop } from "./photos-in-trouble.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
};
const plain = { withoutPhoneLibrary: true } as const;
const MINUTE = 60_000;

test.each([
  ["a second", 1_000, ["proved", null]],
  ["a minute", MINUTE, ["proved", null]],
  ["an hour", 60 * MINUTE, ["unknown", "NOT_IN_DATABASE"]],
] as const)(
  "photos whose rows the library's database has %s later are never missing, and come once",
  async (_when, lateByMs, answer) => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "rows-come-late", lateByMs });
    const { answers } = await harness.import(phoneWith(onPhone), plain);
    expect([...answers()].map((one) => [one.answer, one.reason?.code ?? null])).toEqual([
      answer,
      answer,
      answer,
    ]);
    expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG", "IMG_0002.JPG"] });
    harness.clock.pass(lateByMs);
    harness.photos.faults(null);
    const next = await harness.import(phoneWith(onPhone), plain);
    expect(next.head.totals.thisRun.items).toBe(0);
    expect(new Set([...next.answers()].map((one) => one.answer))).toEqual(new Set(["proved"]));
    expect(harness.itemCount()).toBe(2);
  },
);

test("a photo whose row is still not there at the next run stays unknown, and is not sent again", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "rows-come-late", lateByMs: 24 * 60 * MINUTE });
  await harness.import(phoneWith(onPhone), plain);
  const next = await harness.import(phoneWith(onPhone), plain);
  expect(new Set([...next.answers()].map((one) => one.reason?.code))).toEqual(new Set(["NOT_IN_DATABASE"]));
  expect([next.head.totals.thisRun.items, harness.itemCount()]).toEqual([0, 2]);
});

const oneByOne = { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9 } } as const;
const noNames: PhotosFault = { name: "file-names-differ", as: "absent" };

/** What keeps scripts from telling whose the photos are; the database could, and has not got their rows. */
test.each<[what: string, faults: readonly PhotosFault[], stops?: readonly Stop[]]>([
  ["Photos tells no names", [noNames]],
  ["Photos tells no names, and an import times out", [noNames, { name: "import-times-out", lateByMs: 0 }]],
  ["Photos tells no names, and an import says nothing", [noNames, { name: "import-returns-nothing" }]],
  ["Photos tells no names, and a connection breaks", [noNames, { name: "import-says-not-running" }]],
  [
    "the photos are not in the album, and Rollcall is killed before it has read the answer",
    [{ name: "into-does-nothing" }],
    [{ script: "importFiles", when: "after" }],
  ],
])(
  "a photo that Photos shows is not sent again for a row that is late: %s",
  async (_what, faults, stops = []) => {
    for (const lateByMs of [45_000, 24 * 60 * MINUTE])
      for (const atEvent of [1, 22]) {
        using harness = new ImportHarness();
        const late: PhotosFault = { name: "rows-come-late", lateByMs, atEvent };
        const trouble = { faults: [...faults, late], stops };
        const ending = await importInTrouble(harness, phoneWith(onPhone), oneByOne, trouble);
        expectHonest(ending);
        expect(harness.itemCount()).toBe(2);
        harness.clock.pass(lateByMs);
        const { answers } = await ending.again();
        expect(new Set([...answers()].map((one) => one.answer))).toEqual(new Set(["proved"]));
        expectNothingTwice(ending);
      }
  },
);
