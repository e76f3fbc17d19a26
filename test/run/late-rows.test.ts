import { expect, test } from "vitest";
import { ImportHarness } from "./import-harness.js";
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
