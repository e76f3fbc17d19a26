import { expect, test } from "vitest";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import { EveryStop, putBack } from "./every-stop.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const unreadable: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};
const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0001.AAE": Buffer.from("no edit"),
  "/DCIM/100APPLE/IMG_E0001.JPG": Buffer.from("no picture"),
};

test("after a kill while a photo without its edit is imported, the next run says the same of the edit", async () => {
  using harness = new ImportHarness();
  harness.originals = unreadable;
  using every = new EveryStop(harness);
  const { answersByPath: said } = await harness.import(phoneWith(onPhone), plain);
  harness.photos.close();
  expect([...said.values()].sort()).toEqual(["failed", "present", "set-aside"]);

  const replied = every.stops.findIndex(({ where }) => where.endsWith("ledger, recordReply"));
  for (const stop of every.stops.slice(replied - 1, replied + 1)) {
    putBack(stop, harness.folder);
    const resumed = new ImportHarness(harness.folder);
    resumed.originals = unreadable;
    resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
    const { answersByPath } = await resumed.import(phoneWith(onPhone), plain);
    const items = resumed.itemCount();
    resumed.photos.close();
    expect({ killed: stop.where, answers: answersByPath, items }).toEqual({
      killed: stop.where,
      answers: said,
      items: 1,
    });
  }
});
