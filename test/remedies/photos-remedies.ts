import { cpSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ErrorCode } from "../../src/errors.js";
import { runEventWith } from "../../src/jxa/run-event.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { directAccess } from "../direct-access.js";
import { honest, standIn } from "../jxa/stand-in-osascript.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { done, type Played, type Remedy, type Told } from "./remedy.js";

const plain = { withoutPhoneLibrary: true } as const;

function photos(...numbers: number[]) {
  return phoneWith(
    Object.fromEntries(numbers.map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
}

function newHarness(): ImportHarness {
  const harness = new ImportHarness();
  onTestFinished(() => harness[Symbol.dispose]());
  return harness;
}

/** Photos does this, until a person has done there what the remedy says. */
function whilePhotos(fault: PhotosFault, says: RegExp): Played {
  return {
    state: `Photos: ${fault.name}`,
    cause() {
      const harness = newHarness();
      harness.photos.faults(fault);
      return {
        attempt: () => done(() => harness.import(photos(1), plain)),
        says,
        doIt: () => harness.photos.faults(null),
      };
    },
  };
}

/** Why the rows of the harness's library cannot be read; null where they can. */
async function readRecords(harness: ImportHarness): Promise<Told | null> {
  const package_ = await libraryOriginals({
    workFolder: join(harness.folder, "work"),
    access: directAccess,
  }).open(harness.photos.library.path);
  if ("code" in package_) return package_;
  const records = await package_.openRecords();
  if ("code" in records) return records;
  await records[Symbol.asyncDispose]();
  return null;
}

export const PHOTOS_REMEDIES = {
  NOT_MACOS: [
    {
      cannotBePlayedHere:
        "a Mac is what helps; rollcall copy and demo, which it names, are tested on any system",
    },
  ],
  PHOTOS_NOT_PERMITTED: [whilePhotos({ name: "refuses-events" }, /Automation/)],
  PHOTOS_UNAVAILABLE: [whilePhotos({ name: "photos-will-not-start" }, /run the same command/)],
  PHOTOS_LIBRARY_SWITCHED: [
    {
      playedIn: "test/stories/another-library.long.test.ts",
      test: "nothing comes, and its remedy helps either way",
    },
    {
      playedIn: "test/run/which-library.test.ts",
      test: "to name the open one, as the remedy says, imports into that",
    },
    { playedIn: "test/run/which-library.test.ts", test: "if it does not name it and has nothing of ours" },
    {
      state: "another was opened in the middle of a run",
      cause() {
        const harness = newHarness();
        const inTwos = { ...plain, batchLimits: { items: 2, bytes: 1e9 } };
        harness.photos.faults({ name: "library-switched", atEvent: 24 });
        return {
          attempt: () => done(() => harness.import(photos(1, 2, 3, 4), inTwos)),
          says: /^Open .* in Photos/,
          doIt: () => {
            harness.photos.faults(null);
            harness.photos.openLibrary(harness.photos.library.path);
          },
        };
      },
    },
  ],
  LIBRARY_UNREADABLE: [
    {
      state: "its database is empty, until Photos is still",
      async cause() {
        const harness = newHarness();
        await harness.import(photos(1), plain);
        harness.photos.close();
        const folder = join(harness.photos.library.path, "database");
        const still = join(harness.folder, "still");
        cpSync(folder, still, { recursive: true });
        for (const name of readdirSync(folder)) truncateSync(join(folder, name), 0);
        return {
          attempt: () => readRecords(harness),
          says: /^Nothing in it was changed\. Open it in Photos and wait until it is still/,
          doIt: () => cpSync(still, folder, { recursive: true }),
        };
      },
    },
    { cannotBePlayedHere: "only Photos repairs a library that it says is damaged" },
  ],
  LIBRARY_NOT_PERMITTED: [
    {
      cannotBePlayedHere:
        "only macOS has that switch; another user's library is in test/originals/untrusted-library",
    },
  ],
  OSASCRIPT_ABSENT: [
    {
      state: "ROLLCALL_OSASCRIPT names a file that is no program",
      async cause({ folder }) {
        const program = await standIn(folder, honest);
        const noProgram = join(folder, "notes.txt");
        writeFileSync(noProgram, "");
        const ask = (osascript: string) =>
          done(() =>
            runEventWith({ osascript })(() => ({ ok: true, value: 1 }), null, { deadlineMs: 60_000 }),
          );
        return {
          attempt: () => ask(noProgram),
          says: /ROLLCALL_OSASCRIPT is set, let it name an executable file/,
          instead: () => ask(program),
        };
      },
    },
  ],
  SCRIPT_FAILED: [
    {
      cannotBePlayedHere:
        "an osascript that says something else is told as PHOTOS_UNAVAILABLE by an import; test/jxa has its answers",
    },
  ],
} satisfies Partial<Record<ErrorCode, readonly Remedy[]>>;
