import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CarriedFacts } from "../../src/catalogue/carried-facts.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { databaseFiles, IOS_18, insertAsset, libraryOf } from "./phone-database.js";
import { outline } from "./sidebar-outline.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

async function read(files: ConstructorParameters<typeof MemoryPhone>[0]): Promise<CarriedFacts> {
  const library = await readPhoneLibrary(new MemoryPhone(files), { workFolder, withCarriedFacts: true });
  return library.carried!;
}

const ALBUMS = `
  CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, ZPARENTFOLDER INTEGER,
    Z_FOK_PARENTFOLDER INTEGER, ZTRASHEDSTATE INTEGER, ZUUID VARCHAR, ZCUSTOMSORTKEY INTEGER,
    ZCUSTOMSORTASCENDING INTEGER, ZCUSTOMKEYASSET INTEGER);
  CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);
  INSERT INTO ZGENERICALBUM (Z_PK, ZKIND) VALUES (99, 3999);
`;

/** Photos 1 to 5: the fourth hidden, the fifth in Recently Deleted; and what the test adds. */
async function sidebarOf(fill: string | ((database: DatabaseSyncInstance) => void)): Promise<CarriedFacts> {
  return await read(
    databaseFiles((database) => {
      database.exec(IOS_18 + ALBUMS);
      for (const number of [1, 2, 3, 4, 5])
        insertAsset(database, "ZASSET", {
          path: `DCIM/100APPLE/${number}.HEIC`,
          asset: { HIDDEN: number === 4 ? 1 : 0, TRASHEDSTATE: number === 5 ? 1 : 0 },
        });
      if (typeof fill === "string") database.exec(fill);
      else fill(database);
    }),
  );
}

const entries = (rows: string) =>
  `INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZPARENTFOLDER, Z_FOK_PARENTFOLDER, ZTRASHEDSTATE) VALUES ${rows};`;
const chain = (length: number) =>
  entries(
    Array.from({ length }, (_, at) => `(${at + 1}, 4000, 'F${at + 1}', ${at === 0 ? 99 : at}, 1, 0)`).join(),
  );
const nested = (from: number, to: number): string => (from > to ? "" : `F${from}[${nested(from + 1, to)}]`);

describe("the sidebar is that of the phone", () => {
  it.each([
    [
      "albums and folders in one sequence, by their place and not by their age",
      entries("(1, 2, 'A', 99, 30, 0), (2, 4000, 'B', 99, 20, 0), (3, 2, 'C', 99, 10, 0)"),
      "C B[] A",
    ],
    [
      "folders in folders, each with its own sequence",
      entries(
        "(1, 4000, 'A', 99, 1, 0), (2, 4000, 'B', 1, 2, 0), (3, 2, 'C', 1, 1, 0), (4, 2, 'D', 2, 5, 0), (5, 2, 'E', 99, 2, 0)",
      ),
      "A[C B[D]] E",
    ],
    ["two of one name are two", entries("(1, 2, 'A', 99, 1, 0), (2, 2, 'A', 99, 2, 0)"), "A A"],
    [
      "an album and a folder of one name",
      entries("(1, 4000, 'A', 99, 1, 0), (2, 2, 'A', 99, 2, 0)"),
      "A[] A",
    ],
    ["deleted ones are left out", entries("(1, 2, 'A', 99, 1, 1), (2, 2, 'A', 99, 2, 0)"), "A"],
    [
      "what lies in a deleted folder is left out",
      entries(
        "(1, 4000, 'A', 99, 1, 1), (2, 4000, 'B', 1, 1, 0), (3, 2, 'C', 2, 1, 0), (4, 2, 'D', 99, 2, 0)",
      ),
      "D",
    ],
    [
      "shared and smart albums, projects, import sessions and the phone's own are left out",
      entries(
        "(1, 1505, 'A', 99, 1, 0), (2, 1506, 'B', 99, 2, 0), (3, 1507, 'C', 99, 3, 0), (4, 1508, 'D', 99, 4, 0), (5, 1612, 'E', 99, 5, 0), (6, 1552, 'F', 99, 6, 0)",
      ),
      "",
    ],
    [
      "what has no place stands behind the others, the oldest first",
      entries("(1, 2, 'A', 99, NULL, 0), (2, 2, 'B', 99, NULL, 0), (3, 2, 'C', 99, 7, 0)"),
      "C A B",
    ],
    [
      "a place that is no number is none",
      entries("(1, 2, 'A', 99, 'first', 0), (2, 2, 'B', 99, x'00', 0), (3, 2, 'C', 99, -4, 0)"),
      "C A B",
    ],
    [
      "of one place, the oldest first",
      entries("(2, 2, 'B', 99, 5, 0), (1, 2, 'A', 99, 5, 0), (3, 2, 'C', 99, 5, 0)"),
      "A B C",
    ],
    [
      "places may be larger than any number",
      entries("(1, 2, 'A', 99, 9223372036854775807, 0), (2, 2, 'B', 99, -9223372036854775808, 0)"),
      "B A",
    ],
    [
      "what lies nowhere stands at the top, behind the others",
      entries(
        "(1, 2, 'A', NULL, 1, 0), (2, 2, 'B', 77, 1, 0), (3, 2, 'C', 99, 9, 0), (4, 2, 'D', 'x', 0, 0), (5, 2, 'E', 3, 0, 0)",
      ),
      "C D E A B",
    ],
    ["a folder that holds itself stands at the top", entries("(1, 4000, 'A', 1, 1, 0)"), "A[]"],
    [
      "folders that hold each other stand at the top, with what else is in them",
      entries(
        "(1, 4000, 'A', 3, 1, 0), (2, 4000, 'B', 1, 2, 0), (3, 4000, 'C', 2, 3, 0), (4, 2, 'D', 2, 1, 0), (5, 2, 'E', 99, 1, 0)",
      ),
      "E A[] B[D] C[]",
    ],
    ["thirty-two folders lie in each other", chain(32), nested(1, 32)],
    [
      "a folder that lies deeper stands at the top",
      chain(70),
      `${nested(1, 32)} ${nested(33, 64)} ${nested(65, 70)}`,
    ],
  ])("%s", async (_title, rows, expected) => {
    expect(outline((await sidebarOf(rows)).sidebar)).toBe(expected);
  });

  it.each([
    [
      "a slash, commas, umlauts and an emoji",
      "2019-10/11 Paris, Frühstück 🥐",
      "2019-10/11 Paris, Frühstück 🥐",
    ],
    ["decomposed accents", "A\u0301gua", "A\u0301gua"],
    ["quotes and a line break", `"Bob's"\n\\`, `"Bob's"\n\\`],
    ["right to left", "\u202eabc", "\u202eabc"],
    ["nothing but a space", " ", " "],
    ["a thousand letters", "x".repeat(1024), "x".repeat(1024)],
    ["more is no title", "x".repeat(1025), null],
    ["a megabyte is no title", "x".repeat(1_000_000), null],
    ["an empty one is no title", "", null],
    ["bytes are no title", new Uint8Array([65, 66]), null],
    ["nothing is no title", null, null],
  ])("a title is as on the phone: %s", async (_title, title, expected) => {
    const { sidebar } = await sidebarOf((database) => {
      const insert = database.prepare(
        "INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZPARENTFOLDER, Z_FOK_PARENTFOLDER) VALUES (?, ?, ?, ?, 1)",
      );
      insert.run(1, 4000, title as string, 99);
      insert.run(2, 2, title as string, 1);
    });
    expect(sidebar).toMatchObject([
      { kind: "folder", title: expected, entries: [{ kind: "album", title: expected }] },
    ]);
  });

  it("an album is known by its UUID; one that two have, or that is none, is none", async () => {
    const { sidebar } = await sidebarOf((database) => {
      const insert = database.prepare(
        "INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZPARENTFOLDER, ZUUID) VALUES (?, 2, 99, ?)",
      );
      const uuids = ["A-1", "A-2", "A-2", "", "x".repeat(65), 7.5, new Uint8Array(2), null];
      for (const [at, uuid] of uuids.entries()) insert.run(at + 1, uuid as string);
    });
    expect(sidebar?.map(({ uuid }) => uuid)).toEqual(["A-1", null, null, null, null, "7.5", null, null]);
  });

  it("how an album is sorted, and the photo that was chosen to stand for it", async () => {
    const { sidebar } = await sidebarOf(`
      INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZPARENTFOLDER, ZCUSTOMSORTKEY, ZCUSTOMSORTASCENDING,
        ZCUSTOMKEYASSET) VALUES (1, 2, 'A', 99, 0, 1, 2), (2, 2, 'B', 99, 1, 0, NULL), (3, 2, 'C', 99, 5, 1, 77),
        (4, 2, 'D', 99, 3, NULL, 5), (5, 2, 'E', 99, 'x', 'y', 'z');`);
    const told = sidebar?.map(
      (entry) => entry.kind === "album" && [entry.sort, entry.isAscending, entry.cover],
    );
    expect(told).toEqual([
      ["by-hand", true, "/DCIM/100APPLE/2.HEIC"],
      ["by-date", false, null],
      ["by-title", true, null],
      ["unknown", true, null],
      ["unknown", true, null],
    ]);
  });

  it("shared and smart albums and projects are told, and deleted ones are not", async () => {
    const { notCarried } = await sidebarOf(
      entries(
        "(1, 1505, 'A', NULL, 1, 0), (2, 1507, 'B', 99, 3, 0), (3, 1508, 'C', 99, 4, 0), (4, 1505, 'D', 99, 1, 1), (5, 1507, NULL, 99, 1, 0)",
      ),
    );
    expect(notCarried).toEqual([
      { title: "A", why: "shared" },
      { title: "B", why: "smart" },
      { title: "C", why: "project" },
    ]);
  });
});

describe("what is in an album", () => {
  const members = async (rows: string) => {
    const { sidebar } = await sidebarOf(`${entries("(1, 2, 'A', 99, 1, 0), (2, 2, 'B', 99, 2, 0)")} ${rows}`);
    return sidebar?.map(
      (entry) => entry.kind === "album" && entry.members.map((path) => path.at(-6)).join(""),
    );
  };

  it.each([
    ["by the place in it", "(1, 1, 30), (1, 2, 10), (1, 3, 20), (2, 3, 1)", ["231", "3"]],
    ["empty ones are empty", "(2, 1, 1)", ["", "1"]],
    [
      "hidden photos and those in Recently Deleted are not shown in it",
      "(1, 4, 1), (1, 5, 2), (1, 1, 3)",
      ["1", ""],
    ],
    ["what has no place stands behind", "(1, 1, NULL), (1, 2, 'x'), (1, 3, 5)", ["312", ""]],
    ["of one place, the photo that came first", "(1, 3, 7), (1, 1, 7), (1, 2, 7)", ["123", ""]],
    ["a photo that is in it twice is in it once", "(1, 2, 9), (1, 1, 2), (1, 2, 1)", ["21", ""]],
    [
      "rows that lead nowhere lead nowhere",
      "(1, 77, 1), (77, 1, 1), (NULL, NULL, NULL), ('a', 'b', 'c'), (1.5, 1, 1), (1, 9223372036854775807, 1), (1, 1, 1)",
      ["1", ""],
    ],
  ])("%s", async (_title, rows, expected) => {
    expect(await members(`INSERT INTO Z_30ASSETS VALUES ${rows};`)).toEqual(expected);
  });

  it("albums of folders and of system kinds hold nothing, though rows say so", async () => {
    const { sidebar } = await sidebarOf(
      `${entries("(1, 4000, 'A', 99, 1, 0), (2, 1505, 'B', 99, 2, 0)")} INSERT INTO Z_30ASSETS VALUES (1, 1, 1), (2, 1, 1);`,
    );
    expect(outline(sidebar)).toBe("A[]");
  });

  it("frames of a burst that nobody picked are not shown in it", async () => {
    expect(
      await members(
        "UPDATE ZASSET SET ZVISIBILITYSTATE = 2 WHERE Z_PK = 2; INSERT INTO Z_30ASSETS VALUES (1, 1, 1), (1, 2, 2);",
      ),
    ).toEqual(["1", ""]);
  });

  it("without a column that says the places, they are in the order in which they came", async () => {
    const { sidebar } = await sidebarOf(
      `${entries("(1, 2, 'A', 99, 1, 0)")} ALTER TABLE Z_30ASSETS DROP COLUMN Z_FOK_3ASSETS;
      INSERT INTO Z_30ASSETS VALUES (1, 3), (1, 1);`,
    );
    expect(sidebar).toMatchObject([{ members: ["/DCIM/100APPLE/1.HEIC", "/DCIM/100APPLE/3.HEIC"] }]);
  });
});

describe("more than any library has", () => {
  it("of a hundred thousand albums and one the last is left out, and that is told", async () => {
    const { sidebar, leftOut } = await sidebarOf(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZPARENTFOLDER) SELECT i + 99, 2, 'A', 99 FROM n;`);
    expect(sidebar).toHaveLength(99_999); // and the root
    expect(leftOut.albums).toBe(true);
  });

  it("titles of ten million letters in all are read, and no more", async () => {
    const { sidebar, leftOut } = await sidebarOf(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZPARENTFOLDER)
        SELECT i + 99, 2, hex(zeroblob(512)), 99 FROM n;`);
    expect(sidebar).toHaveLength(Math.floor(10_000_000 / 1024));
    expect(leftOut.albums).toBe(true);
  });

  it("a photo that is in an album fifty thousand times is in it once", async () => {
    const { sidebar, leftOut } = await sidebarOf(`${entries("(1, 2, 'A', 99, 1, 0)")}
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
        INSERT INTO Z_30ASSETS SELECT 1, 1, i FROM n;`);
    expect(sidebar).toMatchObject([{ members: ["/DCIM/100APPLE/1.HEIC"] }]);
    expect(leftOut).toEqual({ albums: false, keywords: false, memberships: false, texts: 0 });
  });
});

it("where no table tells of albums, nothing is said of them", async () => {
  const carried = await read(libraryOf([{ path: "DCIM/100APPLE/1.HEIC" }]));
  expect(carried.sidebar).toBeNull();
  expect(carried.notCarried).toEqual([]);
});

it("what is carried is read only where it is asked for", async () => {
  const phone = new MemoryPhone(libraryOf([{ path: "DCIM/100APPLE/1.HEIC" }]));
  expect(await readPhoneLibrary(phone, { workFolder })).not.toHaveProperty("carried");
});
