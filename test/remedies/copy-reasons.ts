import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReasonCode } from "../../src/reason-codes.js";
import { aae, jpeg, phoneWith } from "../run/small-phones.js";
import { firstTrouble, newHarness, plain, type ReasonRemedy, verified } from "./answered.js";
import type { Played } from "./remedy.js";

const PHOTO = "/DCIM/100APPLE/IMG_0001.JPG";

/** Photos is not given it; a copy of the files has it. */
function copiedAsFile(name: string, bytes: Buffer): Played {
  return {
    state: `${name}, in an import and then in a copy`,
    cause() {
      const harness = newHarness();
      const phone = phoneWith({ [`/DCIM/100APPLE/${name}`]: bytes });
      return {
        attempt: () => firstTrouble(harness.import(phone, plain)),
        says: /^rollcall copy copies it as a file\.$/,
        instead: () => firstTrouble(harness.copy(phone, join(harness.folder, "copy"))),
      };
    },
  };
}

/** A copy of one photo, to which something happens; verify says so, and the next copy makes it good. */
function copiedAgain(state: string, happens: (path: string) => void): Played {
  return {
    state,
    async cause() {
      const harness = newHarness();
      const target = join(harness.folder, "copy");
      const copy = () => harness.copy(phoneWith({ [PHOTO]: jpeg(1) }), target);
      const first = await copy();
      happens(join(target, PHOTO));
      return {
        attempt: () => verified(harness, first),
        says: /^If the phone still has it, rollcall copy copies it again\.$/,
        instead: async () => (await firstTrouble(copy())) ?? (await verified(harness, first)),
      };
    },
  };
}

const OTHER_DISK = "it takes another disk, mounted; which disks refuse it is in test/transfer/disk.test.ts";

export const COPY_REASONS = {
  ADJUSTMENTS_WITHOUT_ORIGINAL: [copiedAsFile("IMG_0001.AAE", aae(1))],
  CHANGED_WHILE_COPYING: [
    {
      state: "the phone has taken it away meanwhile, and has it again",
      cause() {
        const harness = newHarness();
        let isBusy = true;
        const phone = phoneWith(
          { [PHOTO]: jpeg(1) },
          {
            onRequest: ({ what, path }) => {
              if (isBusy && what === "open") phone.remove(path);
            },
          },
        );
        return {
          attempt: () => firstTrouble(harness.import(phone, plain)),
          says: /^Let the phone finish what it is doing, then run this again\.$/,
          doIt: () => {
            isBusy = false;
            phone.put(PHOTO, { bytes: jpeg(1), modifiedAt: new Date("2026-11-01T10:00:00Z") });
          },
        };
      },
    },
  ],
  COPY_DIFFERS: [copiedAgain("its bytes changed", (path) => writeFileSync(path, "rotten"))],
  COPY_MISSING: [copiedAgain("it was deleted", (path) => rmSync(path))],
  COPY_UNREADABLE: [
    { cannotBePlayedHere: "a test that runs as root may read everything, and no disk here is broken" },
  ],
  DATE_REFUSED: [{ cannotBePlayedHere: OTHER_DISK }],
  EDIT_NOT_CARRIED: [
    {
      playedIn: "test/run/edits-without-aae.test.ts",
      test: "a copy holds recipes and renderings as the phone has",
    },
  ],
  EDIT_RECORD: [{ playedIn: "test/run/whole-phone-library.test.ts", test: "a copy holds the edits" }],
  EMPTY_FILE: [copiedAsFile("IMG_0001.JPG", Buffer.alloc(0))],
  FILE_TOO_LARGE: [{ cannotBePlayedHere: OTHER_DISK }],
  HIDDEN_BY_NAME: [copiedAsFile(".hidden.JPG", jpeg(1))],
  NAME_REFUSED: [
    {
      state: "the path of its copy is longer than any may be",
      cause() {
        const harness = newHarness();
        const deep = join(harness.folder, Array(15).fill("n".repeat(240)).join("/"));
        const phone = phoneWith({ [`/DCIM/${"a".repeat(240)}/${"b".repeat(240)}/IMG_0001.JPG`]: jpeg(1) });
        return {
          attempt: () => firstTrouble(harness.copy(phone, deep)),
          says: /^Copy into a folder with a shorter path, then run this again\.$/,
          instead: () => firstTrouble(harness.copy(phone, join(harness.folder, "copy"))),
        };
      },
    },
    { cannotBePlayedHere: OTHER_DISK },
  ],
  NOT_COPIED: [
    { cannotBePlayedHere: "nothing that is known causes it: a file that fails has the reason why" },
  ],
  OTHER_NAME: [{ nothingToDo: "the copy is whole, and the list of hashes tells its name" }],
  SOMETHING_IN_THE_WAY: [
    {
      state: "a folder stands where its copy has to go",
      cause() {
        const harness = newHarness();
        const target = join(harness.folder, "copy");
        mkdirSync(join(target, PHOTO), { recursive: true });
        return {
          attempt: () => firstTrouble(harness.copy(phoneWith({ [PHOTO]: jpeg(1) }), target)),
          says: /^Move it away, or copy into another folder/,
          doIt: () => renameSync(join(target, PHOTO), join(harness.folder, "away")),
        };
      },
    },
  ],
  UNKNOWN_KIND: [copiedAsFile("NOTES.TXT", Buffer.from("a text"))],
} satisfies Partial<Record<ReasonCode, readonly ReasonRemedy[]>>;
