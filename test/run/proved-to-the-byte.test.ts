import { appendFileSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { LedgerFindings } from "../../src/ledger/ledger-findings.js";
import { readingFailed, reasonOf } from "../../src/originals/library-trouble.js";
import type {
  LibraryPackage,
  LibraryPackageFile,
  LibraryPackages,
} from "../../src/photos/library-package.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;
const live = "11111111-1111-4222-8333-444444444444";
const otherLive = "22222222-1111-4222-8333-444444444444";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A photo, two Live Photos, an edit with its recipe and its rendering, a video. */
function phoneWithEverything(): MemoryPhone {
  return phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, live),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2, live),
    "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3, otherLive),
    "/DCIM/100APPLE/IMG_0003.MOV": mov(3, otherLive),
    "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4),
    "/DCIM/100APPLE/IMG_0004.AAE": aae(4),
    "/DCIM/100APPLE/IMG_E0004.JPG": jpeg(40),
    "/DCIM/100APPLE/IMG_O0004.AAE": aae(5),
    "/DCIM/100APPLE/IMG_0005.MOV": mov(5),
  });
}

interface Watch {
  readonly read: string[];
}

/** Looks at what is read of the package, and strikes once, just before its files are first looked for. */
function watch(harness: ImportHarness, trigger: () => void = () => undefined): Watch {
  const read: string[] = [];
  let hasStruck = false;
  const real = harness.originals;
  const watched = (library: LibraryPackage): LibraryPackage => ({
    path: library.path,
    libraryId: (signal?: AbortSignal) => library.libraryId(signal),
    filesOf: (ids) => {
      if (!hasStruck) trigger();
      hasStruck = true;
      return library.filesOf(ids);
    },
    sha256Of: (file: LibraryPackageFile, signal) => {
      read.push(file.path);
      return library.sha256Of(file, signal);
    },
    openRecords: (signal) => library.openRecords(signal),
  });
  const originals: LibraryPackages = {
    async open(path, signal) {
      const library = await real.open(path, signal);
      return "code" in library ? library : watched(library);
    },
  };
  harness.originals = originals;
  return { read };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function told(finished: Awaited<ReturnType<ImportHarness["import"]>>): Record<string, string> {
  return Object.fromEntries(
    [...finished.answers()].map(({ path, answer, reason }) => [
      path.replace("/DCIM/100APPLE/", ""),
      reason === null ? answer : `${answer}: ${reason.code}`,
    ]),
  );
}

const sql = (harness: ImportHarness, text: string, ...values: (string | number)[]) =>
  harness.photos.library.database.prepare(text).run(...values);
const uuidOf = (harness: ImportHarness, name: string): string => {
  const row = harness.photos.library.database
    .prepare(
      "SELECT ZUUID AS uuid FROM ZASSET JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = ZASSET.Z_PK WHERE ZORIGINALFILENAME = ?",
    )
    .get(name) as { uuid: string };
  return row.uuid;
};
const keptPath = (harness: ImportHarness, name: string, ending: string, top = "originals"): string => {
  const uuid = uuidOf(harness, name);
  return join(harness.photos.library.path, top, uuid.charAt(0), `${uuid}${ending}`);
};

test("every file of an import is proved, each stored file read once, no event added, and staging is empty", async () => {
  let plainEvents = 0;
  {
    using harness = new ImportHarness();
    harness.originals = {
      open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "no", remedy: "right" }),
    };
    await harness.import(phoneWithEverything(), request);
    plainEvents = harness.photos.counters().total;
  }
  using harness = new ImportHarness();
  const { read } = watch(harness);
  const phone = phoneWithEverything();
  const finished = await harness.import(phone, request);
  expect(new Set(Object.values(told(finished)))).toEqual(new Set(["proved"]));
  expect(finished.head.evidence).toEqual({ rung: 4, liftedBy: null });
  for (const { path, item, evidence } of finished.answers()) {
    expect(evidence).toEqual(expect.arrayContaining(["id", "album", "database", "sha256"]));
    // Photos lists a photo under the name of its original, and its other files under none.
    expect(evidence.includes("name"), path).toBe(path === item);
  }
  expect(read).toHaveLength(phone.files.size);
  expect(new Set(read).size).toBe(phone.files.size);
  expect(harness.photos.counters().total).toBe(plainEvents);
  expect(readdirSync(harness.stagingFolder)).toEqual([]);
  expect(harness.events).toContainEqual({ type: "proved", items: 5 });
});

type Damage = (harness: ImportHarness) => void;
const flip = (path: string) => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 0x5a;
  writeFileSync(path, bytes);
};

const damages: [string, Damage, Record<string, string>][] = [
  [
    "a flipped byte",
    (harness) => flip(keptPath(harness, "IMG_0001.JPG", ".jpeg")),
    { "IMG_0001.JPG": "differs: OTHER_BYTES" },
  ],
  [
    "a file cut short",
    (harness) => {
      const path = keptPath(harness, "IMG_0001.JPG", ".jpeg");
      writeFileSync(path, readFileSync(path).subarray(0, -1));
    },
    { "IMG_0001.JPG": "differs: OTHER_BYTES" },
  ],
  [
    "an original that is not there",
    (harness) => rmSync(keptPath(harness, "IMG_0001.JPG", ".jpeg")),
    { "IMG_0001.JPG": "missing: NOT_IN_PACKAGE" },
  ],
  [
    "a Live video of another Live Photo",
    (harness) => writeFileSync(keptPath(harness, "IMG_0002.JPG", "_3.mov"), mov(3, otherLive)),
    { "IMG_0002.MOV": "differs: OTHER_BYTES" },
  ],
  [
    "a sidecar that is not there",
    (harness) => rmSync(keptPath(harness, "IMG_0004.JPG", "_5.aae")),
    { "IMG_O0004.AAE": "missing: NOT_IN_PACKAGE" },
  ],
  [
    "the recipe of an edit in another form",
    (harness) =>
      writeFileSync(keptPath(harness, "IMG_0004.JPG", ".plist", "resources/renders"), "another form"),
    { "IMG_0004.AAE": "present: EDIT_KEPT_OTHERWISE" },
  ],
  [
    "an edit that was not taken at all",
    (harness) => {
      for (const ending of [".plist", "_1_201_a.jpeg"])
        rmSync(keptPath(harness, "IMG_0004.JPG", ending, "resources/renders"));
      sql(
        harness,
        "UPDATE ZASSET SET ZADJUSTMENTSSTATE = 0 WHERE ZUUID = ?",
        uuidOf(harness, "IMG_0004.JPG"),
      );
    },
    { "IMG_0004.AAE": "missing: EDIT_NOT_KEPT", "IMG_E0004.JPG": "missing: EDIT_NOT_KEPT" },
  ],
  [
    "an item in Recently Deleted",
    (harness) =>
      sql(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = ?", uuidOf(harness, "IMG_0005.MOV")),
    { "IMG_0005.MOV": "removed: TRASHED_IN_PHOTOS" },
  ],
  [
    "an item whose row has lost its original",
    (harness) =>
      sql(
        harness,
        "DELETE FROM ZINTERNALRESOURCE WHERE ZDATASTORESUBTYPE = 1 AND ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = ?)",
        uuidOf(harness, "IMG_0005.MOV"),
      ),
    { "IMG_0005.MOV": "differs: ROW_DAMAGED" },
  ],
  [
    "an item whose row is gone, its files left",
    (harness) => sql(harness, "DELETE FROM ZASSET WHERE ZUUID = ?", uuidOf(harness, "IMG_0005.MOV")),
    { "IMG_0005.MOV": "unknown: NOT_IN_DATABASE" },
  ],
];

test.each(damages)("%s is named, and everything else is proved", async (_title, damage, expected) => {
  using harness = new ImportHarness();
  // After the last event and before anything is read: then the damage is as if Photos had done it.
  const real = harness.originals;
  const phone = phoneWithEverything();
  harness.originals = {
    async open(path, signal) {
      const library = await real.open(path, signal);
      if ("code" in library) return library;
      let isStruck = false;
      return {
        path: library.path,
        libraryId: (signal?: AbortSignal) => library.libraryId(signal),
        filesOf: (ids) => (isStruck ? library.filesOf(ids) : new Map()),
        sha256Of: (file, given) => library.sha256Of(file, given),
        openRecords: async (given) => {
          if (harness.itemCount() === 5 && !isStruck) {
            damage(harness);
            isStruck = true;
          }
          return library.openRecords(given);
        },
      };
    },
  };
  const finished = await harness.import(phone, request);
  const all = Object.fromEntries(Object.keys(told(finished)).map((name) => [name, "proved"]));
  expect(told(finished)).toEqual({ ...all, ...expected });
  // What was not read in the library stays in staging.
  const staged = filesBelow(harness.stagingFolder).map((path) => path.slice(path.lastIndexOf("/") + 1));
  for (const [name, answer] of Object.entries(expected))
    if (/NOT_IN_PACKAGE|OTHER_BYTES|EDIT_/.test(answer)) expect(staged).toContain(name);
});

const lateRows = [
  [2_000, "proved"],
  [45_000, "proved"],
  [100_000, "proved"],
  [200_000, "unknown: NOT_IN_LIBRARY_YET"],
] as const;

test.each(lateRows)(
  "a photo whose row and file come %i ms late is %s, never missing",
  async (lateMs, answer) => {
    using harness = new ImportHarness();
    const real = harness.originals;
    let dueAtMs: number | null = null;
    harness.originals = {
      async open(path, signal) {
        const library = await real.open(path, signal);
        if ("code" in library) return library;
        const isLate = (photosId: string) => {
          if (harness.itemCount() < 5) return false;
          const isStill = dueAtMs === null || harness.clock.now().getTime() < dueAtMs;
          return isStill && photosId.startsWith(uuidOf(harness, "IMG_0005.MOV"));
        };
        return {
          path: library.path,
          libraryId: (given) => library.libraryId(given),
          filesOf: (ids) => library.filesOf([...ids].filter((id) => !isLate(id))),
          sha256Of: (file, given) => library.sha256Of(file, given),
          openRecords: async (given) => {
            if (harness.itemCount() === 5) dueAtMs ??= harness.clock.now().getTime() + lateMs;
            const records = await library.openRecords(given);
            if ("code" in records) return records;
            return new Proxy(records, {
              get: (target, name) => {
                if (name === "find") return (id: string) => (isLate(id) ? null : target.find(id));
                if (name === "idsWithSize")
                  return (size: number) => target.idsWithSize(size).filter((id) => !isLate(id));
                const value = Reflect.get(target, name, target) as unknown;
                return typeof value === "function" ? value.bind(target) : value;
              },
            });
          },
        };
      },
    };
    const finished = await harness.import(phoneWithEverything(), request);
    const all = Object.fromEntries(Object.keys(told(finished)).map((name) => [name, "proved"]));
    expect(told(finished)).toEqual({ ...all, "IMG_0005.MOV": answer });
  },
);

test("two photos of one name and size, and the same bytes under two ids, are each proved by their own file", async () => {
  using harness = new ImportHarness();
  const one = jpeg(1);
  const other = Buffer.from(one);
  other[other.length - 3]! ^= 1;
  const { read } = watch(harness);
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": one, "/DCIM/101APPLE/IMG_0001.JPG": other });
  const first = await harness.import(phone, request);
  expect([...first.answersByPath.values()]).toEqual(["proved", "proved"]);
  expect(new Set([...first.answers()].map(({ photosId }) => photosId)).size).toBe(2);
  expect(read).toHaveLength(2);
});

test("a library that may not be read: Photos' word stands, and the receipt and the summary name the switch", async () => {
  using harness = new ImportHarness();
  harness.originals = {
    open: async () => reasonOf(readingFailed("/L", Object.assign(new Error("EPERM"), { code: "EPERM" }))),
  };
  const { head, answers } = await harness.import(phoneWithEverything(), request);
  expect(head.totals.byAnswer.present).toBe(10);
  expect(head.evidence.rung).toBe(2);
  expect(inCommandWords(head.evidence.liftedBy ?? "")).toMatch(
    /Privacy & Security > Photos.*Privacy_Photos.*Full Disk Access.*Privacy_AllFiles/,
  );
  expect(summaryLines(head, answers(), null).join("\n")).toContain("Privacy & Security > Photos");
  expect(filesBelow(harness.stagingFolder)).toHaveLength(10);
  expect(harness.events).toContainEqual(
    expect.objectContaining({ type: "notice", code: "LIBRARY_NOT_PERMITTED" }),
  );
});

test("a database that cannot be read, damaged or newer: bytes prove without it, and nothing crashes", async () => {
  using harness = new ImportHarness();
  const real = harness.originals;
  harness.originals = {
    async open(path, signal) {
      const library = await real.open(path, signal);
      if ("code" in library) return library;
      const trouble = {
        code: "LIBRARY_UNREADABLE" as const,
        message: "Its database is damaged.",
        remedy: "Open it.",
      };
      return {
        path: library.path,
        libraryId: (signal?: AbortSignal) => library.libraryId(signal),
        filesOf: (ids) => library.filesOf(ids),
        sha256Of: (file, given) => library.sha256Of(file, given),
        openRecords: async () => trouble,
      };
    },
  };
  const { head } = await harness.import(phoneWithEverything(), request);
  expect(head.totals.byAnswer.proved).toBe(10);
});

test("killed between the proof and the letting go: the next run reads again, and lets go what is proved", async () => {
  using harness = new ImportHarness();
  const phone = phoneWithEverything();
  class Crash extends Error {}
  const { recordFindings } = LedgerFindings.prototype;
  vi.spyOn(LedgerFindings.prototype, "recordFindings").mockImplementation(function (
    this: LedgerFindings,
    findings,
  ) {
    recordFindings.call(this, findings);
    throw new Crash();
  });
  await expect(harness.import(phone, request)).rejects.toThrow(Crash);
  vi.restoreAllMocks();
  expect(filesBelow(harness.stagingFolder).length).toBeGreaterThan(0);
  const second = await harness.import(phone, request);
  expect(new Set(second.answersByPath.values())).toEqual(new Set(["proved"]));
  expect(readdirSync(harness.stagingFolder)).toEqual([]);
  expect(harness.itemCount()).toBe(5);
});

test("a staged copy that somebody changed, or that the library merely has another name of, stays", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  watch(harness, () => {
    const staged = filesBelow(harness.stagingFolder);
    appendFileSync(staged.find((path) => path.endsWith("IMG_0001.JPG"))!, "mine");
    const kept = keptPath(harness, "IMG_0002.JPG", ".jpeg");
    rmSync(kept);
    linkSync(staged.find((path) => path.endsWith("IMG_0002.JPG"))!, kept);
  });
  const { answersByPath } = await harness.import(phone, request);
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0001.JPG")).toBe("proved");
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0002.JPG")).not.toBe("proved");
  expect(filesBelow(harness.stagingFolder)).toHaveLength(2);
});

test("with Copy items off the run goes on, says so after the first batch, and no staged file is touched", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "imports-references" });
  const phone = phoneWithEverything();
  const before = new Map(
    [...phone.files].map(([path, { bytes }]) => [path.slice(path.lastIndexOf("/") + 1), Buffer.from(bytes)]),
  );
  const finished = await harness.import(phone, request);
  const notice = harness.events.findIndex(
    (event) => event.type === "notice" && event.code === "COPY_ITEMS_OFF",
  );
  const lastImport = harness.events.findLastIndex(({ type }) => type === "importing");
  expect(notice).toBeGreaterThan(0);
  expect(notice).toBeLessThan(lastImport);
  const originals = Object.entries(told(finished)).filter(([name]) => !/E0004|AAE/.test(name));
  expect(new Set(originals.map(([, answer]) => answer))).toEqual(new Set(["present: REFERENCED"]));
  expect(finished.head.evidence.rung).toBe(2);
  expect(inCommandWords(finished.head.evidence.liftedBy ?? "")).toContain("Copy items to the Photos library");
  expect(summaryLines(finished.head, finished.answers(), null).join("\n")).toContain(
    "the staged files are the photos",
  );
  const staged = filesBelow(harness.stagingFolder);
  expect(staged).toHaveLength(10);
  for (const path of staged)
    expect(readFileSync(path)).toEqual(before.get(path.slice(path.lastIndexOf("/") + 1)));
});
