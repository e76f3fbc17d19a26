import { rmSync } from "node:fs";
import type { ReasonCode } from "../../src/reason-codes.js";
import { phoneWithCameraRoll } from "../run/import-harness.js";
import { jpeg, mov, phoneWith } from "../run/small-phones.js";
import { firstTrouble, newHarness, plain, type ReasonRemedy, reasonWith, verified } from "./answered.js";
import { COPY_REASONS } from "./copy-reasons.js";
import { LIBRARY_REASONS } from "./library-reasons.js";
import { PHONE_REASONS } from "./phone-reasons.js";
import type { Played } from "./remedy.js";

const notHere = (why: string) => [{ cannotBePlayedHere: why }];
const nothingToDo = (why: string) => [{ nothingToDo: why }];
const playedIn = (file: string, test: string) => [{ playedIn: `test/${file}`, test }];

const ON_A_PHONE = "a person looks at it in the phone's Photos, which no virtual phone has";
const DOWNLOAD =
  "iCloud brings it to the phone; that what came down is imported is MOVIE_IN_ICLOUD_ONLY's test";
const FIRST_AID = "only Photos repairs a library, and only Disk Utility a disk";
const COMPARE = "a person compares photos in Photos, which no test can";
const LATE =
  "a library on the disk that is behind Photos catches up: NOT_IN_DATABASE's test plays the same wait";

const twoPhotos = () =>
  phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/101APPLE/IMG_0002.JPG": jpeg(2) });

/** An import of two photos that leaves one out, and then another. */
function leavesOneOut(state: string, selection: object, says: RegExp, next: object): Played {
  return {
    state,
    cause() {
      const harness = newHarness();
      const run = (chosen: object) =>
        firstTrouble(harness.import(twoPhotos(), { ...plain, selection: chosen }));
      return { attempt: () => run(selection), says, instead: () => run(next) };
    },
  };
}

/** The demo's camera roll, and a second import with what the remedy names. */
function ofTheRoll(code: ReasonCode, roll: object, says: RegExp, next: object): Played {
  return {
    state: "the demo's camera roll",
    async cause() {
      const harness = newHarness();
      const phone = await phoneWithCameraRoll({ photos: 30, ...roll });
      const run = (request: object) => reasonWith(code, harness.import(phone, request));
      return { attempt: () => run({}), says, instead: () => run(next) };
    },
  };
}

/** Every code that an answer can carry: a new one does not compile without its remedy. */
export const REASON_REMEDIES = {
  ...PHONE_REASONS,
  ...COPY_REASONS,
  ...LIBRARY_REASONS,
  // what the plan leaves, or knows
  CONTENT_CHANGED: nothingToDo("the photo as it was and as it is are both in the library"),
  EDITED_SINCE: playedIn(
    "run/import-from-phone.test.ts",
    "EDITED_SINCE until --reimport-edited imports the photo again",
  ),
  FOUND_IN_LIBRARY: nothingToDo("its bytes were read in the library"),
  HIDDEN: [
    ofTheRoll("HIDDEN", {}, /^--include-hidden imports it\.$/, { selection: { includeHidden: true } }),
  ],
  IN_ICLOUD: [
    ofTheRoll("IN_ICLOUD", { isSyncedWithICloud: true }, /^--icloud import imports it/, { icloud: "import" }),
  ],
  IN_ICLOUD_ONLY_NOW: nothingToDo("it was imported while the phone had it"),
  IN_TRASH: notHere("a photo is recovered in the phone's Photos, which no virtual phone has"),
  MARKED_BY_YOU: playedIn(
    "run/nothing-lost-nothing-twice.test.ts",
    "what was marked as known is not imported; --retry imports it once",
  ),
  NOT_SELECTED: [
    leavesOneOut("a folder was chosen", { folder: "100APPLE" }, /^Run again without that selection/, {}),
  ],
  OVER_LIMIT: [leavesOneOut("--limit 1", { limit: 1 }, /^Run again: the next run continues/, { limit: 1 })],
  // what the phone's library promises
  EMPTY_ON_THE_PHONE: notHere(ON_A_PHONE),
  NOT_ON_THE_PHONE: notHere(ON_A_PHONE),
  PART_NOT_ON_THE_PHONE: notHere(ON_A_PHONE),
  ROW_WITHOUT_FILE: notHere(ON_A_PHONE),
  SIZE_NOT_AS_SAID: notHere(ON_A_PHONE),
  EDIT_IN_ICLOUD_ONLY: notHere(DOWNLOAD),
  IN_ICLOUD_ONLY: notHere(DOWNLOAD),
  MOVIE_IN_ICLOUD_ONLY: playedIn(
    "run/parts-in-icloud.test.ts",
    "when the moving half has come down, the Live Photo comes whole",
  ),
  RAW_IN_ICLOUD_ONLY: notHere(DOWNLOAD),
  // what Photos did
  EDIT_CAME_APART: notHere(COMPARE),
  HALVES_APART: nothingToDo("both halves are in the library, each with its bytes"),
  ITEM_INCOMPLETE: notHere("a person imports the half that is left by hand"),
  NOT_IN_ALBUM: nothingToDo("its bytes were read in the library"),
  NOT_SEEN_BY_ITSELF: [
    {
      state: "the library may not be read during the import, and verify reads it",
      async cause() {
        const harness = newHarness();
        const { originals } = harness;
        const refused = {
          code: "LIBRARY_NOT_PERMITTED",
          message: "Not allowed.",
          remedy: "Allow it.",
        } as const;
        harness.originals = { open: async () => refused };
        const pair = {
          "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "LIVE"),
          "/DCIM/100APPLE/IMG_0001.MOV": mov(1, "LIVE"),
        };
        const finished = await harness.import(phoneWith(pair), plain);
        return {
          attempt: () => reasonWith("NOT_SEEN_BY_ITSELF", Promise.resolve(finished)),
          says: /until rollcall verify has read its bytes in the library\.$/,
          doIt: () => {
            harness.originals = originals;
          },
          instead: () => verified(harness, finished),
        };
      },
    },
  ],
  NOT_SETTLED: notHere("nothing that is known causes it, and what helps is a report"),
  NOT_WHAT_IT_SAYS: notHere(ON_A_PHONE),
  PHOTOS_LEFT_OUT: notHere(
    "a person imports it by hand; Photos refuses it again in what-was-found-stays.test.ts",
  ),
  PHOTOS_WOULD_NOT_SAY: playedIn(
    "run/nothing-lost-nothing-twice.test.ts",
    "an item imported and hidden from scripts is unknown, not sent again, and proved once readable",
  ),
  REFUSED_BEFORE: playedIn(
    "run/what-was-found-stays.test.ts",
    "is tried in three runs among good ones, then left until --retry",
  ),
  STAGED_COPY_GONE: [
    {
      state: "somebody empties staging while Photos imports",
      cause() {
        const harness = newHarness();
        const { runScript } = harness;
        harness.photos.faults({ name: "vanished-file-spares-others" });
        harness.runScript = (script, input, options) => {
          if (/^importFiles/.test(script.name))
            rmSync((input as { paths: string[] }).paths[0]!, { force: true });
          return runScript(script, input, options);
        };
        return {
          attempt: () => firstTrouble(harness.import(twoPhotos(), plain)),
          says: /The same command copies it anew\.$/,
          doIt: () => {
            harness.runScript = runScript;
          },
        };
      },
    },
  ],
  // what verification found in the library, besides LIBRARY_REASONS
  EDIT_KEPT_OTHERWISE: notHere(COMPARE),
  EDIT_NOT_KEPT: notHere("a person brings the edit in by hand, or makes it anew in Photos"),
  FROM_OTHER_PHONE: nothingToDo("one photo of the library stands for both phones'"),
  HELD_BY_OTHER: nothingToDo("its bytes were read in the library"),
  KEPT_UNREADABLE: notHere(FIRST_AID),
  NOT_IN_DATABASE: playedIn(
    "run/verify-in-the-library.test.ts",
    "photos that the library's database knew an hour later are proved by verify, once it does",
  ),
  NOT_IN_LIBRARY: notHere(
    "GONE_FROM_LIBRARY's row plays the same remedy; what causes it is lost at Photos' quit",
  ),
  NOT_IN_LIBRARY_YET: notHere(LATE),
  NOT_LISTED: playedIn(
    "run/nothing-lost-nothing-twice.test.ts",
    "a photo that verify cannot find any more is imported again by --retry, and only then",
  ),
  NO_LONGER_PROVED: notHere(LATE),
  ORIGINAL_IN_ICLOUD: notHere("only iCloud Photos brings originals down to a Mac"),
  ROW_DAMAGED: notHere(FIRST_AID),
  SAME_BYTES: nothingToDo("one photo of the library stands for both files"),
} satisfies Record<ReasonCode, readonly ReasonRemedy[]>;
