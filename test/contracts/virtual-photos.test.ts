import { join } from "node:path";
import { beforeAll, describe, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import { JxaPhotosLibrary } from "../../src/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../../src/jxa/jxa-photos-process.js";
import { runEventWith } from "../../src/jxa/run-event.js";
import type { ImportEventKind } from "../../src/photos/photos-library.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";
import { writeOsascriptExecutable } from "../../src/virtual/photos/write-osascript.js";
import { directAccess } from "../direct-access.js";
import { temporaryFolder } from "../jxa/stand-in-osascript.js";
import { importingBy } from "./importing-by.js";
import { type PhotosSetUp, photosLibraryContract } from "./photos-library-contract.js";
import { ScratchMedia } from "./scratch-media.js";

interface Behavior {
  readonly what: string;
  readonly event: ImportEventKind;
  readonly how: readonly PhotosFault[];
}

/** What no source settles, and what Photos was seen to do now and then: the port keeps its word all the same. */
const behavior: readonly Behavior[] = [
  { what: "ordinary manners", event: "plain", how: [] },
  { what: "ordinary manners, asked by events built by hand", event: "by-hand", how: [] },
  {
    what: "exact names, late albums and late members",
    event: "plain",
    how: [
      { name: "compares-names-exactly" },
      { name: "make-appears-late", lateByMs: 3_000 },
      { name: "into-shows-late", lateByMs: 3_000 },
      { name: "live-size-counts-both" },
    ],
  },
  {
    what: "a make that fails though it made, and an into that does nothing",
    event: "plain",
    how: [{ name: "make-fails-though-made" }, { name: "into-does-nothing" }, { name: "accepts-bare-uuids" }],
  },
  {
    what: "items named by their place, errors in Japanese",
    event: "by-hand",
    how: [
      { name: "import-spells-items", as: "by-index" },
      { name: "speaks", language: "ja" },
      { name: "raw-errors-as-nserror" },
      { name: "missing-result-as-msng" },
    ],
  },
  {
    what: "answers that hold nothing, and an add that drops some",
    event: "by-hand",
    how: [
      { name: "make-returns-nothing" },
      { name: "import-returns-nothing" },
      { name: "add-drops-some", times: 1 },
      { name: "unsupported-file", manner: "fails" },
    ],
  },
];

for (const { what, event, how } of behavior) {
  describe(`a Photos of ${what}`, () => {
    let world: PhotosSetUp;
    beforeAll(async () => {
      const folder = await temporaryFolder();
      const time = new ManualTime();
      const libraryPath = join(folder.path, "Virtual.photoslibrary");
      const virtual = openVirtualPhotos(libraryPath, { time });
      const runScript = runInProcess(virtual, time);
      const process = new JxaPhotosProcess({
        runScript,
        access: directAccess,
        macPrograms: null,
        configuredLibrary: libraryPath,
      });
      const jxa = new JxaPhotosLibrary({ runScript, photosProcess: process, clock: time });
      const photos = importingBy(event, jxa);
      virtual.faults(how);
      world = { photos, process, clock: time, media: new ScratchMedia(join(folder.path, "media")) };
      return async () => {
        virtual.close();
        await folder[Symbol.asyncDispose]();
      };
    });

    for (const { says, holds } of photosLibraryContract) it(says, () => holds(world));
  });
}

/** What a process for each script could break: text on its way, and what has to outlast it. All on request. */
const throughProcesses = photosLibraryContract.filter(
  ({ says }) => process.env.ROLLCALL_TEST_CASES !== undefined || /^(imports pictures|quits)/.test(says),
);
if (throughProcesses.length < 2) throw new Error("the contract has other sentences now: choose anew");

describe("a Photos whose osascript is a process of its own", () => {
  let world: PhotosSetUp;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    const libraryPath = join(folder.path, "Virtual.photoslibrary");
    const program = join(import.meta.dirname, "../../dist/virtual/photos/osascript-main.js");
    const file = join(folder.path, "osascript");
    const runScript = runEventWith({ osascript: writeOsascriptExecutable({ file, libraryPath, program }) });
    const process = new JxaPhotosProcess({
      runScript,
      access: directAccess,
      macPrograms: null,
      configuredLibrary: libraryPath,
    });
    const photos = new JxaPhotosLibrary({ runScript, photosProcess: process });
    world = { photos, process, clock: systemClock, media: new ScratchMedia(join(folder.path, "media")) };
    await photos.makeReady();
    return () => folder[Symbol.asyncDispose]();
  });

  for (const { says, holds } of throughProcesses) it(says, () => holds(world), 60_000);
});
