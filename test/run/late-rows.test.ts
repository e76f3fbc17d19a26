import { expect, test } from "vitest";
import { Desk } from "./one-desk.js";
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
    using desk = new Desk();
    desk.photos.misbehave({ name: "rows-come-late", lateByMs });
    const { answers } = await desk.import(phoneWith(onPhone), plain);
    expect([...answers()].map((one) => [one.answer, one.reason?.code ?? null])).toEqual([
      answer,
      answer,
      answer,
    ]);
    expect(desk.albums()).toEqual({ "Last Import": ["IMG_0001.JPG", "IMG_0002.JPG"] });
    desk.clock.pass(lateByMs);
    desk.photos.misbehave(null);
    const next = await desk.import(phoneWith(onPhone), plain);
    expect(next.head.totals.thisRun.items).toBe(0);
    expect(desk.itemCount()).toBe(2);
  },
);
