import { expect, test } from "vitest";
import { statusOfAnswers } from "../../src/cli/process/status-of-answers.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true } as const;
const P = "/DCIM/100APPLE/IMG_0001";
const edited = (format: string) => encodeAdjustments(new Date("2026-11-01T10:00:00Z"), 0.5, format);

/** Formats of recipes that phones write and that Photos is not known to take. */
const others: [string, string, Record<string, Buffer>][] = [
  ["a slow-motion video", "com.apple.video.slomo", { [`${P}.MOV`]: mov(1) }],
  ["an edited screenshot", "ScreenshotServices", { [`${P}.JPG`]: jpeg(1) }],
  ["a format of tomorrow", "com.apple.photo.next", { [`${P}.JPG`]: jpeg(1) }],
];

for (const [what, format, photo] of others) {
  test(`${what} is proved and its recipe named as not carried; no run says error, --again imports nothing`, async () => {
    using harness = new ImportHarness();
    const phone = phoneWith({ ...photo, [`${P}.AAE`]: edited(format) });
    for (const again of [false, false, true]) {
      const { head, answers } = await harness.import(phone, { ...request, again });
      const all = [...answers()];
      expect(all.map(({ answer, reason }) => [answer, reason?.code])).toEqual([
        ["proved", undefined],
        ["set-aside", "EDIT_NOT_CARRIED"],
      ]);
      const lines = summaryLines(head, all, null).join("\n");
      expect(lines).toContain("1 edit stays on the phone: the receipt says why.");
      expect(lines).not.toContain("error");
      expect(statusOfAnswers(head.totals)).toBe(0);
    }
    expect(harness.itemCount()).toBe(1);
  });
}

test("an edit that Photos takes and dropped all the same is an error about a part, not about the photo", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-are-dropped", alone: true });
  const phone = phoneWith({ [`${P}.JPG`]: jpeg(1), [`${P}.AAE`]: edited("com.apple.photo") });
  const { head, answers } = await harness.import(phone, request);
  expect([...answers()].map(({ answer }) => answer)).toEqual(["proved", "missing"]);
  const [first] = summaryLines(head, answers(), null);
  expect(first).toBe("error: 1 photo did not arrive whole: a part is not as it was (1 file).");
});

for (const [what, format, photo] of others) {
  test(`${what} whose recipe makes Photos refuse all comes without it, once, and no run says error`, async () => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "unsupported-file", manner: "fails", names: "AAE$" });
    const phone = phoneWith({
      ...photo,
      [`${P}.AAE`]: edited(format),
      "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    });
    for (const again of [false, false, true]) {
      const { head, answers } = await harness.import(phone, { ...request, again });
      expect([...answers()].map(({ answer, reason }) => [answer, reason?.code])).toEqual([
        ["proved", undefined],
        ["set-aside", "EDIT_NOT_CARRIED"],
        ["proved", undefined],
      ]);
      expect(statusOfAnswers(head.totals)).toBe(0);
    }
    expect(harness.itemCount()).toBe(2);
  });
}
