import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PhoneLibrary, readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import {
  databaseFiles,
  IOS_18,
  insertAsset,
  libraryOf,
  macLibraryOnPhone,
  phoneDatabaseLike,
  withoutTriggers,
} from "./phone-database.js";
import { hasSharedData, needsSharedData, sharedData } from "./shared-data.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

const read = (files: ConstructorParameters<typeof MemoryPhone>[0]) =>
  readPhoneLibrary(new MemoryPhone(files), { workFolder });

const ALBUMS = `
  CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, ZTRASHEDSTATE INTEGER,
    ZPARENTFOLDER INTEGER);
  CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER);
`;

/** Photos IMG_0001 and on, and whatever the test adds. */
function withAlbums(photos: number, fill: (database: DatabaseSyncInstance) => void) {
  return databaseFiles((database) => {
    database.exec(IOS_18 + ALBUMS);
    for (let number = 1; number <= photos; number++)
      insertAsset(database, "ZASSET", { path: `DCIM/100APPLE/IMG_000${number}.HEIC` });
    fill(database);
  });
}

function albumsOf(library: PhoneLibrary): Record<string, readonly string[]> {
  return Object.fromEntries([...library.rows()].map(({ path, albums }) => [path.slice(-8, -5), albums]));
}

describe("albums", () => {
  it("of each photo those that hold it, and of all the titles sorted, empty ones too", async () => {
    const library = await read(
      withAlbums(3, (database) =>
        database.exec(`
          INSERT INTO ZGENERICALBUM VALUES (1, 2, 'Lake', 0, 9), (2, 2, 'Best of', NULL, 9), (3, 2, 'Empty', 0, 9);
          INSERT INTO Z_30ASSETS VALUES (1, 1), (1, 2), (2, 2);`),
      ),
    );
    expect(albumsOf(library)).toEqual({ "001": ["Lake"], "002": ["Lake", "Best of"], "003": [] });
    expect(library.summary.albums).toEqual(["Best of", "Empty", "Lake"]);
  });

  it("deleted ones, folders, import sessions and albums of others are none", async () => {
    const library = await read(
      withAlbums(1, (database) =>
        database.exec(`
          INSERT INTO ZGENERICALBUM VALUES (1, 2, 'Deleted', 1, 9), (2, 4000, 'Folder', 0, 9),
            (3, 1506, 'Session', 0, 9), (4, 1505, 'Shared', 0, 9);
          INSERT INTO Z_30ASSETS VALUES (1, 1), (2, 1), (3, 1), (4, 1);`),
      ),
    );
    expect(albumsOf(library)).toEqual({ "001": [] });
    expect(library.summary.albums).toEqual([]);
  });

  it("of two with one title a photo has the title once", async () => {
    const library = await read(
      withAlbums(1, (database) =>
        database.exec(`
          INSERT INTO ZGENERICALBUM VALUES (1, 2, 'Lake', 0, 9), (2, 2, 'Lake', 0, 9);
          INSERT INTO Z_30ASSETS VALUES (1, 1), (2, 1);`),
      ),
    );
    expect(albumsOf(library)).toEqual({ "001": ["Lake"] });
    expect(library.summary.albums).toEqual(["Lake"]);
  });

  it("folders that hold each other, rows that lead nowhere and titles that are no text harm nothing", async () => {
    const library = await read(
      withAlbums(1, (database) => {
        database.exec(`
          INSERT INTO ZGENERICALBUM VALUES (1, 2, 'Lake', 0, 2), (2, 4000, 'A', 0, 3), (3, 4000, 'B', 0, 2),
            (4, 2, x'00ff', 0, 4), (5, 2, '', 0, 5);
          INSERT INTO Z_30ASSETS VALUES (1, 1), (77, 1), (1, 77), (NULL, NULL), ('one', 'two'), (4, 1), (5, 1),
            (1, 9223372036854775807), (1.5, 1);`);
        database.prepare("INSERT INTO ZGENERICALBUM VALUES (6, 2, ?, 0, 6)").run("long ".repeat(100_000));
      }),
    );
    expect(albumsOf(library)).toEqual({ "001": ["Lake"] });
    expect(library.summary.albums).toEqual(["Lake"]);
  });

  it("a photo that is said to be in fifty thousand albums costs no time, and the first two hundred count", async () => {
    const library = await read(
      withAlbums(1, (database) =>
        database.exec(`
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
            INSERT INTO ZGENERICALBUM SELECT i, 2, 'Album ' || i, 0, 9 FROM n;
          INSERT INTO Z_30ASSETS SELECT Z_PK, 1 FROM ZGENERICALBUM;`),
      ),
    );
    expect(albumsOf(library)["001"]).toHaveLength(200);
    expect(library.summary.albums).toHaveLength(50_000);
  });

  it.each([
    ["the number that the database gives to albums", "(30, 'Album'), (3, 'Asset')", ["Lake"]],
    ["nothing, where it does not say", "(29, 'GenericAlbum')", []],
  ])("of two tables that look alike, it takes %s", async (_title, keys, expected) => {
    const library = await read(
      withAlbums(1, (database) =>
        database.exec(`
          CREATE TABLE Z_31ASSETS (Z_31ALBUMS INTEGER, Z_3ASSETS INTEGER);
          CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR);
          INSERT INTO Z_PRIMARYKEY VALUES ${keys};
          INSERT INTO ZGENERICALBUM VALUES (1, 2, 'Lake', 0, 9), (2, 2, 'Wrong', 0, 9);
          INSERT INTO Z_30ASSETS VALUES (1, 1);
          INSERT INTO Z_31ASSETS VALUES (2, 1);`),
      ),
    );
    expect(albumsOf(library)["001"]).toEqual(expected);
  });

  it("without tables that tell, the rest is read and albums are not known", async () => {
    const library = await read(libraryOf([{ path: "DCIM/100APPLE/IMG_0001.HEIC" }]));
    expect(library.summary.albums).toBeNull();
    expect(albumsOf(library)).toEqual({ "001": [] });
  });
});

const COLUMNS = `
  ALTER TABLE ZASSET ADD ZADJUSTMENTSSTATE INTEGER; ALTER TABLE ZASSET ADD ZAVALANCHEUUID VARCHAR;
  ALTER TABLE ZASSET ADD ZAVALANCHEPICKTYPE INTEGER; ALTER TABLE ZASSET ADD ZBUNDLESCOPE INTEGER;
  ALTER TABLE ZASSET ADD ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE INTEGER;
  ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD ZASSETDESCRIPTION INTEGER;
  CREATE TABLE ZASSETDESCRIPTION (Z_PK INTEGER PRIMARY KEY, ZLONGDESCRIPTION VARCHAR);
`;

async function oneRow(asset: Record<string, unknown>, caption?: unknown) {
  const library = await read(
    databaseFiles((database) => {
      database.exec(IOS_18 + COLUMNS);
      if (caption !== undefined)
        database.prepare("INSERT INTO ZASSETDESCRIPTION VALUES (5, ?)").run(caption as string);
      insertAsset(database, "ZASSET", {
        path: "DCIM/100APPLE/IMG_0001.HEIC",
        asset,
        extra: { ASSETDESCRIPTION: 5 },
      });
    }),
  );
  return { library, row: [...library.rows()][0] };
}

describe("what else is said of one photo", () => {
  it.each([
    ["a caption", "At the lake", "At the lake"],
    ["a caption of a megabyte is cut", "x".repeat(1_000_000), "x".repeat(1024)],
    ["an empty caption is none", "", null],
    ["a caption that is no text is none", new Uint8Array([1, 2]), null],
  ])("%s", async (_title, caption, expected) => {
    expect((await oneRow({}, caption)).row?.caption).toBe(expected);
  });

  it.each([
    ["a person's choice", 8, true],
    ["the phone's pick that stands for the burst", 20, true],
    ["not picked", 2, false],
    ["not said", undefined, false],
  ])("the frame of a burst: %s", async (_title, pickType, isPicked) => {
    const asset = { AVALANCHEUUID: "B-1", ...(pickType !== undefined && { AVALANCHEPICKTYPE: pickType }) };
    expect((await oneRow(asset)).row?.burst).toEqual({ id: "B-1", isPicked });
  });

  it("edited, whatever kind of edit", async () => {
    expect((await oneRow({ ADJUSTMENTSSTATE: 3 })).row?.edited).toBe(true);
    expect((await oneRow({ ADJUSTMENTSSTATE: 0 })).row?.edited).toBe(false);
  });

  it("in the Shared Library, it is still this library's, and counted", async () => {
    const { row, library } = await oneRow({ ACTIVELIBRARYSCOPEPARTICIPATIONSTATE: 1 });
    expect(row?.inSharedLibrary).toBe(true);
    expect(library.summary).toMatchObject({ shownCount: 1, sharedLibraryCount: 1 });
  });

  it.each([1, 2, 3])("of scope %i it is other people's and none of this library", async (scope) => {
    expect((await oneRow({ BUNDLESCOPE: scope })).row).toBeUndefined();
  });
});

describe(`databases with the tables of real phones and Macs${needsSharedData}`, () => {
  it.skipIf(!hasSharedData).each([
    ["ios9.3.5", 15],
    ["ios11.2", 20],
  ])("the albums of %s are found in its table %i", async (version, album) => {
    const sql = readFileSync(join(sharedData, "iphone", "photos-sqlite-schema", `${version}.sql`), "utf8");
    const [, asset] = new RegExp(`Z_${album}ALBUMS INTEGER,\\s+Z_(\\d+)ASSETS INTEGER`).exec(sql)!;
    const library = await read(
      databaseFiles((database) => {
        database.exec(sql.replace(/CREATE TABLE IF NOT EXISTS "Z_RT_[^;]*;/g, ""));
        withoutTriggers(database, () => {
          const key = insertAsset(database, "ZGENERICASSET", {
            path: "DCIM/100APPLE/IMG_0001.JPG",
            asset: { HASADJUSTMENTS: 1, AVALANCHEUUID: "B-1", AVALANCHEPICKTYPE: 8 },
          });
          database.exec(`
            INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE) VALUES (1, 2, 'Lake');
            INSERT INTO Z_${album}ASSETS (Z_${album}ALBUMS, Z_${asset}ASSETS) VALUES (1, ${key});`);
        });
      }),
    );
    expect([...library.rows()]).toMatchObject([
      { albums: ["Lake"], edited: true, burst: { id: "B-1", isPicked: true } },
    ]);
  });

  it.skipIf(!hasSharedData).each([
    ["photos5-macos10.15.1", "HASADJUSTMENTS"],
    ["adjusted-trashed-macos14.4.1", "HASADJUSTMENTS"],
    ["media-types-macos15.7.2", "ADJUSTMENTSSTATE"],
    ["current-macos26.1", "ADJUSTMENTSSTATE"],
  ])("a phone's photos in the tables of %s say all that they can", async (name, edited) => {
    const library = await read(
      phoneDatabaseLike(join(sharedData, "photoslibrary", `${name}.photoslibrary`), (database, tables) => {
        database.exec(`
          INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZTRASHEDSTATE) VALUES (1, 2, 'Lake', 0);
          INSERT INTO ZASSETDESCRIPTION (Z_PK, ZLONGDESCRIPTION) VALUES (1, 'At the lake');`);
        const key = insertAsset(database, tables.asset, {
          path: "PhotoData/CPLAssets/group12/EB1E6E42-2455-4EDC-9259-D00E097B5E82.HEIC",
          asset: { FAVORITE: 1, SAVEDASSETTYPE: 6, AVALANCHEUUID: "B-1", AVALANCHEPICKTYPE: 2, [edited]: 1 },
          extra: { ORIGINALFILENAME: "IMG_4711.HEIC", ORIGINALFILESIZE: 7, ASSETDESCRIPTION: 1 },
          resource: { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1 },
        });
        database.exec(
          `INSERT INTO ${tables.join} (${tables.joinAlbum}, ${tables.joinAsset}) VALUES (1, ${key})`,
        );
      }),
    );
    expect([...library.rows()]).toMatchObject([
      {
        path: "/PhotoData/CPLAssets/group12/EB1E6E42-2455-4EDC-9259-D00E097B5E82.HEIC",
        originalFileName: "IMG_4711.HEIC",
        originalSizeBytes: 7,
        favorite: true,
        edited: true,
        caption: "At the lake",
        burst: { id: "B-1", isPicked: false },
        albums: ["Lake"],
        bytesHere: "no",
      },
    ]);
    expect(library.summary.albums).toEqual(["Lake"]);
  });

  it.skipIf(!hasSharedData)("a real library's burst of four has two frames that were picked", async () => {
    const real = join(sharedData, "photoslibrary", "media-types-macos15.7.2.photoslibrary");
    const library = await read(macLibraryOnPhone(real));
    const frames = [...library.rows()].filter(({ burst }) => burst !== null);
    expect(frames.map(({ burst, shown }) => [burst?.isPicked, shown]).sort()).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [true, true],
    ]);
    expect(library.summary.albums).toEqual(["BurstAlbum", "BurstPhotoSelection"]);
  });

  it.skipIf(!hasSharedData).each([
    ["photos5-macos10.15.1", ["Multi Keyword", "Pumpkin Farm", "Test Album"], 4],
    ["current-macos26.1", ["AlbumInFolder", "Pumpkin Farm", "Raw", "Test Album"], 4],
  ])("%s has its captions and albums, as its owner made them", async (name, albums, captions) => {
    const library = await read(macLibraryOnPhone(join(sharedData, "photoslibrary", `${name}.photoslibrary`)));
    const rows = [...library.rows()];
    expect(library.summary.albums).toEqual(expect.arrayContaining(albums));
    expect(rows.filter(({ caption }) => caption !== null).length).toBeGreaterThanOrEqual(captions);
    expect(rows.some((row) => row.albums.includes("Pumpkin Farm"))).toBe(true);
  });
});
