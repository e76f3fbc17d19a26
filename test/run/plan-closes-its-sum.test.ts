import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/catalogue/media-item.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { planLines, planTotals } from "../../src/cli/commands/plan/lines.js";
import { decide } from "../../src/plan/decide.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import {
  type AssetForTest,
  insertAsset,
  macLibraryOnPhone,
  phoneDatabaseLike,
} from "../catalogue/phone-database.js";
import { hasSharedData, needsSharedData, sharedData } from "../catalogue/shared-data.js";
import { memoryDisk } from "../memory-disk.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(memoryDisk, "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

/** The same model as of the iOS in brackets; of iOS 14 to 16 none was to be had. */
const LIBRARIES = [
  ["photos5-macos10.15.1", "iOS 13"],
  ["adjusted-trashed-macos14.4.1", "iOS 17"],
  ["media-types-macos15.7.2", "iOS 18"],
  ["current-macos26.1", "iOS 26"],
] as const;

const libraryAt = (name: string) => join(sharedData, "photoslibrary", `${name}.photoslibrary`);
const KNOWS_NOTHING = {
  sightings: {
    hashSeen: () => null,
    wasSeenWithSize: () => false,
    wasSeenAt: () => false,
    isMarked: () => false,
  },
  items: { itemsWithFile: () => [], resemblesOtherPhones: () => false, importedFrom: () => null },
};

/** The lines of `rollcall plan` on a phone with this database, on which lies what the database says is there. */
async function planOn(
  database: ReturnType<typeof macLibraryOnPhone>,
  more: readonly string[] = [],
): Promise<{ lines: string[]; catalogue: Catalogue }> {
  const phone = new MemoryPhone(database);
  const phoneLibrary = await readPhoneLibrary(phone, { workFolder });
  for (const { path, bytesHere } of phoneLibrary.rows())
    if (bytesHere !== "no") phone.put(path, { bytes: Buffer.from(path) });
  for (const path of more) phone.put(path, { bytes: Buffer.from(path) });
  const catalogue = await readCatalogue(phone, { phoneLibrary });
  const plan = decide(catalogue, KNOWS_NOTHING, {
    selection: {},
    edits: false,
    again: false,
    icloud: "skip",
  });
  return {
    catalogue,
    lines: planLines(planTotals(plan), "Anna", { into: "Photos", cableBitsPerSecond: null }),
  };
}

/** The number in the first line, the sum of the table's rows, and of what the phone's app shows and does not. */
function sumsOf(lines: readonly string[]): { shown: number; rows: number; grid: number; apart: number } {
  const rule = lines.findIndex((line) => /^ +-+$/.test(line));
  const rows = lines.slice(2, rule).map((line) => Number(/^ {2}\D+?(\d+)(?: |$)/.exec(line)![1]));
  const side = lines.find((line) => line.startsWith("  In its Photos grid"))!;
  const [grid = 0, ...apart] = (/^(.*?Not in it: .*?\.|.*?\.)/.exec(side)![0].match(/\d+/g) ?? []).map(
    Number,
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return { shown: Number(/shows (\d+) /.exec(lines[0]!)![1]), rows: sum(rows), grid, apart: sum(apart) };
}

describe(`plan closes its sum from both sides${needsSharedData}`, () => {
  it.skipIf(!hasSharedData).each(LIBRARIES)("on the photos of %s (%s)", async (name) => {
    const { counts } = JSON.parse(
      readFileSync(join(sharedData, "photoslibrary", `${name}.facts.json`), "utf8"),
    ) as { counts: Record<"assets" | "trashed" | "hidden" | "not_visible", number> };
    const { lines } = await planOn(macLibraryOnPhone(libraryAt(name)));
    const { shown, rows, grid, apart } = sumsOf(lines);
    expect(shown).toBe(counts.assets - counts.trashed);
    expect(rows).toBe(shown);
    expect(grid).toBe(counts.assets - counts.trashed - counts.hidden - counts.not_visible);
    expect(grid + apart).toBe(shown);
    expect(lines.join("\n")).not.toContain("Not explained");
  });

  it.skipIf(!hasSharedData).each(LIBRARIES)("on one of everything in the tables of %s (%s)", async (name) => {
    const away = { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1 };
    const photo = (number: number, more: Partial<AssetForTest> = {}): AssetForTest => ({
      path: `DCIM/100APPLE/IMG_${String(number).padStart(4, "0")}.JPG`,
      resource: { LOCALAVAILABILITY: 1 },
      ...more,
    });
    const synced = {
      asset: { CLOUDLOCALSTATE: 1 },
      resource: { LOCALAVAILABILITY: 1, REMOTEAVAILABILITY: 1 },
    };
    const photos = [
      ...[photo(1), photo(2, { asset: { KINDSUBTYPE: 2 } }), photo(3, { asset: { FAVORITE: 1 } })],
      photo(4, synced),
      photo(5, { asset: { HIDDEN: 1 } }),
      photo(6, { asset: { TRASHEDSTATE: 1 } }),
      photo(7, { asset: { TRASHEDSTATE: 1, HIDDEN: 1 } }),
      photo(8, { resource: away }),
      photo(9, { resource: away, asset: { HIDDEN: 1 } }),
      photo(10, { resource: away, asset: { TRASHEDSTATE: 1 } }),
      photo(11, { asset: { AVALANCHEUUID: "B", AVALANCHEPICKTYPE: 2, VISIBILITYSTATE: 2 } }),
      photo(12, { asset: { AVALANCHEUUID: "B", AVALANCHEPICKTYPE: 20 } }),
      photo(13, { asset: { SAVEDASSETTYPE: 4 } }), // of a shared album: not of this library
      photo(14, { path: "PhotoData/CPLAssets/group7/EB1E6E42-2455-4EDC-9259-D00E097B5E82.HEIC" }),
      photo(15, { path: "DCIM/100APPLE/IMG_0015.MOV", asset: { KIND: 1 } }),
    ];
    const database = phoneDatabaseLike(libraryAt(name), (database, { asset }) => {
      for (const each of photos) insertAsset(database, asset, each);
    });
    // A moving half has no row, a video of another app is unknown to the library.
    const { lines, catalogue } = await planOn(database, [
      "/DCIM/100APPLE/IMG_0002.MOV",
      "/DCIM/100APPLE/SAVED.MP4",
      "/DCIM/100APPLE/NOTE.TXT",
    ]);
    expect(catalogue.phoneLibrary).toMatchObject({ shownCount: 8, hiddenCount: 2, trashedCount: 3 });
    expect(sumsOf(lines)).toEqual({ shown: 12, rows: 12, grid: 8, apart: 4 });
    expect(lines).toEqual([
      "Anna shows 12 photos and videos.",
      "",
      expect.stringMatching(/^ {2}import {16}8 /),
      "  in iCloud Photos      1   stays there; --icloud import imports it",
      "  in iCloud only        2   not on the phone until Download and Keep Originals is switched on there",
      "  hidden                1   --include-hidden imports it",
      "                    -----",
      "                       12   and 3 in Recently Deleted, 1 file that is not a photo or video",
      expect.stringMatching(/^ {2}Of those in iCloud Photos: This library was not checked for .*\.$/),
      expect.stringMatching(/^ {2}rollcall import --icloud import imports it /),
      "  In its Photos grid: 8. Not in it: 2 hidden, 1 frame of a burst that nobody picked, 1 unknown to its library. Shared by others, and not in its library: 1.",
    ]);
  });
});
