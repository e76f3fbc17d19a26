import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { EveryStop, putBack, type Stop } from "./every-stop.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
};
const unreadable: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};
/** Photos takes the photos, and their album shows them long after everybody has stopped looking. */
const late: PhotosFault = { name: "into-shows-late", lateByMs: 3_600_000 };
const never: PhotosFault = { name: "into-does-nothing" };

/** The moments of a run from the intent of its one import event to the end of that, and where Photos answered. */
async function momentsOfTheImport(harness: ImportHarness): Promise<{ stops: Stop[]; answeredAt: number }> {
  using every = new EveryStop(harness);
  await harness.import(phoneWith(onPhone), plain);
  harness.photos.close();
  const at = (write: string) => every.stops.findIndex(({ where }) => where.endsWith(`ledger, ${write}`));
  const from = at("beginBatch");
  return { stops: every.stops.slice(from, at("endBatch") + 1), answeredAt: at("recordReply") - from };
}

function copiesIn(harness: ImportHarness): string[] {
  return readdirSync(join(harness.photos.library.path, "originals"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("base64"));
}

test.each([
  { album: "shows them late", how: late, isTheirs: true },
  { album: "shows them late", how: late, isTheirs: false },
  { album: "never shows them", how: never, isTheirs: false },
])(
  "killed at any moment, album $album, library unreadable: none is sent twice (theirs: $isTheirs)",
  async ({ how, isTheirs }) => {
    using harness = new ImportHarness();
    harness.originals = unreadable;
    if (isTheirs) harness.photos.launch();
    harness.photos.faults(how);
    const { stops, answeredAt } = await momentsOfTheImport(harness);
    expect(answeredAt).toBeGreaterThan(0);
    for (const [number, stop] of stops.entries()) {
      putBack(stop, harness.folder);
      const resumed = new ImportHarness(harness.folder);
      resumed.originals = unreadable;
      resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
      const { answersByPath } = await resumed.import(phoneWith(onPhone), plain);
      resumed.photos.catchUp();
      const copies = copiesIn(resumed);
      const album = resumed.albums()["Last Import"] ?? [];
      resumed.photos.close();
      expect(new Set(copies).size, `twice, killed ${stop.where}`).toBe(copies.length);
      const answers = [...new Set(answersByPath.values())];
      const isKnown = number >= answeredAt;
      // Before the answer nothing but the library's length tells that Photos took them.
      if (isKnown)
        expect({ killed: stop.where, answers }).toEqual({ killed: stop.where, answers: ["present"] });
      if (!answers.includes("unknown")) expect(album).toEqual(["IMG_0001.JPG", "IMG_0002.JPG"]);
      else expect([0, 3], `photos in the library, killed ${stop.where}`).toContain(copies.length);
    }
  },
);

test("killed at any moment, late album, library readable: every photo is imported once, into the album", async () => {
  using harness = new ImportHarness();
  harness.photos.faults(late);
  const { stops } = await momentsOfTheImport(harness);
  for (const stop of stops.filter((_stop, at) => at % 2 === 0)) {
    putBack(stop, harness.folder);
    const resumed = new ImportHarness(harness.folder);
    resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
    const { answersByPath } = await resumed.import(phoneWith(onPhone), plain);
    const album = resumed.albums()["Last Import"];
    const copies = copiesIn(resumed);
    resumed.photos.close();
    expect({ killed: stop.where, answers: [...new Set(answersByPath.values())], album }).toEqual({
      killed: stop.where,
      answers: ["proved"],
      album: ["IMG_0001.JPG", "IMG_0002.JPG"],
    });
    expect(copies).toHaveLength(3);
  }
});
