import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";
import { outline } from "./sidebar-outline.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const createdAt = new Date("2026-05-01T10:00:00Z");
const row = (name: string, more: Partial<PhoneDatabaseRow> = {}): PhoneDatabaseRow => ({
  directory: "DCIM/100APPLE",
  filename: `${name}.HEIC`,
  kind: "photo",
  createdAt,
  ...more,
});
const inFolder = (name: string) => `DCIM/100APPLE/${name}.HEIC`;

const databasePath = () => join(folder, "PhotoData", "Photos.sqlite");

async function read(withCarriedFacts: boolean) {
  const phone = new MemoryPhone([["/PhotoData/Photos.sqlite", { bytes: readFileSync(databasePath()) }]]);
  return await readPhoneLibrary(phone, { workFolder: folder, withCarriedFacts });
}

describe("what the virtual iPhone's database says is what is read", () => {
  it("albums and folders, in order, with what is in them", async () => {
    await writePhoneDatabase(
      folder,
      [row("1", { albums: ["Lake"] }), row("2"), row("3", { albums: ["Lake"] })],
      {
        sidebar: [
          {
            folder: "Trips",
            entries: [
              {
                album: "Rome",
                photos: [inFolder("3"), inFolder("1"), inFolder("2")],
                sort: "by-hand",
                cover: inFolder("2"),
              },
              { folder: "Old", entries: [{ album: "Lake" }] },
            ],
          },
          { folder: "Gone", isDeleted: true, entries: [{ album: "Inside" }] },
          { album: "Deleted", isDeleted: true, photos: [inFolder("1")] },
          { album: "Family", what: "shared", photos: [inFolder("1")] },
          { album: "Best", what: "smart" },
          { album: null, uuid: "U-1" },
        ],
      },
    );
    const carried = (await read(true)).carried!;
    expect(outline(carried.sidebar)).toBe("Lake Trips[Rome Old[Lake]] null");
    expect(carried.sidebar).toMatchObject([
      { members: ["/DCIM/100APPLE/1.HEIC", "/DCIM/100APPLE/3.HEIC"], sort: "by-date" },
      {
        entries: [
          {
            members: ["/DCIM/100APPLE/3.HEIC", "/DCIM/100APPLE/1.HEIC", "/DCIM/100APPLE/2.HEIC"],
            sort: "by-hand",
            cover: "/DCIM/100APPLE/2.HEIC",
          },
          { title: "Old" },
        ],
      },
      { uuid: "U-1" },
    ]);
    expect(carried.notCarried).toEqual([
      { title: "Family", why: "shared" },
      { title: "Best", why: "smart" },
    ]);
  });

  it("three thousand photos of an album are in the order that was made by hand", async () => {
    const names = Array.from({ length: 3_000 }, (_, at) => String(at + 1));
    const photos = [...names].reverse().map(inFolder);
    await writePhoneDatabase(
      folder,
      names.map((name) => row(name)),
      { sidebar: [{ album: "All", photos }] },
    );
    const { carried } = await read(true);
    expect(carried?.sidebar).toMatchObject([{ members: photos.map((path) => `/${path}`) }]);
  });

  it("titles, captions, keywords and zones; and dates and places that were changed", async () => {
    const rome = { name: "Europe/Rome", offsetSeconds: 7200 };
    const place = { latitude: 41.9, longitude: 12.5 };
    const hourEarlier = new Date(createdAt.getTime() - 3_600_000);
    await writePhoneDatabase(folder, [
      row("1", { title: "Forum", caption: "At noon", keywords: ["Rome", "Trip"], timeZone: rome, place }),
      row("2", { keywords: ["Trip"], timeZone: rome, inFile: { createdAt: hourEarlier } }),
      row("3", { inFile: { createdAt: hourEarlier, timeZone: { name: "GMT+0200", offsetSeconds: 7200 } } }),
      row("4", { place, inFile: { createdAt: null, place: null } }),
      row("5", { inFile: { place } }),
    ]);
    const { carried } = await read(true);
    const facts = ["1", "2", "3", "4", "5"].map((name) => carried?.of(`/DCIM/100APPLE/${name}.HEIC`));
    const nothing = { caption: null, title: null, keywords: [], timeZone: null };
    const asInFile = { state: "as-in-file" };
    expect(facts).toEqual([
      {
        caption: "At noon",
        title: "Forum",
        keywords: ["Rome", "Trip"],
        timeZone: rome,
        date: "as-in-file",
        place: asInFile,
      },
      { ...nothing, keywords: ["Trip"], timeZone: rome, date: "other-zone", place: asInFile },
      { ...nothing, date: "changed", place: asInFile },
      { ...nothing, date: "unsaid", place: { state: "changed", ...place } },
      { ...nothing, date: "as-in-file", place: { state: "removed" } },
    ]);
  });

  it("an album holds a photo once, and only one that has a row", async () => {
    const album = (...names: string[]) => [{ album: "Lake", photos: names.map(inFolder) }];
    const write = (...names: string[]) =>
      writePhoneDatabase(folder, [row("1")], { sidebar: album(...names) });
    await expect(write("1", "1")).rejects.toThrow(/UNIQUE/);
    await expect(write("2")).rejects.toThrow("There is no row for DCIM/100APPLE/2.HEIC.");
  });
});

/** Pages of a table, as SQLite counts them; without those of its indexes. */
function bytesOf(tables: readonly string[]): number {
  const database = new DatabaseSync(databasePath(), { readOnly: true });
  try {
    const sum = database.prepare("SELECT coalesce(sum(pgsize), 0) AS bytes FROM dbstat WHERE name = ?");
    return tables.reduce((bytes, table) => bytes + Number(sum.get(table)?.bytes), 0);
  } finally {
    database.close();
    for (const suffix of ["-wal", "-shm"]) rmSync(databasePath() + suffix, { force: true });
  }
}

const ALWAYS = [
  "ZASSET",
  "ZADDITIONALASSETATTRIBUTES",
  "ZASSETDESCRIPTION",
  "ZINTERNALRESOURCE",
  "ZGENERICALBUM",
];
const MORE = ["ZEXTENDEDATTRIBUTES", "ZKEYWORD", "Z_1KEYWORDS"];

describe("what is read off the phone", () => {
  it("the tables of carried facts are read only where they are asked for, and cost their own pages", async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) =>
      row(String(at), {
        keywords: [`Keyword ${at % 40}`],
        caption: "At the lake",
        albums: [`Album ${at % 9}`],
      }),
    );
    await writePhoneDatabase(folder, rows, { analysisBytesPerItem: 20_000 });
    const [without, with_] = [(await read(false)).reading, (await read(true)).reading];
    const more = bytesOf(MORE);
    expect(with_.readBytes - without.readBytes).toBe(more);
    expect(more).toBeLessThan(3_000 * 150);
    // Besides, the schema, the numbers of the tables, and the header.
    const always = bytesOf([...ALWAYS, "Z_30ASSETS"]);
    expect(without.readBytes - always).toBeLessThan(60_000);
    expect([without.way, with_.way]).toEqual(["pages", "pages"]);
  });

  it("a rewritten database that is copied whole says the same", async () => {
    await writePhoneDatabase(folder, [row("1", { title: "Forum" })], {
      sidebar: [{ folder: "Trips", entries: [{ album: "Rome", photos: [inFolder("1")] }] }],
    });
    const bytes = readFileSync(databasePath());
    let descriptions = 0;
    const busy: MemoryPhone = new MemoryPhone([["/PhotoData/Photos.sqlite", { bytes }]], {
      onRequest: ({ what, path }) => {
        const isEndOfTry = what === "describe" && path.endsWith(".sqlite") && ++descriptions % 2 === 0;
        if (isEndOfTry && descriptions <= 6) busy.put(path, { bytes, modifiedAt: new Date(descriptions) });
      },
    });
    const library = await readPhoneLibrary(busy, { workFolder: folder, withCarriedFacts: true });
    expect(library.reading.way).toBe("whole");
    expect(outline(library.carried!.sidebar)).toBe("Trips[Rome]");
    expect(library.carried!.of("/DCIM/100APPLE/1.HEIC")?.title).toBe("Forum");
  });
});
