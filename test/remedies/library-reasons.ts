import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ReasonCode } from "../../src/reason-codes.js";
import type { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { firstTrouble, newHarness, plain, type ReasonRemedy, verified } from "./answered.js";
import type { Played } from "./remedy.js";

const AGAIN = /rollcall import --retry imports it again/;
const onePhoto = () => phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });

const rows = (harness: ImportHarness, sql: string) => harness.photos.library.database.exec(sql);

/** The one file that the library keeps; or, of a photo that it only refers to, the staged one. */
function kept(harness: ImportHarness, below = join(harness.photos.library.path, "originals")): string {
  const files = readdirSync(below, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  if (files.length !== 1) throw new Error(`${files.length} files lie in ${below}`);
  return join(files[0]!.parentPath, files[0]!.name);
}

function change(path: string): void {
  const bytes = readFileSync(path);
  bytes[100]! ^= 1;
  writeFileSync(path, bytes);
}

interface Accident {
  readonly happens: (harness: ImportHarness) => void;
  readonly says: RegExp;
  /** What a person does in Photos, after which verify is to find it; else --retry imports it again. */
  readonly undo?: (harness: ImportHarness) => void;
  readonly isReferred?: boolean;
}

/** One photo is imported, something happens to it in the library, and verify says so. */
function inTheLibrary(state: string, { happens, says, undo, isReferred = false }: Accident): Played {
  return {
    state,
    async cause() {
      const harness = newHarness();
      if (isReferred) harness.photos.faults({ name: "imports-references" });
      const first = await harness.import(onePhoto(), plain);
      happens(harness);
      harness.photos.faults(null);
      const again = () => firstTrouble(harness.import(onePhoto(), { ...plain, again: true }));
      return {
        attempt: () => verified(harness, first),
        says,
        doIt: () => undo?.(harness),
        ...(undo === undefined && { instead: again }),
      };
    },
  };
}

const away = (harness: ImportHarness) => join(harness.folder, "away.jpeg");

export const LIBRARY_REASONS = {
  AMONG_SHARED: [
    inTheLibrary("its file was moved among what others shared", {
      happens: (harness) => {
        const own = kept(harness);
        const shared = own.replace("/originals/", "/scopes/momentshared/originals/");
        mkdirSync(dirname(shared), { recursive: true });
        renameSync(own, shared);
      },
      says: AGAIN,
    }),
  ],
  GONE_FROM_LIBRARY: [
    inTheLibrary("it was deleted for good", {
      happens: (harness) => {
        rmSync(kept(harness));
        rows(harness, "DELETE FROM ZASSET");
      },
      says: AGAIN,
    }),
  ],
  NOT_IN_PACKAGE: [
    inTheLibrary("its file is lost", { happens: (harness) => rmSync(kept(harness)), says: AGAIN }),
  ],
  OTHER_BYTES: [
    inTheLibrary("its file was changed", { happens: (harness) => change(kept(harness)), says: AGAIN }),
  ],
  TRASHED_IN_PHOTOS: [
    inTheLibrary("it lies in Recently Deleted, and is recovered", {
      happens: (harness) => rows(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 1"),
      says: /^Recover it in Photos/,
      undo: (harness) => rows(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 0"),
    }),
  ],
  REFERENCED: [{ cannotBePlayedHere: "the virtual Photos has no File > Consolidate" }],
  REFERENCED_FILE_DIFFERS: [
    inTheLibrary("the staged file, which is the photo, was changed", {
      isReferred: true,
      happens: (harness) => change(kept(harness, harness.stagingFolder)),
      says: AGAIN,
    }),
  ],
  REFERENCED_FILE_GONE: [
    inTheLibrary("the staged file, which was the photo, was deleted", {
      isReferred: true,
      happens: (harness) => renameSync(kept(harness, harness.stagingFolder), away(harness)),
      says: AGAIN,
    }),
  ],
  REFERENCED_FILE_UNREADABLE: [
    { cannotBePlayedHere: "a test that runs as root may read everything, and no disk here is broken" },
  ],
} satisfies Partial<Record<ReasonCode, readonly ReasonRemedy[]>>;
