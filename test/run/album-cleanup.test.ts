import { expect, test } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const later = new Date("2026-11-21T09:00:00Z");

/** Rollcall ends for good. */
class Kill extends Error {}

/** Called before each script, by its name and how often that came: throws to end Rollcall, or switches a fault on. */
function before(harness: ImportHarness, intercept: (script: string, time: number) => void): void {
  const whole = harness.runScript;
  const times = new Map<string, number>();
  harness.runScript = ((script, input, options) => {
    const time = (times.get(script.name) ?? 0) + 1;
    times.set(script.name, time);
    intercept(script.name, time);
    return whole(script, input, options);
  }) as RunScript;
}

function deleteAllAlbums({ photos }: ImportHarness): void {
  photos.runText(`const P = Application("Photos"); P.albums().forEach((album) => P.delete(album)); "done"`);
}

test.each([
  { what: "the Last Import of the run before", deletion: 1, times: 1 },
  { what: "the Last Import of the run before", deletion: 1, times: 2 },
  { what: "the album that Rollcall worked with", deletion: 2, times: 1 },
  { what: "the album that Rollcall worked with", deletion: 2, times: 2 },
])(
  "$what, which Photos says $times times it does not have, and has, is not left behind",
  async ({ deletion, times }) => {
    using harness = new ImportHarness();
    const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
    await harness.import(phone, plain);
    phone.put("/DCIM/100APPLE/IMG_0002.JPG", { bytes: jpeg(2), modifiedAt: later });
    before(harness, (script, time) => {
      if (script === "deleteAlbum" && time === deletion)
        harness.photos.faults({ name: "event-fails", number: -1728, times });
    });
    await harness.import(phone, plain);

    expect(harness.albums()).toEqual({ "Last Import": ["IMG_0002.JPG"] });
  },
);

test("both albums deleted by hand after a kill during the tidy-up: the next run finishes", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  before(harness, (script, time) => {
    if (script === "deleteAlbum" && time === 1) throw new Kill();
  });
  await expect(harness.import(phone, plain)).rejects.toThrow(Kill);
  deleteAllAlbums(harness);
  const { answersByPath } = await harness.import(phone, plain);

  expect([...answersByPath.values()]).toEqual(["proved"]);
  expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG"] });
  expect(harness.itemCount()).toBe(1);
});

test("Last Import that Photos left empty without a word is filled by the run that goes on", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  before(harness, (script, time) => {
    if (script === "addToAlbum" && time === 1) harness.photos.faults({ name: "ignores-writes" });
    if (script === "deleteAlbum" && time === 1) throw new Kill();
  });
  await expect(harness.import(phone, plain)).rejects.toThrow(Kill);
  expect(harness.albums()["Last Import"]).toEqual([]);
  harness.photos.faults(null);
  await harness.import(phone, plain);

  expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG"] });
});

test("a photo proved before a kill, which a repair gave another id since, is proved under that id", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  before(harness, (script, time) => {
    if (script === "deleteAlbum" && time === 1) throw new Kill();
  });
  await expect(harness.import(phone, plain)).rejects.toThrow(Kill);
  harness.photos.faults({ name: "ids-change" });
  const { answers } = await harness.import(phone, plain);

  expect(answers()).toMatchObject([{ answer: "proved" }]);
});
