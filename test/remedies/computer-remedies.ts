import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { ErrorCode } from "../../src/errors.js";
import { agentFile } from "../../src/integrations/launchd/agent-plist.js";
import { installAgent } from "../../src/integrations/launchd/install-agent.js";
import { requireSpace } from "../../src/plan/space-needed.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { FIXED_HOW } from "../integrations/fixed-place.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { done, type Remedy } from "./remedy.js";

const GB = 1e9;
const onePhoto = () => phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
const plain = { withoutPhoneLibrary: true } as const;

function harnessOfOne(): ImportHarness {
  const harness = new ImportHarness();
  onTestFinished(() => harness[Symbol.dispose]());
  return harness;
}

interface Volumes {
  readonly staging: string;
  readonly library: string;
}

/** 5 GB are free on each volume. */
function spaceFor(bytes: { staging: number; library: number }, { staging, library }: Volumes) {
  const volumes = async (folder: string) => ({
    volume: folder === "/staging" ? staging : library,
    freeBytes: 5 * GB,
  });
  const elsewhere = "put staging on another volume with ROLLCALL_STAGING";
  const needs = [
    { what: "the staging folder", folder: "/staging", bytes: bytes.staging, elsewhere },
    { what: "the Photos library", folder: "/library", bytes: bytes.library },
  ];
  return done(() => requireSpace(needs, "import less with --since or --limit", volumes));
}

export const COMPUTER_REMEDIES = {
  NOT_ENOUGH_SPACE: [
    {
      state: "one disk is too small for staging and library together",
      cause: () => ({
        attempt: () => spaceFor({ staging: 3 * GB, library: 3 * GB }, { staging: "a", library: "a" }),
        says: /^Free some space, put staging on another volume with ROLLCALL_STAGING, or import less/,
        instead: () => spaceFor({ staging: 3 * GB, library: 3 * GB }, { staging: "b", library: "a" }),
      }),
    },
    {
      state: "the library's disk is too small wherever staging is",
      cause: () => ({
        attempt: () => spaceFor({ staging: 6 * GB, library: 6 * GB }, { staging: "a", library: "a" }),
        says: /^Free some space, or import less with --since or --limit\.$/,
        instead: () => spaceFor({ staging: 2 * GB, library: 2 * GB }, { staging: "a", library: "a" }),
      }),
    },
  ],
  DISK_FULL: [
    {
      playedIn: "test/stories/full-disk.long.test.ts",
      test: "says that the disk is full; with room made, the same command works",
    },
  ],
  FOLDER_NOT_WRITABLE: [
    {
      state: "a file lies where staging is to be",
      cause() {
        const harness = harnessOfOne();
        rmSync(harness.stagingFolder, { recursive: true });
        writeFileSync(harness.stagingFolder, "");
        return {
          attempt: () => done(() => harness.import(onePhoto(), plain)),
          says: /^Make it writable for you, or use another folder: ROLLCALL_STAGING names one for staging/,
          doIt: () =>
            Object.defineProperty(harness, "stagingFolder", { value: join(harness.folder, "other") }),
        };
      },
    },
  ],
  FOLDER_NOT_OURS: [
    { playedIn: "test/cli/data-folder-trouble.test.ts", test: "the line that helps, which does help" },
  ],
  FOLDER_OF_OTHER_PHONE: [
    {
      state: "a second phone is copied into the folder of the first",
      async cause({ folder }) {
        const harness = harnessOfOne();
        const copied = join(folder, "copied");
        await harness.copy(onePhoto(), copied);
        const other = phoneWith(
          { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(2) },
          { identity: { udid: "B".repeat(40), name: "Ben's iPhone" } },
        );
        return {
          attempt: () => done(() => harness.copy(other, copied)),
          says: /^Nothing was copied\. Give this one a folder of its own: rollcall copy "/,
          instead: ({ remedy }) => done(() => harness.copy(other, /copy "(.+)"$/.exec(remedy)![1]!)),
        };
      },
    },
  ],
  SETUP_FAILED: [
    {
      state: "a LaunchAgent of its name is somebody else's",
      cause() {
        const mac = new FakeMac();
        onTestFinished(() => mac[Symbol.dispose]());
        const file = agentFile(FIXED_HOW, mac.folders);
        mkdirSync(dirname(file.path), { recursive: true });
        writeFileSync(file.path, "Anna's own");
        const parts = { run: mac.run(), folders: mac.folders, uid: process.getuid?.() ?? 0 };
        return {
          attempt: () => done(() => installAgent(file, parts)),
          says: /^Nothing was changed\. Move it away/,
          doIt: () => renameSync(file.path, `${file.path}.away`),
        };
      },
    },
    {
      cannotBePlayedHere:
        "what launchd, osacompile or Photos refuse, only a Mac tells; logging out helps there",
    },
  ],
  LEDGER_DAMAGED: [
    {
      state: "it is moved away: photos are known by their bytes, and none comes twice",
      async cause() {
        const harness = harnessOfOne();
        await harness.import(onePhoto(), plain);
        writeFileSync(harness.ledgerPath, "no database".repeat(999));
        const again = () => done(() => harness.import(onePhoto(), plain));
        return {
          attempt: again,
          says: /move it away: the next import knows photos by their bytes in the library/,
          doIt: () => renameSync(harness.ledgerPath, `${harness.ledgerPath}.away`),
          instead: async () => {
            const told = await again();
            if (harness.itemCount() !== 1) throw new Error(`the library has ${harness.itemCount()} photos`);
            return told;
          },
        };
      },
    },
  ],
  LEDGER_FROM_THE_FUTURE: [{ cannotBePlayedHere: "there is no newer Rollcall to update to" }],
  ANOTHER_ROLLCALL: [
    { playedIn: "test/transcripts/trouble.test.ts", test: "another Rollcall at work: status 8" },
  ],
} satisfies Partial<Record<ErrorCode, readonly Remedy[]>>;
