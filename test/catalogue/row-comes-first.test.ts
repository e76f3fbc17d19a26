import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/media-item.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import { itemsOf, nameOf, setAsideOf } from "./listed-phone.js";
import { type AssetForTest, databaseFiles, IOS_18, insertAsset } from "./phone-database.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(memoryDisk, "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

const JPEG = Buffer.from("\xff\xd8\xff\xe0 a picture", "latin1");
const FILM = Buffer.from("\0\0\0\x14ftypqt  a video", "latin1");
const RECIPE = encodeAdjustments(new Date("2026-05-02T10:00:00Z"), 0.5);

type Row = AssetForTest & { readonly parts?: readonly number[] };

/** A row of a file in /DCIM/100APPLE. @param parts ZDATASTORESUBTYPE of further files that are said to be here */
function row(name: string, asset: Record<string, unknown> = {}, parts: readonly number[] = []): Row {
  const path = name.includes("/") ? name : `DCIM/100APPLE/${name}`;
  return { path, asset, resource: { LOCALAVAILABILITY: 1, VERSION: 0 }, parts };
}
const LIVE = { KINDSUBTYPE: 2 };
const EDITED = { ADJUSTMENTSSTATE: 2 };
const VIDEO = { KIND: 1 };

/** @param files names in /DCIM/100APPLE or whole paths, with their bytes; a picture's unless given */
async function catalogueOf(
  files: readonly (string | readonly [name: string, bytes: Buffer])[],
  rows: readonly Row[],
): Promise<Catalogue> {
  const database = databaseFiles((database) => {
    database.exec(IOS_18);
    database.exec("ALTER TABLE ZASSET ADD COLUMN ZADJUSTMENTSSTATE INTEGER");
    database.exec("ALTER TABLE ZINTERNALRESOURCE ADD COLUMN ZVERSION INTEGER");
    for (const { parts = [], ...each } of rows) {
      const asset = insertAsset(database, "ZASSET", each);
      for (const subtype of parts)
        database
          .prepare(
            "INSERT INTO ZINTERNALRESOURCE (ZASSET, ZDATASTORESUBTYPE, ZLOCALAVAILABILITY, ZVERSION) VALUES (?, ?, 1, ?)",
          )
          .run(asset, subtype, subtype === 2 ? 2 : 0);
    }
  });
  const listed = files.map((file) => {
    const [name, bytes] = typeof file === "string" ? [file, JPEG] : file;
    return [name.startsWith("/") ? name : `/DCIM/100APPLE/${name}`, { bytes }] as const;
  });
  const phone = new MemoryPhone([...database, ...listed]);
  return await readCatalogue(phone, { phoneLibrary: await readPhoneLibrary(phone, { workFolder }) });
}

describe("a file with a row of its own is an item of its own, whatever its name", () => {
  test.each([
    [
      "a friend's picture is nobody's edit",
      ["IMG_0042.HEIC", ["IMG_0042.AAE", RECIPE], "IMG_E0042.JPG"] as const,
      [row("IMG_0042.HEIC", EDITED), row("IMG_E0042.JPG")],
      ["photo: IMG_0042.HEIC + IMG_0042.AAE as adjustments", "photo: IMG_E0042.JPG"],
    ],
    [
      "without that row it is the edit",
      ["IMG_0042.HEIC", ["IMG_0042.AAE", RECIPE], "IMG_E0042.JPG"] as const,
      [row("IMG_0042.HEIC", EDITED)],
      ["photo: IMG_0042.HEIC + IMG_0042.AAE as adjustments + IMG_E0042.JPG as edited"],
    ],
    [
      "a video is nobody's moving half",
      ["IMG_1.HEIC", ["IMG_1.MOV", FILM]] as const,
      [row("IMG_1.HEIC"), row("IMG_1.MOV", VIDEO)],
      ["photo: IMG_1.HEIC", "video: IMG_1.MOV"],
    ],
    [
      "a RAW is nobody's RAW half",
      ["IMG_1.DNG", "IMG_1.JPG"] as const,
      [row("IMG_1.JPG"), row("IMG_1.DNG")],
      ["raw: IMG_1.DNG", "photo: IMG_1.JPG"],
    ],
    [
      "of two pictures the one that is called Live takes the video",
      ["IMG_1.HEIC", "IMG_1.JPG", ["IMG_1.MOV", FILM]] as const,
      [row("IMG_1.HEIC", LIVE), row("IMG_1.JPG")],
      ["live: IMG_1.HEIC + IMG_1.MOV as live-movie", "photo: IMG_1.JPG"],
    ],
    [
      "the same by the rows of its parts",
      ["IMG_1.HEIC", "IMG_1.JPG", ["IMG_1.MOV", FILM]] as const,
      [row("IMG_1.HEIC"), row("IMG_1.JPG", {}, [18])],
      ["photo: IMG_1.HEIC", "live: IMG_1.JPG + IMG_1.MOV as live-movie"],
    ],
    [
      "where both are called Live, nothing is guessed",
      ["IMG_1.HEIC", "IMG_1.JPG", ["IMG_1.MOV", FILM]] as const,
      [row("IMG_1.HEIC", LIVE), row("IMG_1.JPG", LIVE)],
      ["photo: IMG_1.HEIC", "photo: IMG_1.JPG", "video: IMG_1.MOV"],
    ],
    [
      "of two pictures the one with a RAW half takes it",
      ["IMG_1.DNG", "IMG_1.HEIC", "IMG_1.JPG"] as const,
      [row("IMG_1.HEIC"), row("IMG_1.JPG", {}, [17])],
      ["photo: IMG_1.HEIC", "raw: IMG_1.JPG + IMG_1.DNG as raw"],
    ],
    [
      "of two pictures the one that is called edited takes the edit",
      ["IMG_0042.HEIC", "IMG_0042.JPG", ["IMG_0042.AAE", RECIPE], "IMG_E0042.JPG"] as const,
      [row("IMG_0042.HEIC"), row("IMG_0042.JPG", EDITED)],
      ["photo: IMG_0042.HEIC", "photo: IMG_0042.JPG + IMG_0042.AAE as adjustments + IMG_E0042.JPG as edited"],
    ],
  ])("%s", async (_what, files, rows, items) => {
    expect(itemsOf(await catalogueOf(files, rows))).toEqual(items);
  });
});

describe("what a file is comes from the row, then from its bytes, then from its name", () => {
  test.each([
    ["a photo by its row", "IMG_1.JFIF", JPEG, [row("IMG_1.JFIF")], ["photo: IMG_1.JFIF"], []],
    ["of an ending that nobody knows", "IMG_1.XYZ", JPEG, [row("IMG_1.XYZ")], ["photo: IMG_1.XYZ"], []],
    ["without an ending", "IMG_1", FILM, [row("IMG_1", VIDEO)], ["video: IMG_1"], []],
    ["a name that begins with a dot", ".IMG_1.JPG", JPEG, [row(".IMG_1.JPG")], ["photo: .IMG_1.JPG"], []],
    ["a picture by its bytes", "IMG_1.XYZ", JPEG, [], ["photo: IMG_1.XYZ"], []],
    ["a video by its bytes", "IMG_1.XYZ", FILM, [], ["video: IMG_1.XYZ"], []],
    ["neither", "IMG_1.XYZ", Buffer.from("words"), [], [], ["IMG_1.XYZ: UNKNOWN_KIND"]],
    ...["JFIF", "MPO", "INSP", "AVCI"].map(
      (ending) => [`by its name: .${ending}`, `A.${ending}`, JPEG, [], [`photo: A.${ending}`], []] as const,
    ),
  ] as const)("%s", async (_what, name, bytes, rows, items, aside) => {
    const catalogue = await catalogueOf([[name, bytes]], rows);
    expect([itemsOf(catalogue), setAsideOf(catalogue)]).toEqual([items, aside]);
  });
});

describe("what lies beside an original under its name comes, wherever the original lies", () => {
  const uuid = "EB1E6E42-2455-4EDC-9259-D00E097B5E82";
  test.each([
    ["CPLAssets", `PhotoData/CPLAssets/group7/${uuid}`],
    ["Sync", "PhotoData/Sync/100SYNCD/IMG_0001"],
    ["a folder that nobody has heard of", "PhotoData/Newer/1/IMG_0001"],
  ])("in %s", async (_where, stem) => {
    const files = [`/${stem}.JPG`, `/${stem}.DNG`, [`/${stem}.MOV`, FILM] as const, `/${stem}9.JPG`];
    const catalogue = await catalogueOf(files, [row(`${stem}.JPG`, LIVE, [17, 18])]);
    expect(itemsOf(catalogue)).toEqual([
      `live: /${stem}.JPG + /${stem}.DNG as raw + /${stem}.MOV as live-movie`,
    ]);
    expect(catalogue.awayParts).toEqual([]);
  });
});

describe("every row answers", () => {
  test.each([
    ["of a file that is empty", "IMG_1.JPG", [["IMG_1.JPG", Buffer.alloc(0)]] as const, "EMPTY_ON_THE_PHONE"],
    ["of a file that is not there", "IMG_1.JPG", [] as const, "NOT_ON_THE_PHONE"],
    ["of a folder that holds no photos", "Books/IMG_1.JPG", [] as const, "ROW_WITHOUT_FILE"],
  ])("%s, as failed", async (_what, name, files, code) => {
    const { unreadable, items, setAside } = await catalogueOf(files, [row(name)]);
    expect(unreadable.map(({ reason, isInGrid }) => [reason.code, isInGrid])).toEqual([[code, true]]);
    expect([items, setAside]).toEqual([[], []]);
  });

  test("an empty file that the library says is in iCloud is in iCloud only", async () => {
    const away = { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1, VERSION: 0 };
    const rows = [{ ...row("IMG_1.JPG"), resource: away }];
    const { cloudOnly, unreadable } = await catalogueOf([["IMG_1.JPG", Buffer.alloc(0)]], rows);
    expect(cloudOnly.map(({ path }) => nameOf(path))).toEqual(["IMG_1.JPG"]);
    expect(unreadable).toEqual([]);
  });

  test("an empty file that no row names is set aside", async () => {
    const { setAside } = await catalogueOf([["IMG_1.JPG", Buffer.alloc(0)]], []);
    expect(setAside.map(({ code }) => code)).toEqual(["EMPTY_FILE"]);
  });

  test("of two files that differ in how accents are composed, the row is the one's that it spells", async () => {
    const [composed, decomposed] = ["\u00e9.JPG", "e\u0301.JPG"];
    const { items } = await catalogueOf([composed!, decomposed!], [row(composed!, { HIDDEN: 1 })]);
    expect(items.map(({ key, hidden, library }) => [nameOf(key), hidden, library !== null])).toEqual([
      [decomposed, false, false],
      [composed, true, true],
    ]);
  });
});

describe("a size that the library gives is only said where it is far from the file's", () => {
  test.each([
    ["the same", JPEG.length, undefined],
    ["near it", JPEG.length + 1, undefined],
    ["twice as many bytes", JPEG.length * 2, JPEG.length * 2],
    ["a tenth of them", 1, 1],
    ["no size at all", -4, undefined],
  ])("%s", async (_what, bytes, said) => {
    const rows = [{ ...row("IMG_1.JPG"), extra: { ORIGINALFILESIZE: bytes } }];
    const { items } = await catalogueOf(["IMG_1.JPG"], rows);
    expect(items.map(({ sizeSaidBytes }) => sizeSaidBytes)).toEqual([said]);
  });
});

describe("a photo from iCloud is called by the title that the library remembers", () => {
  const uuid = "EB1E6E42-2455-4EDC-9259-D00E097B5E82";
  test.each([
    ["IMG_4711.HEIC", "IMG_4711"],
    ["Trip 12/05.JPG", "Trip 12-05"],
    ["Mr. Smith", "Mr. Smith"],
    ["../../etc/passwd", "-..-etc-passwd"],
    [".hidden.JPG", "hidden"],
    [".JPG", uuid],
    ["...", uuid],
    ["", uuid],
  ])("%j: %j", async (title, stem) => {
    const path = `PhotoData/CPLAssets/group7/${uuid}.JPG`;
    const rows = [{ ...row(path), extra: { ORIGINALFILENAME: title } }];
    const { items } = await catalogueOf([`/${path}`], rows);
    expect(items.map((item) => item.stem)).toEqual([stem]);
  });
});
