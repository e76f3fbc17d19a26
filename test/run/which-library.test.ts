import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, test } from "vitest";
import { statusOfError } from "../../src/cli/process/exit-status.js";
import { errorLines } from "../../src/cli/terminal/error-lines.js";
import { RollcallError } from "../../src/errors.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryNow } from "../../src/run/photos-destination.js";
import type { ImportRequest } from "../../src/run/run-parts.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const inTwos = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;
const other = (harness: ImportHarness) => join(harness.folder, "Other.photoslibrary");

function photos(...numbers: number[]) {
  return phoneWith(
    Object.fromEntries(numbers.map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
}

/** Photos names the library that it has open, as lsof shows it, or, `isNamed` false, names none. */
function seesLibrary(harness: ImportHarness, isNamed: boolean): void {
  const parts = harness.parts.bind(harness);
  harness.parts = async (...args) => {
    const made = await parts(...args);
    const openLibrary = async () =>
      isNamed && harness.photos.running() ? harness.photos.openLibraryPath() : null;
    Object.assign(made.process, { openLibrary });
    return made;
  };
}

/** How many photos and albums a package holds. */
function contentOf(path: string): { photos: number; albums: number } {
  const database = new DatabaseSync(join(path, "database/Photos.sqlite"), { readOnly: true });
  const count = (sql: string) =>
    Number(database.prepare(`SELECT count(*) AS count FROM ${sql}`).get()?.count);
  const content = {
    photos: count("ZASSET"),
    albums: count("ZGENERICALBUM WHERE ZKIND = 2 AND ZTRASHEDSTATE = 0"),
  };
  database.close();
  return content;
}

async function endingOf(
  harness: ImportHarness,
  phone: ReturnType<typeof photos>,
  request: Partial<ImportRequest> = {},
) {
  const ended = await harness.import(phone, { ...inTwos, ...request }).catch((error: unknown) => error);
  if (!(ended instanceof RollcallError)) throw new Error("it was to be stopped", { cause: ended });
  return { code: ended.code, status: statusOfError(ended, null), said: errorLines(ended).join("\n") };
}

const isOther = {
  code: "PHOTOS_LIBRARY_SWITCHED",
  status: 7,
  said: expect.stringContaining("error: Photos has another library open than the one this is about."),
};

describe("Photos, closed until now, opens another library than that of the run before", () => {
  test("if it names it, what is in the first is not taken for being here, and all is imported here", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, true);
    await harness.import(photos(1, 2), inTwos);
    harness.photos.openLibrary(other(harness));
    const { head } = await harness.import(photos(1, 2, 3), inTwos);
    expect(head.destination).toMatchObject({ library: other(harness) });
    expect(head.totals.thisRun.items).toBe(3);
    expect(contentOf(harness.photos.library.path)).toEqual({ photos: 2, albums: 1 });
    expect(contentOf(other(harness))).toEqual({ photos: 3, albums: 1 });
  });

  test("if it names it, unattended, and the phone was approved for the first: exit 7, and nothing is written", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, true);
    harness.questions = { confirmFirstRun: async () => true, chooseICloud: async () => "import" };
    await harness.import(photos(1), inTwos);
    harness.questions = null;
    harness.photos.openLibrary(other(harness));
    const { code, status, said } = await endingOf(harness, photos(1, 2), { approvedOnly: true });
    expect([code, status]).toEqual(["PHOTOS_LIBRARY_SWITCHED", 7]);
    expect(said).toContain("approved for");
    expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });
  });

  test("it names it, and a run in the first was cut off: exit 7, and nothing is written", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, true);
    await harness.import(photos(1), inTwos);
    harness.photos.faults({ name: "event-fails", number: -128, event: "import" });
    await harness.import(photos(1, 2), inTwos).catch(() => undefined);
    harness.photos.faults(null);
    harness.photos.openLibrary(other(harness));
    expect(await endingOf(harness, photos(1, 2))).toEqual(isOther);
    expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });
  });

  test("if it does not name it and has nothing of ours: exit 7 before any claim, and nothing is written", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, false);
    await harness.import(photos(1), inTwos);
    harness.photos.openLibrary(other(harness));
    const ending = await endingOf(harness, photos(1, 2));
    expect(ending).toEqual(isOther);
    expect(ending.said).toContain("say with --library which one is open");
    expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });

    const { head } = await harness.import(photos(1, 2), { ...inTwos, libraryPath: other(harness) });
    expect(head.totals.thisRun.items).toBe(2);
    expect(contentOf(other(harness))).toEqual({ photos: 2, albums: 1 });
  });

  test("it does not name it, and named the first one: the same", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, true);
    await harness.import(photos(1), inTwos);
    seesLibrary(harness, false);
    harness.photos.openLibrary(other(harness));
    const ending = await endingOf(harness, photos(1, 2));
    expect(ending).toEqual(isOther);
    expect(ending.said).toContain(harness.photos.library.path);
    expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });
  });

  test("if it does not name it and has only another phone's albums of ours: exit 7 for this phone's ledger", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, true);
    await harness.import(photos(1), inTwos);
    harness.photos.openLibrary(other(harness));
    await harness.import(photos(5), { ...inTwos, libraryPath: other(harness) });
    harness.photos.openLibrary(harness.photos.library.path);
    seesLibrary(harness, false);
    // The ledger's last is the other one.
    expect(await endingOf(harness, photos(5, 6))).toEqual(isOther);
    expect(contentOf(harness.photos.library.path)).toEqual({ photos: 1, albums: 1 });
  });
});

describe("the library that was named by the person, and Photos names none", () => {
  const named = (harness: ImportHarness) => ({ ...inTwos, libraryPath: harness.photos.library.path });

  test("has its photos in its package and not in Photos: exit 7, nothing is written, and its remedy works", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, false);
    await harness.import(photos(1, 2, 3), named(harness));
    harness.photos.openLibrary(other(harness));
    const ending = await endingOf(harness, photos(1, 2, 3, 4), named(harness));
    expect(ending).toEqual(isOther);
    expect(ending.said).toContain("Photos shows none of them");
    expect(ending.said).toContain("Open the one that you named in Photos");
    expect(ending.said, "a flag that was given is not advised").not.toContain("--library");
    const waits = harness.events.filter(
      (event) => event.type === "notice" && /looking again/.test(event.message),
    );
    expect(waits, "the wait is said, once").toHaveLength(1);
    expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });

    harness.photos.openLibrary(harness.photos.library.path);
    const { head } = await harness.import(photos(1, 2, 3, 4), named(harness));
    expect(head.totals.thisRun.items).toBe(1);
    expect(contentOf(harness.photos.library.path)).toEqual({ photos: 4, albums: 1 });
  });

  test("is not the one that is meant: to name the open one, as the remedy says, imports into that", async () => {
    using harness = new ImportHarness();
    seesLibrary(harness, false);
    await harness.import(photos(1, 2), named(harness));
    harness.photos.openLibrary(other(harness));
    const ending = await endingOf(harness, photos(1, 2, 3), named(harness));
    expect(ending.said).toContain("or name the one that is open instead");
    await harness.import(photos(1, 2, 3), { ...inTwos, libraryPath: other(harness) });
    expect(contentOf(other(harness))).toEqual({ photos: 3, albums: 1 });
    expect(contentOf(harness.photos.library.path)).toEqual({ photos: 2, albums: 1 });
  });
});

test("what only reads answers for a library that Photos has not open; what writes is refused", async () => {
  using harness = new ImportHarness();
  seesLibrary(harness, true);
  harness.photos.openLibrary(other(harness));
  harness.photos.launch();
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const parts = await harness.parts(photos(1), ledgerDatabase);
  const libraryPath = harness.photos.library.path;
  expect(await libraryNow(parts, { libraryPath, onlyReads: true })).toBe(libraryPath);
  await expect(libraryNow(parts, { libraryPath })).rejects.toMatchObject({
    code: "PHOTOS_LIBRARY_SWITCHED",
  });
});

test("the same library, unnamed, whose album was deleted by hand, is known by its photos", async () => {
  using harness = new ImportHarness();
  seesLibrary(harness, false);
  await harness.import(photos(1), inTwos);
  harness.photos.runText('const P = Application("Photos"); P.delete(P.albums[0]);');
  const { head } = await harness.import(photos(1, 2), inTwos);
  expect(head.totals.thisRun.items).toBe(1);
});

test("a library that can be read and not changed: exit 7, and nothing of the phone is claimed to be in it", async () => {
  using harness = new ImportHarness();
  seesLibrary(harness, true);
  harness.photos.openLibrary(other(harness));
  harness.photos.faults({ name: "ignores-writes", number: -10003 });
  const ending = await endingOf(harness, photos(1));
  expect(ending).toMatchObject({ code: "PHOTOS_UNAVAILABLE", status: 7 });
  expect(ending.said).toContain("The Photos library does not accept changes.");
  expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });
});

describe("another library is opened in the middle of a run, right before", () => {
  const moments = [
    { moment: "the second batch is sent", script: "importFiles", time: 2 },
    { moment: "the second batch is looked at", script: "albumContents", time: 2 },
    // Between this look and the making lies one process: an empty album may be made in that instant.
    { moment: 'it is looked whether "Last Import" may be made', script: "describeAlbum", time: 1 },
    { moment: '"Last Import" is filled', script: "addToAlbum", time: 1 },
    { moment: "the journal album is deleted, at the end", script: "deleteAlbum", time: 1 },
  ];
  test.each(moments.flatMap((one) => [true, false].map((isNamed) => ({ ...one, isNamed }))))(
    "$moment (named: $isNamed): exit 7, nothing is written; the next run in the first imports all once",
    async ({ script: name, time, isNamed }) => {
      using harness = new ImportHarness();
      seesLibrary(harness, isNamed);
      const whole = harness.runScript;
      let seen = 0;
      harness.runScript = (script, input, options) => {
        if (script.name === name && ++seen === time) harness.photos.openLibrary(other(harness));
        return whole(script, input, options);
      };
      const ending = await endingOf(harness, photos(1, 2, 3, 4));
      expect(ending).toMatchObject({ code: "PHOTOS_LIBRARY_SWITCHED", status: 7 });
      expect(ending.said).toContain(
        "error: Photos has another library open than at the start of this run.\n",
      );
      expect(contentOf(other(harness))).toEqual({ photos: 0, albums: 0 });

      harness.runScript = whole;
      harness.photos.openLibrary(harness.photos.library.path);
      const { head } = await harness.import(photos(1, 2, 3, 4), inTwos);
      expect(head.totals.byAnswer).toMatchObject(isNamed ? { proved: 4 } : { present: 4 });
      expect(contentOf(harness.photos.library.path)).toEqual({ photos: 4, albums: 1 });
    },
  );
});

test.each([
  { second: "names it", isNamed: true },
  { second: "does not", isNamed: false },
])(
  "a library unnamed and slow to show its albums is the same one: nothing comes twice (then $second)",
  async ({ isNamed }) => {
    using harness = new ImportHarness();
    seesLibrary(harness, false);
    await harness.import(photos(1), inTwos);
    seesLibrary(harness, isNamed);
    harness.photos.faults({ name: "starts-slowly", readyAfterMs: 8_000, manner: "nothing-there" });
    const { head } = await harness.import(photos(1, 2), inTwos);
    expect(head.totals.thisRun.items).toBe(1);
    expect(contentOf(harness.photos.library.path)).toEqual({ photos: 2, albums: 1 });
  },
);
