import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CarriedFacts, PhoneAlbum, SidebarEntry } from "../../src/catalogue/carried-facts.js";
import { carriedColumns } from "../../src/catalogue/carried-facts-columns.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { assetQuery } from "../../src/catalogue/phone-library-query.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { macLibraryOnPhone } from "./phone-database.js";
import { hasSharedData, needsSharedData, sharedData } from "./shared-data.js";
import { outline } from "./sidebar-outline.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

/** Numbers of the tables that join, as they are written in each; the product has to find them. */
const LIBRARIES = [
  ["photos5-macos10.15.1", { asset: "ZGENERICASSET", album: 26, member: 34, keyword: 37 }],
  ["shared-macos10.15.1", { asset: "ZGENERICASSET", album: 26, member: 34, keyword: 37 }],
  ["adjusted-trashed-macos14.4.1", { asset: "ZASSET", album: 28, member: 3, keyword: 40 }],
  ["media-types-macos15.7.2", { asset: "ZASSET", album: 30, member: 3, keyword: 47 }],
  ["current-macos26.1", { asset: "ZASSET", album: 33, member: 3, keyword: 52 }],
] as const;
type Numbers = (typeof LIBRARIES)[number][1];

const onPhone = (name: string) =>
  macLibraryOnPhone(join(sharedData, "photoslibrary", `${name}.photoslibrary`));

async function read(name: string): Promise<CarriedFacts> {
  const library = await readPhoneLibrary(new MemoryPhone(onPhone(name)), {
    workFolder,
    withCarriedFacts: true,
  });
  return library.carried!;
}

/** Asks the same database directly. */
function rowsOf<Row>(name: string, ask: (database: DatabaseSyncInstance) => Row): Row {
  const path = join(workFolder, "Photos.sqlite");
  writeFileSync(path, onPhone(name)[0]![1].bytes!);
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return ask(database);
  } finally {
    database.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  }
}

function albumsIn(entries: readonly SidebarEntry[]): PhoneAlbum[] {
  return entries.flatMap((entry) => (entry.kind === "album" ? [entry] : albumsIn(entry.entries)));
}

const values = (database: DatabaseSyncInstance, sql: string, ...given: (string | number)[]): unknown[][] => {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement.all(...given) as unknown as unknown[][];
};

function outlineBelow(database: DatabaseSyncInstance, parent: number): string {
  const rows = values(
    database,
    `SELECT Z_PK, ZKIND, ZTITLE FROM ZGENERICALBUM WHERE ZPARENTFOLDER = ? AND ZKIND IN (2, 4000) AND ZTRASHEDSTATE = 0
      ORDER BY Z_FOK_PARENTFOLDER`,
    parent,
  ) as [number, number, string][];
  return rows
    .map(([key, kind, title]) => (kind === 4000 ? `${title}[${outlineBelow(database, key)}]` : title))
    .join(" ");
}

describe(`real libraries${needsSharedData}`, () => {
  it.skipIf(!hasSharedData).each(LIBRARIES)("%s: the sidebar is that of its rows", async (name) => {
    const expected = rowsOf(name, (database) => {
      const [[root]] = values(database, "SELECT Z_PK FROM ZGENERICALBUM WHERE ZKIND = 3999") as [[number]];
      return outlineBelow(database, root);
    });
    expect(outline((await read(name)).sidebar)).toBe(expected);
  });

  it.skipIf(!hasSharedData).each(LIBRARIES)(
    "%s: each album has the UUID and the photos of its rows",
    async (name, numbers: Numbers) => {
      const { asset, album, member } = numbers;
      const expected = rowsOf(name, (database) =>
        values(
          database,
          `SELECT ZUUID, (SELECT coalesce(group_concat(ZFILENAME, ' ' ORDER BY Z_FOK_${member}ASSETS), '')
              FROM Z_${album}ASSETS JOIN ${asset} AS a ON a.Z_PK = Z_${member}ASSETS
              WHERE Z_${album}ALBUMS = g.Z_PK AND a.ZTRASHEDSTATE = 0 AND a.ZHIDDEN = 0 AND a.ZVISIBILITYSTATE = 0)
            FROM ZGENERICALBUM AS g WHERE ZKIND = 2 AND ZTRASHEDSTATE = 0 ORDER BY ZUUID`,
        ),
      );
      const albums = albumsIn((await read(name)).sidebar!);
      const found = albums.map(({ uuid, members }) => [
        uuid,
        members.map((path) => path.slice("/DCIM/100APPLE/".length)).join(" "),
      ]);
      expect(found.sort()).toEqual(expected);
    },
  );

  it.skipIf(!hasSharedData).each(LIBRARIES)(
    "%s: captions, titles, keywords and zones are those of its rows",
    async (name, { asset, keyword }: Numbers) => {
      const expected = rowsOf(name, (database) =>
        values(
          database,
          `SELECT ZFILENAME, nullif(ZLONGDESCRIPTION, ''), nullif(x.ZTITLE, ''), ZTIMEZONENAME, ZTIMEZONEOFFSET,
              coalesce((SELECT group_concat(k.ZTITLE, '|' ORDER BY k.ZTITLE) FROM Z_1KEYWORDS
                JOIN ZKEYWORD AS k ON k.Z_PK = Z_${keyword}KEYWORDS WHERE Z_1ASSETATTRIBUTES = x.Z_PK), '')
            FROM ${asset} AS a LEFT JOIN ZADDITIONALASSETATTRIBUTES AS x ON x.ZASSET = a.Z_PK
              LEFT JOIN ZASSETDESCRIPTION AS d ON d.Z_PK = x.ZASSETDESCRIPTION
            WHERE ZSAVEDASSETTYPE <> 4 ORDER BY a.Z_PK`,
        ),
      );
      const carried = await read(name);
      const found = expected.map(([file]) => {
        const facts = carried.of(`/DCIM/100APPLE/${file}`)!;
        const { timeZone } = facts;
        const zone = [timeZone?.name ?? null, timeZone?.offsetSeconds ?? null];
        return [file, facts.caption, facts.title, ...zone, [...facts.keywords].sort().join("|")];
      });
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(expected);
    },
  );

  it.skipIf(!hasSharedData)("macOS 26.1: the sidebar, album by album, as its owner sees it", async () => {
    const { sidebar } = await read("current-macos26.1");
    const files = new Map(
      rowsOf("current-macos26.1", (database) =>
        values(
          database,
          `SELECT '/DCIM/100APPLE/' || ZFILENAME, ZORIGINALFILENAME FROM ZASSET AS a
            JOIN ZADDITIONALASSETATTRIBUTES AS x ON x.ZASSET = a.Z_PK`,
        ),
      ) as [string, string][],
    );
    const told = (entries: readonly SidebarEntry[]): unknown[] =>
      entries.map((entry) =>
        entry.kind === "folder"
          ? { [entry.title!]: told(entry.entries) }
          : [entry.title, ...entry.members.map((path) => files.get(path))],
      );
    expect(told(sidebar!)).toEqual([
      ["2019-10/11 Paris Clermont", "IMG_4547.jpg"],
      ["2018-10 - Sponsion, Museum, Frühstück, Römermuseum", "IMG_4547.jpg"],
      ["I have a deleted twin", "wedding.jpg"],
      ["EmptyAlbum"],
      ["Test Album", "Pumkins1.jpg"],
      ["Test Album", "Pumkins2.jpg"],
      { Folder1: [{ SubFolder1: [] }, { SubFolder2: [["AlbumInFolder", "IMG_4547.jpg", "wedding.jpg"]] }] },
      { Folder2: [["Raw", "DSC03584.dng", "IMG_1994.JPG", "IMG_1997.JPG", "IMG_2000.JPG"]] },
      { "Pumpkin Farm": [] },
      ["Pumpkin Farm", "Pumpkins3.jpg", "Pumkins1.jpg", "Pumkins2.jpg"],
    ]);
    const farm = sidebar!.at(-1) as PhoneAlbum;
    expect([farm.sort, farm.isAscending, files.get(farm.cover!)]).toEqual(["by-hand", true, "Pumkins2.jpg"]);
    expect(albumsIn(sidebar!).filter(({ cover }) => cover !== null)).toHaveLength(1);
  });

  const changes = async (name: string, asset: string) => {
    const carried = await read(name);
    const files = rowsOf(name, (database) =>
      values(
        database,
        `SELECT '/DCIM/100APPLE/' || ZFILENAME, ZORIGINALFILENAME FROM ${asset} AS a
          JOIN ZADDITIONALASSETATTRIBUTES AS x ON x.ZASSET = a.Z_PK WHERE ZSAVEDASSETTYPE <> 4 ORDER BY a.Z_PK`,
      ),
    ) as [string, string][];
    return files.map(([path, file]) => ({ file, ...carried.of(path)! }));
  };

  it.skipIf(!hasSharedData)(
    "macOS 26.1: dates that differ by hours are zones, and none is a change",
    async () => {
      const photos = await changes("current-macos26.1", "ZASSET");
      const of = (date: string) => photos.filter((photo) => photo.date === date).map(({ file }) => file);
      expect(of("other-zone")).toEqual([
        "St James Park.jpg",
        "DSC03584.dng",
        "IMG_1994.JPG",
        "IMG_1997.JPG",
        "wedding_edited.jpg",
      ]);
      expect(of("changed")).toEqual([]);
      // One of which the phone read no date, and the TIFF of the year 3,914,000.
      expect(of("unsaid")).toEqual(["Pumpkins4.jpg", "IMG_1693.tif"]);
      expect(photos.filter(({ place }) => place.state === "changed")).toEqual([]);
    },
  );

  it.skipIf(!hasSharedData)("macOS 15.7.2: one place was changed by hand, and no date", async () => {
    const photos = await changes("media-types-macos15.7.2", "ZASSET");
    expect(photos.filter(({ date }) => date !== "as-in-file")).toEqual([]);
    const moved = photos.filter(({ place }) => place.state !== "as-in-file");
    expect(moved.map(({ file, place }) => [file, place])).toEqual([
      ["IMG_4580.HEIC", { state: "changed", latitude: 41, longitude: -86 }],
    ]);
  });

  it.skipIf(!hasSharedData)("macOS 10.15.1: the shared album is told, and not carried", async () => {
    const { notCarried, sidebar } = await read("shared-macos10.15.1");
    expect(notCarried).toEqual([{ title: "osxphotos", why: "shared" }]);
    expect(outline(sidebar)).toBe("Photo Shoot");
  });

  it.skipIf(!hasSharedData).each(LIBRARIES)("%s: it is read by its pages, without an index", async (name) => {
    const phone = new MemoryPhone(onPhone(name));
    const { reading } = await readPhoneLibrary(phone, { workFolder, withCarriedFacts: true });
    expect(reading).toMatchObject({ way: "pages", tries: 1 });
    const plan = rowsOf(name, (database) =>
      values(database, `EXPLAIN QUERY PLAN ${assetQuery(database, carriedColumns(database))}`),
    );
    const details = plan.map((row) => String(row.at(-1)));
    expect(details.length).toBeGreaterThan(3);
    expect(details.filter((detail) => /USING (COVERING )?INDEX/.test(detail))).toEqual([]);
  });
});
