import { expect, test } from "vitest";
import type { PhoneLibrarySummary } from "../../src/catalogue/media-item.js";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { RollcallError } from "../../src/errors.js";
import { requireAlbum } from "../../src/plan/require-album.js";
import type { Selection } from "../../src/plan/selection.js";

function library(albums: string[] | null): PhoneLibrarySummary {
  return {
    shownCount: 0,
    hiddenCount: 0,
    trashedCount: 0,
    sharedLibraryCount: 0,
    ofOthersCount: 0,
    syncedWithICloud: false,
    usesICloudPhotos: false,
    albums,
    modelVersion: null,
  };
}

function refusalOf(selection: Selection, summary: PhoneLibrarySummary | null): RollcallError | null {
  try {
    requireAlbum(selection, summary);
    return null;
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
}

test.each([
  ["an album that is there", "Lake", ["Lake"]],
  ["in another case", "lake", ["Lake"]],
  ["with accents composed otherwise", "E\u0301te\u0301", ["\u00c9t\u00e9"]],
])("%s is taken", (_title, album, albums) => {
  expect(refusalOf({ album }, library(albums))).toBeNull();
});

test.each([
  [
    "a typing mistake names the one that is meant",
    "Laek",
    ["Lake", "Family", "Work"],
    'Did you mean "Lake"?',
  ],
  ["a part of a title names those that hold it", "2025", ["Lake 2025", "Work"], 'Did you mean "Lake 2025"?'],
  [
    "with nothing near, the first five are named, and how many more",
    "zzz",
    ["a1", "b2", "c3", "d4", "e5", "f6", "g7"],
    'Its albums are "a1", "b2", "c3", "d4", "e5" and 2 more.',
  ],
  ["without albums, another way is named", "Lake", [], "There are no albums on it"],
  ["where albums are not known, it says so", "Lake", null, "There are no albums on it"],
])("an album that is not there: %s", (_title, album, albums, remedy) => {
  const error = refusalOf({ album }, library(albums));
  expect(error).toMatchObject({ code: "NO_SUCH_ALBUM", option: "album" });
  expect(inCommandWords(error!.remedy)).toContain(remedy);
  expect(error?.why === undefined).toBe(albums !== null);
});

test("hostile titles are shown as escapes and cut", () => {
  const error = refusalOf({ album: "zzz" }, library(["\u001b[2J\n", "x".repeat(5000)]));
  expect(inCommandWords(error?.remedy ?? "")).not.toContain("\u001b");
  expect(error?.remedy.length).toBeLessThan(200);
});

test("without the phone's library, albums and favourites cannot be chosen, and the rest can", () => {
  expect(refusalOf({ album: "Lake" }, null)).toMatchObject({ code: "BAD_USAGE" });
  expect(refusalOf({ favorites: true }, null)).toMatchObject({ code: "BAD_USAGE" });
  expect(refusalOf({ limit: 5 }, null)).toBeNull();
});
