import { expect, test } from "vitest";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { photosWithEdits } from "./edited-photos.js";
import { ImportHarness } from "./import-harness.js";
import { expectHonest, extraCopiesNamed, importInTrouble, type Stop } from "./photos-in-trouble.js";
import { phoneWith } from "./small-phones.js";

const ONE_GATHERED =
  "2 extra copies of edited photos, and no script can delete them: the receipt names them, and the album " +
  '"Rollcall: extra copies" holds 1 of them';

/** What of the two renderings of one event scripts may not see, and what is seen of them nevertheless. */
test.each<
  [what: string, names: string | undefined, stops: readonly Stop[], isEdited: boolean, where: string]
>([
  ["one of two", undefined, [], true, ONE_GATHERED],
  ["one of two, of photos that lost their edits", undefined, [], false, ONE_GATHERED],
  [
    "both, and Rollcall is killed right after the event",
    "^IMG_E",
    [{ script: "importFiles", when: "after" }],
    true,
    "2 extra copies of edited photos, and no script can delete them: the receipt names them",
  ],
])(
  "a rendering apart that no script shows is found by its bytes: %s",
  async (_what, names, stops, isEdited, where) => {
    using harness = new ImportHarness();
    const faults: PhotosFault[] = [
      { name: "edits-come-apart", isEdited },
      { name: "hides-items", ...(names !== undefined && { names }) },
    ];
    const request = { withoutPhoneLibrary: true, editedBatchItems: 2 };
    const ending = await importInTrouble(harness, phoneWith(photosWithEdits(2)), request, { faults, stops });
    expectHonest(ending);
    const codes = [...ending.finished.answers()].flatMap(({ path, reason }) =>
      path.includes("_E") ? [reason?.code] : [],
    );
    expect(codes).toEqual(["EDIT_CAME_APART", "EDIT_CAME_APART"]);
    expect(extraCopiesNamed(harness)).toEqual(["IMG_E0001.JPG", "IMG_E0002.JPG"]);
    const told = harness.events.flatMap((event) =>
      event.type === "notice" && event.code === "EXTRA_COPIES" ? [event.message] : [],
    );
    expect(told).toEqual([`Photos made ${where}`]);
  },
);
