import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseDictionary } from "../../../src/usb/wire/property-list.js";
import { writePhoneDatabase } from "../../../src/virtual/iphone/phone-database.js";

const createdAt = new Date("2026-11-01T12:00:00Z");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "phone-database-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function query(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(folder, "PhotoData/Photos.sqlite"), { readOnly: true });
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

test("the version is in a binary property list, where a real library has it", async () => {
  await writePhoneDatabase(folder, [], { modelVersion: 19320 });
  const [row] = query("SELECT Z_PLIST FROM Z_METADATA");
  const plist = row!.Z_PLIST as Uint8Array;
  expect(Buffer.from(plist).subarray(0, 8).toString()).toBe("bplist00");
  expect(parseDictionary(plist).PLModelVersion).toBe(19320);
});

test("an item that came down from iCloud has its name, caption, date and cloud state", async () => {
  await writePhoneDatabase(folder, [
    {
      directory: "PhotoData/CPLAssets/group12",
      filename: "7E0B7D5C-0000-4000-8000-000000000001.HEIC",
      originalFilename: "IMG_7777.HEIC",
      kind: "photo",
      createdAt,
      caption: "At the lake",
      sizeBytes: 1234,
      isSyncedWithICloud: true,
    },
  ]);
  expect(
    query(
      `SELECT a.ZDIRECTORY, a.ZCLOUDLOCALSTATE, a.ZDATECREATED + 978307200 AS taken, x.ZORIGINALFILENAME,
       x.ZORIGINALFILESIZE, d.ZLONGDESCRIPTION, r.ZLOCALAVAILABILITY, r.ZREMOTEAVAILABILITY, r.ZCOMPACTUTI
       FROM ZASSET a JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = a.Z_PK
       JOIN ZASSETDESCRIPTION d ON d.Z_PK = x.ZASSETDESCRIPTION JOIN ZINTERNALRESOURCE r ON r.ZASSET = a.Z_PK`,
    ),
  ).toEqual([
    {
      ZDIRECTORY: "PhotoData/CPLAssets/group12",
      ZCLOUDLOCALSTATE: 1,
      taken: createdAt.getTime() / 1000,
      ZORIGINALFILENAME: "IMG_7777.HEIC",
      ZORIGINALFILESIZE: 1234,
      ZLONGDESCRIPTION: "At the lake",
      ZLOCALAVAILABILITY: 1,
      ZREMOTEAVAILABILITY: 1,
      ZCOMPACTUTI: "3",
    },
  ]);
});

test("the parts of an item are resources of their own, and nothing is here when it is in iCloud only", async () => {
  const part = (name: "live-movie" | "adjustments" | "edited", filename: string) => ({
    part: name,
    filename,
    sizeBytes: 10,
  });
  await writePhoneDatabase(folder, [
    {
      directory: "DCIM/100APPLE",
      filename: "IMG_0001.JPG",
      kind: "photo",
      subtype: "live",
      createdAt,
      isOnPhone: false,
      isEdited: true,
      parts: [
        part("live-movie", "IMG_0001.MOV"),
        part("adjustments", "IMG_0001.AAE"),
        part("edited", "IMG_E0001.JPG"),
      ],
    },
  ]);
  const resources = query(
    "SELECT ZRESOURCETYPE AS type, ZVERSION AS version, ZLOCALAVAILABILITY AS here FROM ZINTERNALRESOURCE",
  );
  expect(resources).toEqual([
    { type: 0, version: 0, here: -1 },
    { type: 3, version: 0, here: -1 },
    { type: 5, version: 0, here: -1 },
    { type: 0, version: 2, here: -1 },
  ]);
  expect(query("SELECT ZADJUSTMENTSSTATE FROM ZASSET")).toEqual([{ ZADJUSTMENTSSTATE: 2 }]);
});
