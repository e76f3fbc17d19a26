import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/catalogue/media-item.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { itemsOf, phoneWith, setAsideOf } from "./listed-phone.js";
import { type AssetForTest, databaseFiles, IOS_18, insertAsset, libraryOf } from "./phone-database.js";
import { hasSharedData, needsSharedData, sharedData } from "./shared-data.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

/** A phone with these files and a library with these photos, read into a catalogue. */
async function catalogueWith(names: readonly string[], photos: readonly AssetForTest[]): Promise<Catalogue> {
  const phone = phoneWith(names);
  for (const [path, file] of libraryOf(photos)) phone.put(path, file);
  const phoneLibrary = await readPhoneLibrary(phone, { workFolder });
  return await readCatalogue(phone, { phoneLibrary });
}

const HEIC = "DCIM/100APPLE/IMG_0001.HEIC";
const UUID = "EB1E6E42-2455-4EDC-9259-D00E097B5E82";

describe("what the phone's library adds", () => {
  it("an item is trashed, hidden, favourite and dated as its original's row says", async () => {
    const catalogue = await catalogueWith(
      ["IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.AAE", "IMG_0002.PNG"],
      [
        { path: HEIC, asset: { TRASHEDSTATE: 1, HIDDEN: 1, FAVORITE: 1, DATECREATED: 86400 } },
        { path: "DCIM/100APPLE/IMG_0002.PNG", asset: { KINDSUBTYPE: 10 } },
      ],
    );
    expect(itemsOf(catalogue)).toEqual([
      "live: IMG_0001.HEIC + IMG_0001.MOV as live-movie + IMG_0001.AAE as adjustments",
      "screenshot: IMG_0002.PNG",
    ]);
    expect(catalogue.items[0]).toMatchObject({
      trashed: true,
      hidden: true,
      favorite: true,
      takenAtMs: Date.parse("2001-01-02T00:00:00Z"),
      cloud: "local",
    });
    expect(catalogue.phoneLibrary).toMatchObject({ shownCount: 1, trashedCount: 1 });
  });

  it("a video with a row of its own that is in the trash is no half of a photo that is kept", async () => {
    const catalogue = await catalogueWith(
      ["IMG_0001.HEIC", "IMG_0001.MOV"],
      [{ path: HEIC }, { path: "DCIM/100APPLE/IMG_0001.MOV", asset: { KIND: 1, TRASHEDSTATE: 1 } }],
    );
    expect(itemsOf(catalogue)).toEqual(["photo: IMG_0001.HEIC", "video: IMG_0001.MOV"]);
    expect(catalogue.items.map((item) => item.trashed)).toEqual([false, true]);
  });

  it("a RAW pair is trashed where the row is the RAW's", async () => {
    const catalogue = await catalogueWith(
      ["IMG_0001.JPG", "IMG_0001.DNG"],
      [{ path: "DCIM/100APPLE/IMG_0001.DNG", asset: { TRASHEDSTATE: 1 } }],
    );
    expect(itemsOf(catalogue)).toEqual(["raw: IMG_0001.JPG + IMG_0001.DNG as raw"]);
    expect(catalogue.items[0]?.trashed).toBe(true);
  });

  it("a file that the library does not know is ordinary", async () => {
    const catalogue = await catalogueWith(["IMG_0001.HEIC"], []);
    expect(catalogue.items).toMatchObject([
      { trashed: false, hidden: false, takenAtMs: null, cloud: "local" },
    ]);
  });

  it("a photo synced with iCloud Photos says so", async () => {
    const catalogue = await catalogueWith(["IMG_0001.HEIC"], [{ path: HEIC, asset: { CLOUDLOCALSTATE: 1 } }]);
    expect(catalogue.items[0]?.cloud).toBe("synced");
    expect(catalogue.phoneLibrary?.syncedWithICloud).toBe(true);
  });

  it("a file under DCIM keeps its name, whatever it was called before", async () => {
    const catalogue = await catalogueWith(
      ["IMG_0001.HEIC"],
      [{ path: HEIC, extra: { ORIGINALFILENAME: "holiday.heic" } }],
    );
    expect(catalogue.items[0]?.stem).toBe("IMG_0001");
  });
});

describe("what is not on the phone", () => {
  const away = { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1, FINGERPRINT: "AcfhCy" };

  it("in iCloud only: a row, no bytes, and its size as far as it is known", async () => {
    const photo = { path: HEIC, asset: { HIDDEN: 1 }, extra: { ORIGINALFILESIZE: 77 }, resource: away };
    const catalogue = await catalogueWith([], [photo]);
    expect(catalogue.cloudOnly).toEqual([
      {
        path: `/${HEIC}`,
        sizeBytes: 77,
        trashed: false,
        hidden: true,
        shown: true,
        kind: "photo",
        takenAtMs: null,
      },
    ]);
    expect(catalogue.unreadable).toEqual([]);
  });

  it("a row that says away, while its bytes are here, is a photo like any other", async () => {
    const catalogue = await catalogueWith(["IMG_0001.HEIC"], [{ path: HEIC, resource: away }]);
    expect(itemsOf(catalogue)).toEqual(["photo: IMG_0001.HEIC"]);
    expect(catalogue.items[0]?.cloud).toBe("local");
    expect(catalogue.cloudOnly).toEqual([]);
  });

  it("a row that says here, while nothing is here, is not taken for iCloud's", async () => {
    const catalogue = await catalogueWith([], [{ path: HEIC, resource: { LOCALAVAILABILITY: 1 } }]);
    expect(catalogue.cloudOnly).toEqual([]);
    expect(catalogue.unreadable).toMatchObject([{ path: `/${HEIC}`, reason: { code: "NOT_ON_THE_PHONE" } }]);
  });

  it("before iOS 12 what iCloud has and the phone has not is in iCloud only", async () => {
    const catalogue = await catalogueWith([], [{ path: HEIC, asset: { CLOUDLOCALSTATE: 1 } }]);
    expect(catalogue.cloudOnly).toMatchObject([{ path: `/${HEIC}` }]);
  });

  it("the video of a still that is in iCloud only is not taken for an edited video", async () => {
    const catalogue = await catalogueWith(
      ["IMG_0001.MOV", "IMG_0001.AAE"],
      [{ path: HEIC, asset: { KINDSUBTYPE: 2 }, resource: away }],
    );
    expect(itemsOf(catalogue)).toEqual(["video: IMG_0001.MOV"]);
    expect(setAsideOf(catalogue)).toEqual(["IMG_0001.AAE: ADJUSTMENTS_WITHOUT_ORIGINAL"]);
  });
});

describe("what came down from iCloud Photos", () => {
  const folder = "/PhotoData/CPLAssets/group106";
  const photo = { path: `${folder.slice(1)}/${UUID}.HEIC`, extra: { ORIGINALFILENAME: "IMG_0042.HEIC" } };

  it("comes under the name it had, with its moving half", async () => {
    const catalogue = await catalogueWith([`${folder}/${UUID}.HEIC`, `${folder}/${UUID}.MOV`], [photo]);
    expect(itemsOf(catalogue)).toEqual([
      `live: ${folder}/${UUID}.HEIC + ${folder}/${UUID}.MOV as live-movie`,
    ]);
    expect(catalogue.items[0]?.stem).toBe("IMG_0042");
  });

  it("counts only where the library names it", async () => {
    const stray = `${folder}/00000000-2455-4EDC-9259-D00E097B5E82.HEIC`;
    const catalogue = await catalogueWith([`${folder}/${UUID}.HEIC`, stray], [photo]);
    expect(catalogue.items.map((item) => item.key)).toEqual([`${folder}/${UUID}.HEIC`]);
    expect(catalogue.setAside).toEqual([]);
  });

  it("is left out without the library, because nothing tells what belongs to it", async () => {
    const phone = phoneWith([`${folder}/${UUID}.HEIC`, "IMG_0001.HEIC"]);
    const catalogue = await readCatalogue(phone, { phoneLibrary: null });
    expect(itemsOf(catalogue)).toEqual(["photo: IMG_0001.HEIC"]);
    expect(catalogue.phoneLibrary).toBeNull();
  });
});

describe("the listing", () => {
  it("keeps empty folders, does not follow links, and says what would not be described", async () => {
    const phone = phoneWith(["IMG_0001.HEIC"]);
    phone.makeFolder("/DCIM/101APPLE");
    phone.putOther("/DCIM/100APPLE/link.JPG");
    phone.refuseToDescribe("/DCIM/100APPLE/IMG_0002.HEIC");
    const catalogue = await readCatalogue(phone, { phoneLibrary: null });
    expect(catalogue.folders).toEqual(["/DCIM/100APPLE", "/DCIM/101APPLE"]);
    expect(itemsOf(catalogue)).toEqual(["photo: IMG_0001.HEIC"]);
    expect(catalogue.unreadable).toMatchObject([
      { path: "/DCIM/100APPLE/IMG_0002.HEIC", reason: { code: "FILE_REFUSED" } },
    ]);
  });

  it("a folder that cannot be listed is reported, and is the reason for the files the library has in it", async () => {
    const away = { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1 };
    const edited = "PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments";
    const phone = phoneWith(["IMG_0001.HEIC"]);
    const photos = [
      { path: HEIC, asset: { HASADJUSTMENTS: 1 } },
      { path: "DCIM/101APPLE/IMG_0002.HEIC" },
      { path: "DCIM/101APPLE/IMG_0003.HEIC", resource: away },
      { path: `PhotoData/CPLAssets/group7/${UUID}.HEIC` },
    ];
    const database = databaseFiles((database) => {
      database.exec(IOS_18);
      database.exec("ALTER TABLE ZASSET ADD COLUMN ZHASADJUSTMENTS INTEGER");
      for (const photo of photos) insertAsset(database, "ZASSET", photo);
    });
    for (const [path, file] of database) phone.put(path, file);
    for (const folder of [
      "DCIM/101APPLE",
      "PhotoData/CPLAssets/group7",
      "PhotoData/CPLAssets/group8",
      edited,
    ]) {
      phone.put(`/${folder}/FILE.JPG`, { bytes: Uint8Array.of(1) });
      phone.refuseToList(`/${folder}`);
    }
    const phoneLibrary = await readPhoneLibrary(phone, { workFolder });
    const { unreadable, cloudOnly } = await readCatalogue(phone, { phoneLibrary });
    expect(unreadable.map(({ path, reason }) => [path, reason.code])).toEqual([
      ["/DCIM/101APPLE", "FILE_NOT_PERMITTED"],
      ["/DCIM/101APPLE/IMG_0002.HEIC", "FILE_NOT_PERMITTED"],
      ["/PhotoData/CPLAssets/group7", "FILE_NOT_PERMITTED"],
      [`/PhotoData/CPLAssets/group7/${UUID}.HEIC`, "FILE_NOT_PERMITTED"],
      [`/${edited}`, "FILE_NOT_PERMITTED"],
    ]);
    expect(cloudOnly.map(({ path }) => path)).toEqual(["/DCIM/101APPLE/IMG_0003.HEIC"]);
  });

  it("reports how many files were seen, at the end all of them", async () => {
    const names = Array.from({ length: 600 }, (_, number) => `IMG_${String(number).padStart(4, "0")}.JPG`);
    const reports: number[] = [];
    await readCatalogue(phoneWith(names), { phoneLibrary: null, onProgress: (files) => reports.push(files) });
    expect(reports).toEqual([250, 500, 600]);
  });

  it("can be stopped", async () => {
    const stop = new AbortController();
    stop.abort();
    const options = { phoneLibrary: null, signal: stop.signal };
    await expect(readCatalogue(phoneWith(["IMG_0001.JPG"]), options)).rejects.toMatchObject({
      code: "STOPPED",
    });
  });
});

interface MediaTree {
  readonly entries: { path: string; type: string; size: number; mtime: number; birthtime: number }[];
}

it.skipIf(!hasSharedData)(
  `a real iPhone 7 on iOS 14.3 has 50 files in DCIM, one Live Photo among them${needsSharedData}`,
  async () => {
    const text = readFileSync(join(sharedData, "iphone", "ios14.3-media-tree.json"), "utf8");
    const { entries } = JSON.parse(text) as MediaTree;
    // The sizes are real, the bytes are not: one stretch of zeros serves all.
    const zeros = new Uint8Array(Math.max(...entries.map((entry) => entry.size)));
    const phone = new MemoryPhone();
    for (const { path, type, size, mtime, birthtime } of entries) {
      const seconds = (value: number) => new Date(value * 1000);
      if (type === "directory") phone.makeFolder(`/${path}`);
      else
        phone.put(`/${path}`, {
          bytes: zeros.subarray(0, size),
          modifiedAt: seconds(mtime),
          bornAt: seconds(birthtime),
        });
    }
    const catalogue = await readCatalogue(phone, { phoneLibrary: null });
    const files = catalogue.items.flatMap((item) => item.files);
    expect(files).toHaveLength(50);
    expect(catalogue.items).toHaveLength(49);
    expect(catalogue.setAside).toEqual([]);
    expect(itemsOf(catalogue).filter((item) => item.startsWith("live"))).toEqual([
      "live: IMG_0011.HEIC + IMG_0011.MOV as live-movie",
    ]);
    expect(catalogue.folders).toEqual(["/DCIM/.MISC", "/DCIM/.MISC/Incoming", "/DCIM/100APPLE"]);
  },
);
