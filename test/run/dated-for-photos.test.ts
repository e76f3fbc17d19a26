import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { MediaItem } from "../../src/catalogue/media-item.js";
import { dateForPhotos } from "../../src/transfer/date-for-photos.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";

const RESTORED = new Date("2026-11-19T03:00:00Z");

/** The demo's phone after it was restored from a backup: its screenshot has the day of that for its time. */
async function restoredPhone() {
  const phone = await phoneWithCameraRoll();
  const path = [...phone.files.keys()].find((one) => one.endsWith(".PNG"))!;
  const { bytes, modifiedAt } = phone.files.get(path)!;
  phone.put(path, { bytes, modifiedAt: RESTORED });
  return { phone, path, takenAt: modifiedAt };
}

test("a picture without a date of its own is dated in Photos as the phone's library says", async () => {
  using harness = new ImportHarness();
  const { phone, path, takenAt } = await restoredPhone();
  const { answersByPath } = await harness.import(phone);
  expect(answersByPath.get(path)).toBe("proved");
  const name = path.slice(path.lastIndexOf("/") + 1);
  const script = `String(Application("Photos").mediaItems().find((m) => m.filename() === ${JSON.stringify(name)}).date().getTime())`;
  const outcome = harness.photos.runText(script);
  expect(Math.abs(Number(outcome.ok && outcome.output) - takenAt.getTime())).toBeLessThan(60_000);
});

test("in a folder it keeps the time that the phone's file has", async () => {
  using harness = new ImportHarness();
  const { phone, path } = await restoredPhone();
  const target = join(harness.folder, "copy");
  await harness.copy(phone, target);
  expect(statSync(join(target, path)).mtime).toEqual(RESTORED);
});

const now = Date.parse("2026-11-30T00:00:00Z");
test.each([
  ["another day than its file", "2015-06-07T08:09:10Z", "2015-06-07T08:09:10Z"],
  ["some seconds before its file", "2026-11-19T02:59:30Z", null],
  ["the year 1", "0001-01-01T00:00:00Z", null],
  ["where Core Data begins", "2001-01-01T00:00:00Z", null],
  ["tomorrow, by a clock that is wrong", "2026-12-24T00:00:00Z", null],
  ["long before there were phones", "1911-05-05T00:00:00Z", "1911-05-05T00:00:00Z"],
])("a photo that was taken %s", (_when, taken, dated) => {
  const file = { path: "/DCIM/a.PNG", sizeBytes: 1, modifiedAtMs: RESTORED.getTime(), bornAtMs: null };
  const item = { takenAtMs: Date.parse(taken), files: [{ role: "original", file }] } as unknown as MediaItem;
  expect(dateForPhotos(item, now)).toBe(dated === null ? null : Date.parse(dated));
});
