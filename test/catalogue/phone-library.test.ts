import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { assetQuery } from "../../src/catalogue/phone-library-query.js";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { RollcallError } from "../../src/errors.js";
import {
  type MemoryFile,
  MemoryPhone,
  type MemoryPhoneOptions,
} from "../../src/virtual/iphone/memory-phone.js";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import { doesNotSay } from "../says.js";
import {
  databaseFiles,
  IOS_18,
  insertAsset,
  libraryOf,
  macLibraryOnPhone,
  withoutTriggers,
} from "./phone-database.js";
import { hasSharedData, needsSharedData, sharedData } from "./shared-data.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => {
  // Whatever happened: nothing of a stranger's library stays behind.
  expect(readdirSync(workFolder)).toEqual([]);
  rmSync(workFolder, { recursive: true });
});

async function read(files: ConstructorParameters<typeof MemoryPhone>[0], options: MemoryPhoneOptions = {}) {
  return await readPhoneLibrary(new MemoryPhone(files, options), { workFolder });
}

async function refusal(
  files: ConstructorParameters<typeof MemoryPhone>[0],
  options: MemoryPhoneOptions = {},
): Promise<RollcallError> {
  try {
    await read(files, options);
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("what the phone's library says of one photo", () => {
  it("all of it, where the database has it", async () => {
    const library = await read(
      libraryOf([
        {
          path: "DCIM/100APPLE/IMG_0001.PNG",
          asset: { FAVORITE: 1, KINDSUBTYPE: 10, DATECREATED: 0, ADDEDDATE: 1.5, SAVEDASSETTYPE: 3 },
          extra: { ORIGINALFILENAME: "Screen.png", ORIGINALFILESIZE: 1234 },
          resource: { LOCALAVAILABILITY: 1 },
        },
      ]),
    );
    expect([...library.rows()]).toEqual([
      {
        path: "/DCIM/100APPLE/IMG_0001.PNG",
        kind: "photo",
        unplaced: null,
        screenshot: true,
        live: false,
        partsHere: [],
        trashed: false,
        hidden: false,
        favorite: true,
        shown: true,
        originalFileName: "Screen.png",
        originalSizeBytes: 1234,
        takenAtMs: Date.parse("2001-01-01T00:00:00Z"),
        syncedWithICloud: false,
        bytesHere: "yes",
        edited: false,
        inSharedLibrary: false,
        inICloud: "unsaid",
        caption: null,
        burst: null,
        albums: [],
      },
    ]);
  });

  it("a video's length is told, and one that no video can have is not", async () => {
    const lengths = [83.456, 0, -1, 86_400, 1e300, "long", null];
    const videos = lengths.map((DURATION, at) => ({
      path: `DCIM/100APPLE/IMG_000${at}.MOV`,
      asset: { KIND: 1, DURATION },
    }));
    const photo = { path: "DCIM/100APPLE/IMG_0009.JPG", asset: { KIND: 0, DURATION: 12 } };
    const library = await read(libraryOf([...videos, photo]));
    expect([...library.rows()].map((row) => row.durationMs)).toEqual([83_456, ...Array(7).fill(undefined)]);
  });

  it("a date that no photo can have is no date", async () => {
    const library = await read(
      libraryOf([
        { path: "DCIM/100APPLE/A.TIF", asset: { DATECREATED: 123456789012345 } },
        { path: "DCIM/100APPLE/B.TIF", asset: { DATECREATED: -63_114_076_800 } },
        { path: "DCIM/100APPLE/C.TIF", asset: { DATECREATED: "yesterday" } },
      ]),
    );
    expect([...library.rows()].map((row) => row.takenAtMs)).toEqual([null, null, null]);
  });

  it.each([
    ["here", { LOCALAVAILABILITY: 1 }, "yes"],
    ["in iCloud, known by its fingerprint", { LOCALAVAILABILITY: -1, FINGERPRINT: "AcfhCy" }, "no"],
    ["in iCloud, by iCloud's word", { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1 }, "no"],
    ["not here, with no sign that it is anywhere", { LOCALAVAILABILITY: -1 }, "unsaid"],
    [
      "a thumbnail's row says nothing of the original",
      { DATASTORESUBTYPE: 3, LOCALAVAILABILITY: -1, FINGERPRINT: "A" },
      "unsaid",
    ],
  ])("where its bytes are: %s", async (_title, resource, bytesHere) => {
    const library = await read(libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC", resource }]));
    expect([...library.rows()][0]?.bytesHere).toBe(bytesHere);
  });

  it.each([
    ["uploaded, and the original's own row agrees", { CLOUDLOCALSTATE: 1 }, { REMOTEAVAILABILITY: 1 }, true],
    ["uploaded, and there is no other word", { CLOUDLOCALSTATE: 1 }, undefined, true],
    [
      "said to be uploaded, and the original's own row denies it",
      { CLOUDLOCALSTATE: 1 },
      { REMOTEAVAILABILITY: 0 },
      false,
    ],
    ["waiting for its upload", { CLOUDLOCALSTATE: 0 }, { REMOTEAVAILABILITY: 0 }, false],
    ["upload failed", { CLOUDLOCALSTATE: 4 }, undefined, false],
    ["came from iCloud once, which is no proof", { SAVEDASSETTYPE: 6 }, undefined, false],
  ])("synced with iCloud Photos: %s", async (_title, asset, resource, synced) => {
    const photo = { path: "DCIM/100APPLE/IMG_0001.HEIC", asset, ...(resource ? { resource } : {}) };
    const library = await read(libraryOf([photo]));
    expect([...library.rows()][0]?.syncedWithICloud).toBe(synced);
    expect(library.summary.syncedWithICloud).toBe(synced);
  });

  it.each([
    [
      "uploaded, whatever the original's own row says",
      { CLOUDLOCALSTATE: 1 },
      { REMOTEAVAILABILITY: 0 },
      "yes",
    ],
    ["in a state that nobody knows", { CLOUDLOCALSTATE: 4 }, undefined, "yes"],
    ["the original's own row says so", { CLOUDLOCALSTATE: 0 }, { REMOTEAVAILABILITY: 1 }, "yes"],
    ["its bytes are there alone", { CLOUDLOCALSTATE: 0 }, { LOCALAVAILABILITY: -1, FINGERPRINT: "A" }, "yes"],
    ["not uploaded", { CLOUDLOCALSTATE: 0 }, { REMOTEAVAILABILITY: 0 }, "no"],
    ["the original's own row denies it, and there is no other word", {}, { REMOTEAVAILABILITY: 0 }, "no"],
    ["nothing is said", {}, undefined, "unsaid"],
    ["something that is no number is said", { CLOUDLOCALSTATE: "x" }, undefined, "unsaid"],
  ])("in iCloud Photos by any sign: %s", async (_title, asset, resource, inICloud) => {
    const whole = { LOCALAVAILABILITY: 1, ...resource };
    const photo = { path: "DCIM/100APPLE/IMG_0001.HEIC", asset, ...(resource && { resource: whole }) };
    const library = await read(libraryOf([photo]));
    expect([...library.rows()][0]?.inICloud).toBe(inICloud);
    expect(library.summary.usesICloudPhotos).toBe(inICloud === "unsaid" ? null : inICloud === "yes");
  });

  it("is found by exact name first, else however its accents are composed", async () => {
    const composed = "DCIM/100APPLE/é.JPG".normalize("NFC");
    const library = await read(libraryOf([{ path: composed, asset: { HIDDEN: 1 } }]));
    expect(library.find(`/${composed}`)?.hidden).toBe(true);
    expect(library.find(`/${composed.normalize("NFD")}`)?.hidden).toBe(true);
    expect(library.find("/DCIM/100APPLE/e.JPG")).toBeNull();
  });
});

describe("what is counted", () => {
  it("trashed is trashed even when hidden, and unpicked burst frames are not shown", async () => {
    const library = await read(
      libraryOf([
        { path: "DCIM/100APPLE/IMG_0001.HEIC" },
        { path: "DCIM/100APPLE/IMG_0002.HEIC", asset: { TRASHEDSTATE: 1 } },
        { path: "DCIM/100APPLE/IMG_0003.HEIC", asset: { HIDDEN: 1 } },
        { path: "DCIM/100APPLE/IMG_0004.HEIC", asset: { HIDDEN: 1, TRASHEDSTATE: 1 } },
        { path: "DCIM/100APPLE/IMG_0005.JPG", asset: { VISIBILITYSTATE: 2 } },
      ]),
    );
    expect(library.summary).toEqual({
      shownCount: 1,
      hiddenCount: 1,
      trashedCount: 2,
      sharedLibraryCount: 0,
      ofOthersCount: 0,
      syncedWithICloud: false,
      usesICloudPhotos: null,
      albums: null,
      modelVersion: null,
    });
  });

  it("shared albums, links and Shared with You are other people's", async () => {
    const types = [4, 8, 12].map((type) => ({
      path: `DCIM/100APPLE/IMG_000${type % 10}.HEIC`,
      asset: { SAVEDASSETTYPE: type, TRASHEDSTATE: 1 },
    }));
    const library = await read(libraryOf(types));
    expect([...library.rows()]).toEqual([]);
    expect(library.summary).toMatchObject({ trashedCount: 0, ofOthersCount: 3 });
  });

  it.each([
    "../DCIM/100APPLE/IMG_0001.HEIC",
    "DCIM/../Books/IMG_0001.HEIC",
    "DCIM/100APPLE/..",
    "/DCIM/100APPLE/IMG_0001.HEIC",
    "DCIM//IMG_0001.HEIC",
    "DCIMS/100APPLE/IMG_0001.HEIC",
    "PhotoData/Mutations/IMG_0001.HEIC",
    "PhotoData/CPLAssets/../../IMG_0001.HEIC",
    "PhotoData/Photos.sqlite/ZASSET/7",
    "PhotoData/Photos.sqlite/ZASSET/2/IMG_0001.HEIC",
    "/etc/passwd",
  ])("a row that leads to %s leads nowhere, and is counted all the same", async (path) => {
    const library = await read(libraryOf([{ path }]));
    expect([...library.rows()].map((row) => [row.path, row.unplaced])).toEqual([
      ["/PhotoData/Photos.sqlite/ZASSET/1", expect.stringContaining("not in a folder of photos")],
    ]);
    expect(library.summary.shownCount).toBe(1);
    expect(library.find(`/${path}`)).toBeNull();
  });

  it("a second row of one file is a photo of its own, in its own place", async () => {
    const path = "DCIM/100APPLE/IMG_0001.HEIC";
    const library = await read(libraryOf([{ path }, { path, asset: { TRASHEDSTATE: 1 } }]));
    expect([...library.rows()].map((row) => [row.path, row.trashed])).toEqual([
      [`/${path}`, false],
      ["/PhotoData/Photos.sqlite/ZASSET/2", true],
    ]);
  });

  it("a file name that holds a folder leads nowhere, nor does one with a NUL in it", async () => {
    const library = await read(
      libraryOf([
        { path: "DCIM/100APPLE/x", asset: { FILENAME: "../101APPLE/IMG_0001.HEIC" } },
        { path: "DCIM/100APPLE/y", asset: { FILENAME: "/etc/passwd" } },
        { path: "DCIM/100APPLE/z", asset: { DIRECTORY: "DCIM/\0../etc" } },
        { path: "DCIM/100APPLE/w", asset: { FILENAME: "W".repeat(2000) } },
        { path: "DCIM/100APPLE/v", asset: { FILENAME: 7.5 } },
        { path: "DCIM/100APPLE/u", asset: { DIRECTORY: `DCIM${"/a".repeat(40)}` } },
      ]),
    );
    expect([...library.rows()]).toHaveLength(6);
    for (const { path, unplaced } of library.rows())
      expect(path).toMatch(unplaced === null ? /^\/DCIM\/[^/\0]*\/[^/\0]{1,255}$/ : /\/ZASSET\/[1-6]$/);
  });
});

const LOG = "/PhotoData/Photos.sqlite-wal";

describe("how it is read off the phone", () => {
  it("what the phone wrote last counts, from the -wal", async () => {
    const files = databaseFiles(
      (database) => {
        database.exec(IOS_18);
        insertAsset(database, "ZASSET", { path: "DCIM/100APPLE/IMG_0001.HEIC" });
      },
      (database) => {
        insertAsset(database, "ZASSET", { path: "DCIM/100APPLE/IMG_0002.HEIC" });
        database.exec("UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZFILENAME = 'IMG_0001.HEIC'");
      },
    );
    const library = await read(files);
    expect([...library.rows()].map((row) => [row.path, row.trashed])).toEqual([
      ["/DCIM/100APPLE/IMG_0001.HEIC", true],
      ["/DCIM/100APPLE/IMG_0002.HEIC", false],
    ]);
  });

  it("without a -wal it is read all the same", async () => {
    const [database] = libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }]);
    const library = await read([database!]);
    expect([...library.rows()]).toHaveLength(1);
  });

  it("a phone that writes to its -wal with every request is read at the first try", async () => {
    const files = libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }]);
    let writes = 0;
    const phone: MemoryPhone = new MemoryPhone(files, {
      onRequest: () => {
        writes += 1;
        const log = phone.files.get(LOG)!.bytes;
        phone.put(LOG, {
          bytes: Buffer.concat([log, Buffer.alloc(4_120, writes)]),
          modifiedAt: new Date(writes),
        });
      },
    });
    const library = await readPhoneLibrary(phone, { workFolder });
    expect([...library.rows()]).toHaveLength(1);
    expect(writes).toBeGreaterThan(5);
    expect(library.reading).toMatchObject({ way: "pages", tries: 1 });
  });

  it("a phone that keeps 130,000 bytes beside each item gives a fiftieth of its database", async () => {
    const media = mkdtempSync(join(tmpdir(), "rollcall-test-"));
    const rows = Array.from({ length: 150 }, (_, index) => ({
      directory: "DCIM/100APPLE",
      filename: `IMG_${1000 + index}.HEIC`,
      kind: "photo" as const,
      createdAt: new Date(1.7e12 + index),
    }));
    await writePhoneDatabase(media, rows, { analysisBytesPerItem: 130_000 });
    const bytes = readFileSync(join(media, "PhotoData", "Photos.sqlite"));
    rmSync(media, { recursive: true });
    const library = await read([["/PhotoData/Photos.sqlite", { bytes }]]);
    expect(library.summary.shownCount).toBe(150);
    expect(library.reading.databaseBytes).toBeGreaterThan(19_000_000);
    expect(library.reading.readBytes).toBeLessThan(library.reading.databaseBytes / 50);
  });

  it("a database that is rewritten once meanwhile is read again", async () => {
    const old = libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }]);
    const [fresh] = libraryOf([
      { path: "DCIM/100APPLE/IMG_0001.HEIC" },
      { path: "DCIM/100APPLE/IMG_0002.HEIC" },
    ]);
    let chunks = 0;
    const phone: MemoryPhone = new MemoryPhone(old, {
      onRequest: ({ what }) => {
        if (what === "chunk" && ++chunks === 1)
          phone.put(fresh![0], { ...fresh![1], modifiedAt: new Date(1) });
      },
    });
    const library = await readPhoneLibrary(phone, { workFolder });
    expect([...library.rows()]).toHaveLength(2);
    expect(library.reading.tries).toBe(2);
  });

  /** A phone whose database is rewritten during the first so many tries. */
  function rewritten(files: [string, Partial<MemoryFile>][], times: number): MemoryPhone {
    let opened = 0;
    let descriptions = 0;
    const phone: MemoryPhone = new MemoryPhone(files, {
      onRequest: ({ what, path }) => {
        // Each try describes the database at its beginning and at its end.
        if (what !== "describe" || path !== files[0]![0] || ++descriptions % 2 === 1) return;
        if (opened++ < times) phone.put(path, { ...files[0]![1], modifiedAt: new Date(opened) });
      },
    });
    return phone;
  }

  it("a database that is rewritten three times is copied whole, without a word to the person", async () => {
    const files = libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }]);
    const library = await readPhoneLibrary(rewritten(files, 3), { workFolder });
    expect([...library.rows()]).toHaveLength(1);
    expect(library.reading).toMatchObject({ way: "whole", tries: 4 });
  });

  it("a database that is rewritten again and again is refused, and nobody is told to open Photos", async () => {
    const files = libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }]);
    const reading = readPhoneLibrary(rewritten(files, 9), { workFolder });
    await expect(reading).rejects.toMatchObject({
      code: "PHONE_LIBRARY_UNREADABLE",
      why: expect.stringContaining("4 times"),
      remedy: doesNotSay(/open photos/i),
    });
  });

  it("a database whose pages SQLite cannot do with is copied whole", async () => {
    // SQLite asks the index of such a table, which is not copied, even where it is told not to.
    const files = databaseFiles((database) => {
      database.exec(`${IOS_18}
        CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR);
        CREATE TABLE Z_1ASSETS (Z_1ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK INTEGER,
          PRIMARY KEY (Z_1ALBUMS, Z_3ASSETS)) WITHOUT ROWID;
        CREATE INDEX OTHER ON Z_1ASSETS (Z_3ASSETS, Z_1ALBUMS)`);
      const asset = insertAsset(database, "ZASSET", { path: "DCIM/100APPLE/IMG_0001.HEIC" });
      database.exec("INSERT INTO ZGENERICALBUM VALUES (7, 2, 'Sea')");
      database.exec(`INSERT INTO Z_1ASSETS VALUES (7, ${asset}, 0)`);
    });
    const library = await read(files);
    expect([...library.rows()].map(({ albums }) => albums)).toEqual([["Sea"]]);
    expect(library.reading).toMatchObject({ way: "whole", tries: 2 });
  });

  it("pulling the cable is not taken for a damaged library", async () => {
    const gone = new RollcallError("PHONE_GONE", { message: "gone", remedy: "Plug it in." });
    const error = await refusal(libraryOf([]), {
      onRequest: ({ what }) => {
        if (what === "chunk") throw gone;
      },
    });
    expect(error).toBe(gone);
  });

  it("a phone that refuses the file says why", async () => {
    const phone = new MemoryPhone();
    phone.refuseToDescribe("/PhotoData/Photos.sqlite", {
      code: "FILE_NOT_PERMITTED",
      message: "Permission denied.",
      remedy: "",
    });
    await expect(readPhoneLibrary(phone, { workFolder })).rejects.toMatchObject({
      code: "PHONE_LIBRARY_UNREADABLE",
      why: "Permission denied.",
    });
  });

  it("it can be stopped", async () => {
    const stop = new AbortController();
    const phone = new MemoryPhone(libraryOf([]), {
      onRequest: ({ what }) => {
        if (what === "chunk") stop.abort();
      },
    });
    await expect(readPhoneLibrary(phone, { workFolder, signal: stop.signal })).rejects.toMatchObject({
      code: "STOPPED",
    });
  });
});

describe("what cannot be read is refused, with a remedy that names the way round", () => {
  const sound = () => libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }])[0]![1].bytes!;
  const cut = () => sound().slice(0, 6000);
  const rotten = () => {
    const bytes = Uint8Array.from(sound());
    bytes.fill(0xa5, 4096);
    return bytes;
  };
  const without = (column: string) =>
    databaseFiles((database) => database.exec(IOS_18.replace(new RegExp(`${column} \\w+,`), "")))[0]![1]
      .bytes!;
  const foreign = () => databaseFiles((database) => database.exec("CREATE TABLE T (X)"))[0]![1].bytes!;

  it.each([
    ["no database at all", null],
    ["an empty one", () => new Uint8Array(0)],
    ["something that is not SQLite", () => new TextEncoder().encode("Photos, honestly. ".repeat(1000))],
    ["one that is cut off", cut],
    ["one with rotten pages", rotten],
    ["another program's database", foreign],
    ["one that does not say what is in the trash", () => without("ZTRASHEDSTATE")],
    ["one that does not say what is hidden", () => without("ZHIDDEN")],
  ])("%s", async (_title, bytes) => {
    const error = await refusal(bytes === null ? [] : [["/PhotoData/Photos.sqlite", { bytes: bytes() }]]);
    expect(error.code).toBe("PHONE_LIBRARY_UNREADABLE");
    expect(error.why).toBeTruthy();
    expect(inCommandWords(error.remedy ?? "")).toContain("--without-phone-library");
    expect(inCommandWords(error.remedy ?? "")).not.toMatch(/open photos/i);
  });

  it("a schema that is not known is told as that, with what can be done until it is", async () => {
    const error = await refusal([["/PhotoData/Photos.sqlite", { bytes: foreign() }]]);
    expect(error.message).toContain("does not know");
    expect(inCommandWords(error.remedy ?? "")).toMatch(/Update Rollcall.*rollcall copy/);
  });
});

const REAL_LIBRARIES = [
  "photos5-macos10.15.1",
  "shared-macos10.15.1",
  "adjusted-trashed-macos14.4.1",
  "media-types-macos15.7.2",
  "current-macos26.1",
];

describe(`databases of real phones and Macs${needsSharedData}`, () => {
  it.skipIf(!hasSharedData).each(["ios9.3.5", "ios11.2"])(
    "the tables of %s are understood",
    async (version) => {
      const schema = readFileSync(
        join(sharedData, "iphone", "photos-sqlite-schema", `${version}.sql`),
        "utf8",
      );
      const files = databaseFiles((database) => {
        // The tables inside an R-tree come with it.
        database.exec(schema.replace(/CREATE TABLE IF NOT EXISTS "Z_RT_[^;]*;/g, ""));
        withoutTriggers(database, () => {
          insertAsset(database, "ZGENERICASSET", {
            path: "DCIM/100APPLE/IMG_0001.JPG",
            asset: { TRASHEDSTATE: 1, CLOUDLOCALSTATE: 1, DATECREATED: 60 },
            extra: { ORIGINALFILENAME: "IMG_7777.JPG", ORIGINALFILESIZE: 5 },
          });
        });
      });
      const library = await read(files);
      expect([...library.rows()]).toMatchObject([
        {
          path: "/DCIM/100APPLE/IMG_0001.JPG",
          trashed: true,
          originalFileName: "IMG_7777.JPG",
          takenAtMs: Date.parse("2001-01-01T00:01:00Z"),
          syncedWithICloud: true,
          bytesHere: "unsaid",
        },
      ]);
    },
  );

  // A Mac's library is the same model; only its folders are called otherwise.
  it.skipIf(!hasSharedData).each([
    [
      "photos5-macos10.15.1",
      13537,
      { shownCount: 6, hiddenCount: 1, trashedCount: 0, syncedWithICloud: false },
    ],
    [
      "shared-macos10.15.1",
      13537,
      { shownCount: 1, hiddenCount: 0, trashedCount: 0, syncedWithICloud: true },
    ],
    [
      "adjusted-trashed-macos14.4.1",
      17401,
      { shownCount: 1, hiddenCount: 0, trashedCount: 2, syncedWithICloud: false },
    ],
    [
      "media-types-macos15.7.2",
      18600,
      { shownCount: 16, hiddenCount: 0, trashedCount: 0, syncedWithICloud: false },
    ],
    [
      "current-macos26.1",
      19320,
      { shownCount: 13, hiddenCount: 1, trashedCount: 2, syncedWithICloud: false },
    ],
  ])("%s is of model %i and counts as its facts say", async (name, modelVersion, counts) => {
    const library = await read(macLibraryOnPhone(join(sharedData, "photoslibrary", `${name}.photoslibrary`)));
    expect(library.summary).toMatchObject({ modelVersion, ...counts, sharedLibraryCount: 0 });
  });

  it
    .skipIf(!hasSharedData)
    .each(
      REAL_LIBRARIES.flatMap((name) => (["main", "log"] as const).map((where) => [name, where] as const)),
    )("%s reads the same by its pages and as a whole, with its news in the %s", async (name, where) => {
    const files = macLibraryOnPhone(join(sharedData, "photoslibrary", `${name}.photoslibrary`), where);
    const told = async (phone: MemoryPhone) => {
      const { reading, ...library } = await readPhoneLibrary(phone, { workFolder });
      return { way: reading.way, said: [library.summary, [...library.rows()], [...library.partsAway()]] };
    };
    const byPages = await told(new MemoryPhone(files));
    let descriptions = 0;
    const database = files[0]!;
    const busy: MemoryPhone = new MemoryPhone(files, {
      onRequest: ({ what, path }) => {
        const isEndOfTry = what === "describe" && path === database[0] && ++descriptions % 2 === 0;
        if (isEndOfTry && descriptions <= 6)
          busy.put(path, { ...database[1], modifiedAt: new Date(descriptions) });
      },
    });
    const whole = await told(busy);
    expect([byPages.way, whole.way]).toEqual(["pages", "whole"]);
    expect(byPages.said).toEqual(whole.said);
  });

  it.skipIf(!hasSharedData).each(REAL_LIBRARIES)(
    "no question put to %s uses an index of the phone's",
    async (name) => {
      const [file] = macLibraryOnPhone(join(sharedData, "photoslibrary", `${name}.photoslibrary`));
      const path = join(mkdtempSync(join(tmpdir(), "rollcall-test-")), "Photos.sqlite");
      writeFileSync(path, file![1].bytes!);
      const database = new DatabaseSync(path, { readOnly: true });
      const query = assetQuery(database)!;
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all() as { detail: string }[];
      database.close();
      rmSync(dirname(path), { recursive: true });
      const details = plan.map(({ detail }) => detail);
      expect(details.length).toBeGreaterThan(3);
      expect(details.filter((detail) => /USING (COVERING )?INDEX/.test(detail))).toEqual([]);
    },
  );
});
