import { rmSync } from "node:fs";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, test } from "vitest";
import type { MediaItem } from "../../src/catalogue/media-item.js";
import { isSafeToUnplug, statusOfRun } from "../../src/cli/process/status-of-answers.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { runInShort } from "../../src/cli/terminal/in-short.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import { isAccountedFor, type LeftToICloud, suggestedForICloud } from "../../src/plan/icloud-look.js";
import { receiptHtml } from "../../src/receipt/receipt-html.js";
import { receiptText } from "../../src/receipt/receipt-text.js";
import { lookForICloud } from "../../src/run/look-for-icloud.js";
import type { FinishedRun, ImportRequest } from "../../src/run/run-parts.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";

const iCloudPhone = (): Promise<MemoryPhone> => phoneWithCameraRoll({ isSyncedWithICloud: true });
const library = (harness: ImportHarness) => `${harness.folder}/Test.photoslibrary`;

/** What a person reads at the end, by any way. */
function told({ head, answers, receiptPath }: FinishedRun): Record<string, string> {
  return {
    screen: summaryLines(head, answers(), null).join("\n"),
    notification: runInShort(head, answers(), receiptPath).summary,
    text: [...receiptText(head, answers, commandWords)].join(""),
    page: [...receiptHtml(head, answers, { words: commandWords })].join(""),
  };
}

/** As iCloud Photos marks what it has. */
function markAsICloud(harness: ImportHarness): void {
  using database = new DatabaseSync(`${library(harness)}/database/Photos.sqlite`);
  database.exec("UPDATE ZASSET SET ZCLOUDLOCALSTATE = 1");
}

const run = (harness: ImportHarness, phone: MemoryPhone, more: Partial<ImportRequest> = {}) =>
  harness.import(phone, more);

describe("a phone with iCloud Photos", () => {
  test("whose photos are nowhere on the Mac: they were NOT imported, status 3, and nothing is 'new'", async () => {
    using harness = new ImportHarness();
    const finished = await run(harness, await iCloudPhone());
    const left = finished.head.leftToICloud!;
    expect(left).toMatchObject({ isChosen: false });
    expect(left.items).toBeGreaterThan(5);
    expect(statusOfRun(finished.head)).toBe(3);
    expect(isSafeToUnplug(finished.head)).toBe(true); // something to decide, and no trouble of the cable
    for (const words of Object.values(told(finished))) {
      expect(words).toMatch(
        new RegExp(`${left.items} new photos \\(${left.files} files\\) were NOT imported`),
      );
      expect(words).not.toMatch(/Nothing new/);
      expect(words).not.toMatch(/this Mac gets (?:them|it) from there/);
    }
    expect(told(finished).screen).toContain("rollcall import --icloud import");
    expect(harness.itemCount()).toBe(0);
  });
  test("whose photos are all on the Mac: nothing is new, and no more than a likeness is claimed", async () => {
    using harness = new ImportHarness();
    const phone = await iCloudPhone();
    await run(harness, phone, { icloud: "import" });
    markAsICloud(harness);
    using another = new ImportHarness(harness.folder); // the same library, and a ledger that knows nothing of it
    rmSync(another.ledgerPath, { force: true });
    const finished = await run(another, phone);
    const left = finished.head.leftToICloud!;
    expect(left).toMatchObject({ usesICloud: true, isChosen: false, seen: left.items });
    expect(statusOfRun(finished.head)).toBe(0);
    for (const words of Object.values(told(finished))) {
      expect(words).toMatch(/left to iCloud Photos: the library looks like it has all of them/);
      expect(words).not.toMatch(/NOT imported|this Mac gets/);
    }
  });

  test("of whose photos the Mac has some: the others were NOT imported, and their number is not hidden", async () => {
    using harness = new ImportHarness();
    const phone = await iCloudPhone();
    await run(harness, phone, { icloud: "import", selection: { limit: 4 } });
    markAsICloud(harness);
    using another = new ImportHarness(harness.folder);
    rmSync(another.ledgerPath, { force: true });
    const finished = await run(another, phone);
    expect(finished.head.leftToICloud).toMatchObject({ usesICloud: true, seen: 4 });
    expect(statusOfRun(finished.head)).toBe(3);
    const chosen = await run(another, phone, { icloud: "skip" });
    expect(statusOfRun(chosen.head)).toBe(0);
    expect(told(chosen).screen).toMatch(
      /left to iCloud Photos, as you chose\. .* looks like it has 4 of them/,
    );
    expect(told(chosen).screen).not.toContain("Nothing new");
  });

  test("that is told to leave them, where the library shows no iCloud Photos: status 3 all the same", async () => {
    using harness = new ImportHarness();
    const finished = await run(harness, await iCloudPhone(), { icloud: "skip" });
    expect(finished.head.leftToICloud).toMatchObject({ usesICloud: false, seen: 0, isChosen: true });
    expect(statusOfRun(finished.head)).toBe(3);
    expect(told(finished).screen).toMatch(/NOT imported[\s\S]*no photo of iCloud Photos/);
  });

  test("where the library may not be read: that it was not looked at is said, and nothing else", async () => {
    using harness = new ImportHarness();
    harness.originals = {
      open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "" }),
    };
    const finished = await run(harness, await iCloudPhone());
    expect(finished.head.leftToICloud).toMatchObject({ usesICloud: null, seen: null });
    expect(statusOfRun(finished.head)).toBe(3);
    expect(told(finished).screen).toContain("was not checked for them: It may not be read.");
  });

  test("asks with what the look suggests, keeps the answer, and does as told", async () => {
    using harness = new ImportHarness();
    const asked: LeftToICloud[] = [];
    harness.questions = {
      confirmFirstRun: async () => true,
      chooseICloud: async (left) => {
        asked.push(left);
        return suggestedForICloud(left);
      },
    };
    const phone = await iCloudPhone();
    const first = await run(harness, phone);
    expect(asked).toMatchObject([{ usesICloud: false, seen: 0 }]);
    expect(first.head.leftToICloud).toBeUndefined();
    expect(first.head.totals.thisRun.items).toBeGreaterThan(5);
    const second = await run(harness, phone);
    expect(asked).toHaveLength(1);
    expect(statusOfRun(second.head)).toBe(0);
  });

  test("under a selection leaves to iCloud what the selection wants, and nothing else", async () => {
    using harness = new ImportHarness();
    const all = (await run(harness, await iCloudPhone())).head.leftToICloud!.items;
    const some = (await run(harness, await iCloudPhone(), { selection: { kinds: ["video"] } })).head
      .leftToICloud!;
    expect(some.items).toBeGreaterThan(0);
    expect(some.items).toBeLessThan(all);
  });
});

const look = (more: Partial<LeftToICloud>): LeftToICloud => ({
  items: 9,
  files: 9,
  seen: 3,
  usesICloud: true,
  isChosen: false,
  why: null,
  ...more,
});

test.each<[string, Partial<LeftToICloud>, boolean, "skip" | "import"]>([
  ["nothing was looked at, nobody chose", { seen: null, usesICloud: null }, false, "import"],
  ["nothing was looked at, somebody chose", { seen: null, usesICloud: null, isChosen: true }, true, "import"],
  ["a library without iCloud, nobody chose", { usesICloud: false }, false, "import"],
  ["a library without iCloud, against the choice", { usesICloud: false, isChosen: true }, false, "import"],
  ["a library without iCloud, which has them all", { usesICloud: false, seen: 9 }, true, "skip"],
  ["a library of iCloud, some not there yet", {}, false, "skip"],
  ["a library of iCloud, as somebody chose", { isChosen: true }, true, "skip"],
  ["a library of iCloud, which has them all", { seen: 9 }, true, "skip"],
])("%s: accounted for, and what is suggested", (_title, more, isFine, suggests) => {
  expect(isAccountedFor(look(more))).toBe(isFine);
  expect(suggestedForICloud(look(more))).toBe(suggests);
});

test.each([
  ["of the same name and length", { name: "img_0001.heic", isTrashed: false }, true],
  ["of another name", { name: "IMG_0002.HEIC", isTrashed: false }, false],
  ["that is in Recently Deleted", { name: "IMG_0001.HEIC", isTrashed: true }, false],
  ["without a name", { name: null, isTrashed: false }, false],
])("a photo of the library %s is taken for the phone's: %#", async (_title, record, isSeen) => {
  const records = {
    idsWithSize: () => ["A"],
    find: () => record,
    iCloudItems: 0,
    [Symbol.asyncDispose]: async () => {},
  };
  const originals = {
    open: async () => ({ openRecords: async () => records }),
  } as unknown as LibraryPackages;
  const item = { key: "k", stem: "IMG_0001", files: [{ file: { sizeBytes: 7 } }] } as unknown as MediaItem;
  const { seen } = await lookForICloud(originals, undefined)("/L.photoslibrary", [item]);
  expect(seen.has("k")).toBe(isSeen);
});

test("many photos of one length, on the phone and in the library, cost one look at each row", async () => {
  const number = 2_000;
  let looks = 0;
  const records = {
    idsWithSize: () => Array.from({ length: number }, (_, at) => String(at)),
    find: (id: string) => {
      looks += 1;
      return { name: `IMG_${id}.HEIC`, isTrashed: false };
    },
    iCloudItems: 0,
    [Symbol.asyncDispose]: async () => {},
  };
  const originals = {
    open: async () => ({ openRecords: async () => records }),
  } as unknown as LibraryPackages;
  const items = Array.from({ length: number }, (_, at) => ({
    key: String(at),
    stem: at === 0 ? "IMG_0" : "OTHER",
    files: [{ file: { sizeBytes: 7 } }],
  })) as unknown as MediaItem[];
  const { seen } = await lookForICloud(originals, undefined)("/L.photoslibrary", items);
  expect([...seen]).toEqual(["0"]);
  expect(looks).toBe(number);
});
