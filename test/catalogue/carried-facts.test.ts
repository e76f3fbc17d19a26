import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CarriedFacts, ItemFacts } from "../../src/catalogue/carried-facts.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { databaseFiles, IOS_18, insertAsset, libraryOf } from "./phone-database.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

async function read(files: ConstructorParameters<typeof MemoryPhone>[0]): Promise<CarriedFacts> {
  const library = await readPhoneLibrary(new MemoryPhone(files), { workFolder, withCarriedFacts: true });
  return library.carried!;
}

const TABLES = `
  ALTER TABLE ZASSET ADD ZLATITUDE FLOAT; ALTER TABLE ZASSET ADD ZLONGITUDE FLOAT;
  ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD ZASSETDESCRIPTION INTEGER;
  ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD ZTITLE VARCHAR;
  ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD ZTIMEZONENAME VARCHAR;
  ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD ZTIMEZONEOFFSET INTEGER;
  ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD ZEXIFTIMESTAMPSTRING VARCHAR;
  CREATE TABLE ZASSETDESCRIPTION (Z_PK INTEGER PRIMARY KEY, ZLONGDESCRIPTION VARCHAR);
  CREATE TABLE ZEXTENDEDATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZDATECREATED TIMESTAMP,
    ZTIMEZONENAME VARCHAR, ZLATITUDE FLOAT, ZLONGITUDE FLOAT);
  CREATE TABLE ZKEYWORD (Z_PK INTEGER PRIMARY KEY, ZTITLE VARCHAR);
  CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES INTEGER, Z_47KEYWORDS INTEGER);
`;

interface PhotoForTest {
  readonly asset?: Record<string, unknown>;
  readonly extra?: Record<string, unknown>;
  /** What the phone read in the file; null: nothing yet. */
  readonly file?: Record<string, unknown> | null;
  readonly caption?: unknown;
}

function withPhotos(photos: readonly PhotoForTest[], fill?: (database: DatabaseSyncInstance) => void) {
  return databaseFiles((database) => {
    database.exec(IOS_18 + TABLES);
    for (const [at, { asset = {}, extra = {}, file = {}, caption }] of photos.entries()) {
      const number = at + 1;
      const path = `DCIM/100APPLE/${number}.HEIC`;
      insertAsset(database, "ZASSET", { path, asset, extra: { ...extra, ASSETDESCRIPTION: number } });
      if (caption !== undefined)
        database.prepare("INSERT INTO ZASSETDESCRIPTION VALUES (?, ?)").run(number, caption as string);
      const { DATECREATED = null, TIMEZONENAME = null, LATITUDE = null, LONGITUDE = null } = file ?? {};
      if (file !== null)
        database
          .prepare("INSERT INTO ZEXTENDEDATTRIBUTES VALUES (NULL, ?, ?, ?, ?, ?)")
          .run(number, ...([DATECREATED, TIMEZONENAME, LATITUDE, LONGITUDE] as string[]));
    }
    fill?.(database);
  });
}

async function oneOf(
  photo: PhotoForTest,
  fill?: (database: DatabaseSyncInstance) => void,
): Promise<ItemFacts> {
  const carried = await read(withPhotos([photo], fill));
  return carried.of("/DCIM/100APPLE/1.HEIC")!;
}

describe("what was written about a photo", () => {
  it.each([
    ["a caption", { caption: "At the lake" }, { caption: "At the lake" }],
    ["a caption longer than a row keeps", { caption: "x".repeat(16_384) }, { caption: "x".repeat(16_384) }],
    ["a caption that would have to be cut is left out", { caption: "x".repeat(16_385) }, { caption: null }],
    ["an empty caption is none", { caption: "" }, { caption: null }],
    ["bytes are no caption", { caption: new Uint8Array([65]) }, { caption: null }],
    ["a title", { extra: { TITLE: "St. James's Park" } }, { title: "St. James's Park" }],
    ["an empty title is none", { extra: { TITLE: "" } }, { title: null }],
    ["a title of a megabyte is left out", { extra: { TITLE: "x".repeat(1_000_000) } }, { title: null }],
    [
      "a time zone",
      { extra: { TIMEZONENAME: "Asia/Kathmandu", TIMEZONEOFFSET: 20_700 } },
      { timeZone: { name: "Asia/Kathmandu", offsetSeconds: 20_700 } },
    ],
    [
      "a time zone that has no name",
      { extra: { TIMEZONENAME: "x".repeat(65), TIMEZONEOFFSET: -14_400 } },
      { timeZone: { name: null, offsetSeconds: -14_400 } },
    ],
    [
      "a time zone that nowhere is",
      { extra: { TIMEZONENAME: "X", TIMEZONEOFFSET: 999_999 } },
      { timeZone: null },
    ],
    [
      "a time zone that is no number",
      { extra: { TIMEZONENAME: "X", TIMEZONEOFFSET: "east" } },
      { timeZone: null },
    ],
  ] satisfies [string, PhotoForTest, Partial<ItemFacts>][])("%s", async (_title, photo, expected) => {
    expect(await oneOf(photo)).toMatchObject(expected);
  });

  it("what is too long is counted", async () => {
    const long = { caption: "x".repeat(20_000), extra: { TITLE: "y".repeat(2_000) } };
    const { leftOut } = await read(withPhotos([long, long, { caption: "short" }]));
    expect(leftOut).toEqual({ albums: false, keywords: false, memberships: false, texts: 4 });
  });

  it("captions of twenty million letters in all are read, and the others counted", async () => {
    const photos = Array.from({ length: 1_300 }, () => ({ caption: "x".repeat(16_000) }));
    const carried = await read(withPhotos(photos));
    const captions = photos.map(
      (_photo, at) => carried.of(`/DCIM/100APPLE/${at + 1}.HEIC`)?.caption?.length ?? 0,
    );
    expect(captions.reduce((sum, length) => sum + length, 0)).toBe(20_000_000);
    expect(carried.leftOut.texts).toBe(50);
  });

  it("of a path that is no photo of the library nothing is said", async () => {
    expect((await read(withPhotos([{}]))).of("/DCIM/100APPLE/2.HEIC")).toBeNull();
  });

  it("of a photo of which nothing is said, nothing is said", async () => {
    expect(await oneOf({ file: null })).toEqual({
      caption: null,
      title: null,
      keywords: [],
      timeZone: null,
      date: "unsaid",
      place: { state: "unsaid" },
    });
  });
});

describe("keywords", () => {
  it.each([
    ["each once", "(1, 1), (1, 2), (1, 1)", ["Lake", "Boat"]],
    ["none that no table has", "(1, 9), (7, 1), (NULL, NULL), ('a', 'b'), (1, 2)", ["Boat"]],
    ["none without a title, or with one of bytes or of a megabyte", "(1, 3), (1, 4), (1, 5), (1, 6)", []],
  ])("%s", async (_title, rows, expected) => {
    const { keywords } = await oneOf({}, (database) => {
      database.exec(
        `INSERT INTO ZKEYWORD VALUES (1, 'Lake'), (2, 'Boat'), (3, ''), (4, x'41'), (5, NULL);
         INSERT INTO Z_1KEYWORDS VALUES ${rows};`,
      );
      database.prepare("INSERT INTO ZKEYWORD VALUES (6, ?)").run("x".repeat(1_000_000));
    });
    expect([...keywords].sort()).toEqual([...expected].sort());
  });

  it("they are those of the photo whose attributes have them, whatever number both have", async () => {
    const carried = await read(
      withPhotos([{}, {}], (database) =>
        database.exec(
          `UPDATE ZADDITIONALASSETATTRIBUTES SET Z_PK = Z_PK + 40; INSERT INTO ZKEYWORD VALUES (1, 'Lake');
           INSERT INTO Z_1KEYWORDS VALUES (42, 1), (1, 1);`,
        ),
      ),
    );
    expect(["1", "2"].map((name) => carried.of(`/DCIM/100APPLE/${name}.HEIC`)?.keywords)).toEqual([
      [],
      ["Lake"],
    ]);
  });

  it("of two tables that look alike, it takes the one that the database numbers so", async () => {
    const { keywords } = await oneOf({}, (database) =>
      database.exec(
        `CREATE TABLE Z_2KEYWORDS (Z_2ASSETATTRIBUTES INTEGER, Z_47KEYWORDS INTEGER);
         CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR);
         INSERT INTO Z_PRIMARYKEY VALUES (2, 'AdditionalAssetAttributes'), (47, 'Keyword');
         INSERT INTO ZKEYWORD VALUES (1, 'Lake'), (2, 'Boat');
         INSERT INTO Z_1KEYWORDS VALUES (1, 1); INSERT INTO Z_2KEYWORDS VALUES (1, 2);`,
      ),
    );
    expect(keywords).toEqual(["Boat"]);
  });
});

/** 2026-05-01 10:00:00 UTC, as Core Data counts. */
const SHOWN = Date.UTC(2026, 4, 1, 10) / 1000 - 978_307_200;
const HOUR = 3600;
/** The zone of a file that says its offset itself. */
const OWN = { TIMEZONENAME: "GMT-0400" };

describe("a date that was changed on the phone", () => {
  const exif = (text: unknown, offset: unknown = 2 * HOUR) => ({
    extra: { EXIFTIMESTAMPSTRING: text, TIMEZONENAME: "Europe/Rome", TIMEZONEOFFSET: offset },
  });
  it.each([
    ["the same", { file: { DATECREATED: SHOWN } }, "as-in-file"],
    ["a second of rounding", { file: { DATECREATED: SHOWN + 0.774 } }, "as-in-file"],
    ["a day", { file: { DATECREATED: SHOWN - 24 * HOUR } }, "changed"],
    ["a minute", { file: { DATECREATED: SHOWN + 60 } }, "changed"],
    ["an hour, of a file without a zone", { file: { DATECREATED: SHOWN + HOUR } }, "other-zone"],
    ["half hours, likewise", { file: { DATECREATED: SHOWN - 9.5 * HOUR } }, "other-zone"],
    ["fourteen hours, likewise", { file: { DATECREATED: SHOWN + 14 * HOUR - 1 } }, "other-zone"],
    ["fourteen and a half", { file: { DATECREATED: SHOWN + 14.5 * HOUR } }, "changed"],
    ["an hour and a minute", { file: { DATECREATED: SHOWN + HOUR + 60 } }, "changed"],
    ["an hour, of a file that says its zone", { file: { DATECREATED: SHOWN + HOUR, ...OWN } }, "changed"],
    ["the same, of a file that says its zone", { file: { DATECREATED: SHOWN, ...OWN } }, "as-in-file"],
    ["a file without a date", { file: {} }, "unsaid"],
    ["a date of the file that is no number", { file: { DATECREATED: "May" } }, "unsaid"],
    ["a date of the file in another age", { file: { DATECREATED: 1e15 } }, "unsaid"],
    [
      "a date on the phone in another age",
      { asset: { DATECREATED: 1e15 }, file: { DATECREATED: 0 } },
      "unsaid",
    ],
    ["before iOS 16: the same", { file: null, ...exif("2026:05:01 12:00:00") }, "as-in-file"],
    ["before iOS 16: a day", { file: null, ...exif("2026:05:02 12:00:00") }, "changed"],
    ["before iOS 16: an hour is a zone", { file: null, ...exif("2026:05:01 11:00:00") }, "other-zone"],
    ["before iOS 16: without an offset", { file: null, ...exif("2026:05:02 12:00:00", null) }, "unsaid"],
    ["before iOS 16: a clock that was never set", { file: null, ...exif("0000:00:00 00:00:00") }, "unsaid"],
    ["before iOS 16: something else", { file: null, ...exif("yesterday") }, "unsaid"],
  ] satisfies [string, PhotoForTest, ItemFacts["date"]][])("%s", async (_title, photo, expected) => {
    const { asset = { DATECREATED: SHOWN }, ...others } = photo as PhotoForTest;
    expect((await oneOf({ asset, ...others })).date).toBe(expected);
  });
});

describe("a place that was changed on the phone", () => {
  const at = (latitude: unknown, longitude: unknown) => ({ LATITUDE: latitude, LONGITUDE: longitude });
  const NONE = at(-180, -180);
  const changed = (latitude: number, longitude: number) => ({ state: "changed", latitude, longitude });
  it.each([
    ["the same", at(51.50357167, -0.1318055), at(51.503571666666666, -0.1318055), { state: "as-in-file" }],
    ["what a film rounds", at(33.37024, -118.34714), at(33.3702, -118.3471), { state: "as-in-file" }],
    ["the next village", at(41, -86), at(41.69893, -86.23764), changed(41, -86)],
    ["none, and none in the file", NONE, at(null, null), { state: "as-in-file" }],
    ["none in the file", at(41, -86), at(null, null), changed(41, -86)],
    ["removed", NONE, at(41, -86), { state: "removed" }],
    ["beside the date line", at(10, 180), at(10, -179.99999), { state: "as-in-file" }],
    ["where nothing is", at(91, 200), at(41, -86), { state: "removed" }],
    ["no number", at("north", "west"), at(null, null), { state: "as-in-file" }],
    ["endless", at(Number.POSITIVE_INFINITY, 0), at(null, null), { state: "as-in-file" }],
    ["the file was not read yet", at(41, -86), null, { state: "unsaid" }],
  ] as const)("%s", async (_title, asset, file, expected) => {
    expect((await oneOf({ asset, file })).place).toEqual(expected);
  });

  it("without a table of files nothing is said", async () => {
    const facts = await read(libraryOf([{ path: "DCIM/100APPLE/1.HEIC", asset: { DATECREATED: SHOWN } }]));
    expect(facts.of("/DCIM/100APPLE/1.HEIC")).toMatchObject({ date: "unsaid", place: { state: "unsaid" } });
  });
});

it("photos that one path names, or that name none, keep their own facts", async () => {
  const carried = await read(
    withPhotos([{ caption: "first" }, { caption: "second" }, { caption: "third" }], (database) =>
      database.exec(
        "UPDATE ZASSET SET ZFILENAME = '1.HEIC'; UPDATE ZASSET SET ZFILENAME = '' WHERE Z_PK = 3",
      ),
    ),
  );
  const captions = [
    "/DCIM/100APPLE/1.HEIC",
    "/PhotoData/Photos.sqlite/ZASSET/2",
    "/PhotoData/Photos.sqlite/ZASSET/3",
  ];
  expect(captions.map((path) => carried.of(path)?.caption)).toEqual(["first", "second", "third"]);
});

it("a photo whose attributes and file are in several rows has those of one of them", async () => {
  const carried = await read(
    withPhotos([{ extra: { TITLE: "one" } }, { extra: { TITLE: "second" } }], (database) =>
      database.exec(
        `INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZTITLE) VALUES (1, 'another'), (1, 'yet another');
         INSERT INTO ZEXTENDEDATTRIBUTES (ZASSET, ZLATITUDE) VALUES (1, 5), (1, 6);`,
      ),
    ),
  );
  const titles = ["1", "2"].map((name) => carried.of(`/DCIM/100APPLE/${name}.HEIC`)?.title);
  expect(titles).toEqual([expect.stringMatching(/^(one|another|yet another)$/), "second"]);
});

it("rows that give one key and one file again and again leave the facts of the others in place", async () => {
  const carried = await read(
    databaseFiles((database) => {
      database.exec(IOS_18.replace("ZASSET (Z_PK INTEGER PRIMARY KEY", "ZASSET (Z_PK INTEGER") + TABLES);
      for (const [key, file] of [
        [1, "A"],
        [2, "A"],
        [1, "A"],
        [2, "A"],
        [5, "B"],
      ] as const)
        insertAsset(database, "ZASSET", { path: `DCIM/100APPLE/${file}.HEIC`, asset: { _PK: key } });
      database.exec(
        "INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZTITLE) VALUES (1, 'first'), (2, 'second'), (5, 'fifth')",
      );
    }),
  );
  expect(carried.of("/DCIM/100APPLE/B.HEIC")?.title).toBe("fifth");
});
