import { expect, test } from "vitest";
import type { MediaItem } from "../../src/catalogue/media-item.js";
import { isNarrowed, type Selection, selectionTest } from "../../src/plan/selection.js";

const at = (text: string) => new Date(text);

function item(part: Partial<MediaItem> & { path?: string } = {}): MediaItem {
  const { path = "/DCIM/100APPLE/IMG_0001.HEIC", ...rest } = part;
  const file = { path, sizeBytes: 1, modifiedAtMs: Date.parse("2026-11-10T12:00:00Z"), bornAtMs: null };
  return {
    key: path,
    kind: "photo",
    files: [{ role: "original", file }],
    stem: "IMG_0001",
    arrivedAtMs: Date.parse("2026-11-10T12:00:00Z"),
    takenAtMs: null,
    trashed: false,
    hidden: false,
    favorite: false,
    cloud: "local",
    library: null,
    ...rest,
  };
}

function inAlbums(...albums: string[]): MediaItem["library"] {
  return { shown: true, caption: null, albums, burst: null, inSharedLibrary: false, inICloud: "no" };
}

test.each<[string, Selection, Partial<MediaItem> & { path?: string }, boolean]>([
  ["nothing asked for", {}, {}, true],
  ["since its own moment", { since: at("2026-11-10T12:00:00Z") }, {}, true],
  ["since a moment later", { since: at("2026-11-10T12:00:01Z") }, {}, false],
  ["before its own moment", { before: at("2026-11-10T12:00:00Z") }, {}, false],
  ["before a later moment", { before: at("2026-11-11T00:00:00Z") }, {}, true],
  ["taken since, not known when", { takenSince: at("2020-01-01T00:00:00Z") }, {}, false],
  [
    "taken since",
    { takenSince: at("2020-01-01T00:00:00Z") },
    { takenAtMs: Date.parse("2021-01-01T00:00:00Z") },
    true,
  ],
  ["its kind", { kinds: ["video", "photo"] }, {}, true],
  ["another kind", { kinds: ["video"] }, {}, false],
  ["a name pattern in another case", { name: "img_00*" }, {}, true],
  ["a pattern for the extension", { name: "*.mov" }, {}, false],
  ["a pattern with a set", { name: "IMG_000[1-3].*" }, {}, true],
  ["a pattern that begins with an exclamation mark", { name: "!IMG_0001.HEIC" }, {}, false],
  ["its folder, short", { folder: "100apple" }, {}, true],
  ["its folder, long", { folder: "/DCIM/100APPLE/" }, {}, true],
  ["a folder whose name only begins alike", { folder: "100APP" }, {}, false],
  ["all of DCIM", { folder: "DCIM" }, {}, true],
  ["favourites, and it is none", { favorites: true }, {}, false],
  ["favourites, and it is one", { favorites: true }, { favorite: true }, true],
  ["an album, and the phone's library does not know it", { album: "Lake" }, {}, false],
  ["an album that holds it", { album: "Lake" }, { library: inAlbums("Family", "Lake") }, true],
  ["an album that does not hold it", { album: "Lake" }, { library: inAlbums("Lake 2025") }, false],
  [
    "an album in another case and form",
    { album: "E\u0301te\u0301" },
    { library: inAlbums("\u00e9t\u00e9") },
    true,
  ],
])("%s: %j on %j is %s", (_title, selection, part, isChosen) => {
  expect(selectionTest(selection)(item(part))).toBe(isChosen);
});

test("a Live Photo is chosen by the name of either half", () => {
  const live = item();
  const video = { ...live.files[0]!.file, path: "/DCIM/100APPLE/IMG_0001.MOV" };
  const whole = { ...live, files: [...live.files, { role: "live-movie" as const, file: video }] };
  expect(selectionTest({ name: "*.mov" })(whole)).toBe(true);
});

test("a limit narrows a selection; wanting hidden pictures too does not", () => {
  expect(isNarrowed({})).toBe(false);
  expect(isNarrowed({ includeHidden: true })).toBe(false);
  expect(isNarrowed({ limit: 5 })).toBe(true);
  expect(isNarrowed({ favorites: true })).toBe(true);
});
