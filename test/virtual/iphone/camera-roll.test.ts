import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDictionary } from "../../../src/usb/wire/property-list.js";
import { type CameraRollSummary, makeCameraRoll } from "../../../src/virtual/iphone/camera-roll.js";

const now = new Date("2026-11-22T18:40:00Z");
let top: string;
let roll: CameraRollSummary;

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), "roll-"));
  roll = await makeCameraRoll({ folder: join(top, "roll"), now });
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const bytesOf = (path: string) => readFileSync(join(roll.folder, path));
const textIn = (path: string, pattern: RegExp) => pattern.exec(bytesOf(path).toString("latin1"))?.[1] ?? null;
const uuid = "[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}";
/** Every file below a folder, with its content. */
const contents = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length), createHash("sha256").update(readFileSync(path)).digest("hex")];
      })
      .sort(),
  );

describe("the camera roll", () => {
  test("holds one of everything that has to be told apart", () => {
    const names = roll.files.map(({ path }) => path);
    expect(names).toEqual(
      expect.arrayContaining([
        "/DCIM/100APPLE/IMG_0001.JPG",
        "/DCIM/100APPLE/IMG_0001.MOV",
        "/DCIM/100APPLE/IMG_0004.PNG",
        "/DCIM/100APPLE/IMG_0005.JPG",
        "/DCIM/100APPLE/IMG_0005.AAE",
        "/DCIM/100APPLE/IMG_E0005.JPG",
        "/DCIM/100APPLE/IMG_0007.JPG",
        "/DCIM/100APPLE/IMG_0007.DNG",
        "/DCIM/100APPLE/IMG_0012.TXT",
        "/DCIM/101APPLE/IMG_0001.JPG",
      ]),
    );
    expect(names).toHaveLength(25);
    expect(roll.items).toBe(18);
    expect(roll.trashed).toEqual(["/DCIM/100APPLE/IMG_0009.JPG"]);
    expect(roll.hidden).toEqual(["/DCIM/100APPLE/IMG_0010.JPG"]);
    expect(roll.setAside).toEqual(["/DCIM/100APPLE/IMG_0012.TXT"]);
    expect(readdirSync(join(roll.folder, "DCIM/.MISC/Incoming"))).toEqual([]);
  });

  test("with odd rows: photos in Sync, halves that only a row knows, a size that only a row gives", async () => {
    const odd = await makeCameraRoll({ folder: join(top, "odd"), now, hasOddRows: true });
    const usual = new Set(roll.files.map(({ path }) => path));
    const files = odd.files.filter(({ path }) => !usual.has(path));
    expect(files.map(({ path }) => path)).toEqual([
      "/PhotoData/Sync/100SYNCD/IMG_0001.JPG",
      "/PhotoData/Sync/100SYNCD/IMG_0002.MOV",
      ...["31", "32", "33"].map((number) => `/DCIM/101APPLE/IMG_00${number}.JPG`),
    ]);
    using database = new DatabaseSync(join(odd.folder, "PhotoData/Photos.sqlite"));
    const rows = (sql: string) => database.prepare(sql).all();
    expect(
      rows(`SELECT a.ZFILENAME name, r.ZDATASTORESUBTYPE part, r.ZLOCALAVAILABILITY here FROM ZINTERNALRESOURCE r
        JOIN ZASSET a ON a.Z_PK = r.ZASSET WHERE r.ZDATASTORESUBTYPE > 1 AND a.ZFILENAME > 'IMG_003'`),
    ).toEqual([
      { name: "IMG_0031.JPG", part: 18, here: 1 },
      { name: "IMG_0032.JPG", part: 17, here: 1 },
    ]);
    expect(
      rows(`SELECT x.ZORIGINALFILESIZE size FROM ZADDITIONALASSETATTRIBUTES x JOIN ZASSET a ON a.Z_PK = x.ZASSET
        WHERE a.ZFILENAME = 'IMG_0033.JPG'`),
    ).toEqual([{ size: files.at(-1)!.sizeBytes * 10 }]);
  });

  test("says of each file what is on the disk, and the one in iCloud only has no bytes", () => {
    for (const { path, sizeBytes, modifiedAt } of roll.files) {
      const stats = statSync(join(roll.folder, path));
      expect([path, stats.size, stats.mtime]).toEqual([path, sizeBytes, modifiedAt]);
    }
    expect(roll.inICloudOnly).toEqual(["/DCIM/100APPLE/IMG_0011.JPG"]);
    expect(statSync(join(roll.folder, roll.inICloudOnly[0]!), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("has no two files with the same bytes, not even those with the same name", async () => {
    const larger = await makeCameraRoll({ folder: join(top, "larger"), photos: 150, now });
    const hashes = Object.values(contents(join(larger.folder, "DCIM")));
    expect(hashes.length).toBeGreaterThan(175);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("of iOS 26 keeps each edit in Mutations alone, its recipe with the seven keys, and no AAE in DCIM", async () => {
    const { folder, files, items } = await makeCameraRoll({
      folder: join(top, "26"),
      now,
      hasEditsOfIOS26: true,
    });
    const edits = new Map<string, string[]>();
    for (const { path } of files) {
      const [, original, name] = /^\/PhotoData\/Mutations\/(.+)\/Adjustments\/(.+)$/.exec(path) ?? [];
      if (original !== undefined) edits.set(original, [...(edits.get(original) ?? []), name!]);
    }
    expect(items).toBe(roll.items + 7);
    const kinds = [...edits.values()].map((names) => names.sort().join(", ")).sort();
    const [picture, both, video] = [
      "FullSizeRender.jpg",
      "FullSizeRender.jpg, FullSizeRender.mov",
      "FullSizeRender.mov",
    ];
    expect(kinds).toEqual(
      [picture, picture, picture, picture, both, video, video]
        .map((names) => `Adjustments.plist, ${names}`)
        .sort(),
    );
    for (const original of edits.keys()) {
      expect(files.some(({ path }) => path.startsWith(`/${original}.`))).toBe(true);
      expect(files.map(({ path }) => path)).not.toContain(`/${original}.AAE`);
      const recipe = parseDictionary(
        readFileSync(join(folder, "PhotoData/Mutations", original, "Adjustments/Adjustments.plist")),
      );
      expect(Object.keys(recipe)).toEqual([
        ...[
          "adjustmentBaseVersion",
          "adjustmentData",
          "adjustmentEditorBundleID",
          "adjustmentFormatIdentifier",
        ],
        ...["adjustmentFormatVersion", "adjustmentRenderTypes", "adjustmentTimestamp"],
      ]);
    }
    const standard = contents(join(roll.folder, "DCIM"));
    expect(contents(join(folder, "DCIM"))).toMatchObject(standard);
  });

  test("is the same for the same seed and moment, and other for another seed", async () => {
    await makeCameraRoll({ folder: join(top, "again"), now });
    await makeCameraRoll({ folder: join(top, "other"), now, seed: 2 });
    const first = contents(join(roll.folder, "DCIM"));
    expect(contents(join(top, "again/DCIM"))).toEqual(first);
    expect(Object.values(contents(join(top, "other/DCIM")))).not.toEqual(Object.values(first));
  });

  test("keeps its standard files as they are when more are added", async () => {
    await makeCameraRoll({ folder: join(top, "more"), photos: 30, now });
    expect(contents(join(top, "more/DCIM"))).toMatchObject(contents(join(roll.folder, "DCIM")));
  });

  test("was taken over the past weeks, never in the future", async () => {
    const { files } = await makeCameraRoll({ folder: join(top, "weeks"), photos: 40, now });
    const times = files.map(({ modifiedAt }) => modifiedAt.getTime());
    expect(Math.max(...times)).toBeLessThan(now.getTime());
    expect(now.getTime() - Math.min(...times)).toBeGreaterThan(5 * 7 * 86_400_000);
  });
});

describe("its pictures and videos", () => {
  test("carry the same content identifier in both halves of a Live Photo, another for each pair", () => {
    const pairs = ["100APPLE/IMG_0001", "100APPLE/IMG_0002", "100APPLE/IMG_0008", "101APPLE/IMG_0003"];
    const found = pairs.map((stem) => [
      textIn(`DCIM/${stem}.JPG`, new RegExp(`Apple iOS.*?(${uuid})\\0`, "s")),
      textIn(`DCIM/${stem}.MOV`, new RegExp(`quicktime\\.content\\.identifier.*?(${uuid})`, "s")),
    ]);
    for (const [still, video] of found) expect(still).toBe(video);
    expect(new Set(found.map(([still]) => still)).size).toBe(pairs.length);
    expect(found.flat()).not.toContain(null);
  });

  test("carry none in a single photo and a plain video", () => {
    expect(textIn("DCIM/100APPLE/IMG_0003.JPG", new RegExp(`(${uuid})`))).toBeNull();
    expect(textIn("DCIM/100APPLE/IMG_0006.MOV", /(content\.identifier)/)).toBeNull();
  });

  test("say in EXIF when they were taken", () => {
    const file = roll.files.find(({ path }) => path === "/DCIM/100APPLE/IMG_0003.JPG")!;
    const exif = file.modifiedAt.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
    expect(textIn(file.path, /(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)\0/)).toBe(exif);
  });

  test("are what their first bytes say", () => {
    const start = (path: string) => bytesOf(`DCIM/100APPLE/${path}`).subarray(0, 12).toString("latin1");
    expect(start("IMG_0003.JPG").slice(0, 3)).toBe("\xff\xd8\xff");
    expect(start("IMG_0004.PNG").slice(0, 8)).toBe("\x89PNG\r\n\x1a\n");
    expect(start("IMG_0006.MOV").slice(4)).toBe("ftypqt  ");
    expect(start("IMG_0007.DNG").slice(0, 4)).toBe("MM\0*");
    expect(bytesOf("DCIM/100APPLE/IMG_0005.AAE").toString()).toContain("<key>adjustmentData</key>");
  });

  test("hold as many pixels as the screenshot's header promises", () => {
    const png = bytesOf("DCIM/100APPLE/IMG_0004.PNG");
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    const at = png.indexOf("IDAT");
    const pixels = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(pixels.length).toBe(height * (1 + width * 3));
  });
});

describe("its database", () => {
  const query = <T>(folder: string, sql: string): T[] => {
    const database = new DatabaseSync(join(folder, "PhotoData/Photos.sqlite"), { readOnly: true });
    try {
      return database.prepare(sql).all() as T[];
    } finally {
      database.close();
    }
  };

  test("knows every item but the set-aside file, and which is trashed, hidden, favourite and not here", () => {
    const rows = query<Record<string, unknown>>(
      roll.folder,
      `SELECT ZDIRECTORY || '/' || ZFILENAME AS path, ZTRASHEDSTATE, ZHIDDEN, ZFAVORITE, ZKINDSUBTYPE,
       (SELECT min(ZLOCALAVAILABILITY) FROM ZINTERNALRESOURCE r WHERE r.ZASSET = a.Z_PK) AS here
       FROM ZASSET a`,
    );
    const paths = (key: string, value: number) =>
      rows.filter((row) => row[key] === value).map((row) => row.path);
    expect(rows).toHaveLength(18);
    expect(paths("ZTRASHEDSTATE", 1)).toEqual(["DCIM/100APPLE/IMG_0009.JPG"]);
    expect(paths("ZHIDDEN", 1)).toEqual(["DCIM/100APPLE/IMG_0010.JPG"]);
    expect(paths("here", -1)).toEqual(["DCIM/100APPLE/IMG_0011.JPG"]);
    expect(paths("ZFAVORITE", 1)).toEqual(["DCIM/100APPLE/IMG_0003.JPG", "DCIM/100APPLE/IMG_0008.JPG"]);
    expect(paths("ZKINDSUBTYPE", 2)).toHaveLength(4);
    expect(paths("ZKINDSUBTYPE", 10)).toEqual(["DCIM/100APPLE/IMG_0004.PNG"]);
  });

  test("finds the album's members through the join table that Z_PRIMARYKEY names", () => {
    const [album] = query<{ n: number }>(
      roll.folder,
      "SELECT Z_ENT AS n FROM Z_PRIMARYKEY WHERE Z_NAME = 'Album'",
    );
    const members = query<{ name: string }>(
      roll.folder,
      `SELECT a.ZFILENAME AS name FROM Z_${album!.n}ASSETS j JOIN ZASSET a ON a.Z_PK = j.Z_3ASSETS
       JOIN ZGENERICALBUM g ON g.Z_PK = j.Z_${album!.n}ALBUMS WHERE g.ZTITLE = 'Lake' AND g.ZKIND = 2`,
    );
    expect(members.map(({ name }) => name)).toEqual(["IMG_0002.JPG", "IMG_0003.JPG"]);
  });

  test("can keep all its rows in the -wal", async () => {
    const { folder } = await makeCameraRoll({ folder: join(top, "wal"), now, leaveRowsInWal: true });
    const copy = mkdtempSync(join(top, "copy-"));
    const { cpSync } = await import("node:fs");
    cpSync(join(folder, "PhotoData"), join(copy, "PhotoData"), { recursive: true });
    expect(query<{ n: number }>(copy, "SELECT count(*) AS n FROM ZASSET")[0]!.n).toBe(18);
    const alone = mkdtempSync(join(top, "alone-"));
    cpSync(join(folder, "PhotoData/Photos.sqlite"), join(alone, "PhotoData/Photos.sqlite"));
    expect(query<{ n: number }>(alone, "SELECT count(*) AS n FROM ZASSET")[0]!.n).toBe(0);
  });
});
