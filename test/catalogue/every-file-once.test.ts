import fc from "fast-check";
import { expect, it } from "vitest";
import type { Catalogue } from "../../src/catalogue/media-item.js";
import type { PhoneLibrary } from "../../src/catalogue/phone-library.js";
import { PhoneLibraryRows } from "../../src/catalogue/phone-library-rows.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";

/** Few stems and many extensions, so that names meet in every way. A failure prints its seed. */
const path = fc
  .tuple(
    fc.constantFrom(
      "/DCIM/100APPLE",
      "/DCIM/101APPLE",
      "/DCIM/.MISC",
      "/DCIM/100APPLE/inner",
      "/DCIM/é",
      "/DCIM",
    ),
    fc.constantFrom("IMG_", "img_", "IMG_E", "IMG_O", "DSC_", "ÉTÉ_", "E\u0301TE\u0301_E", ".IMG_"),
    fc.constantFrom("0001", "0002", "12345", ""),
    fc.constantFrom(
      ".HEIC",
      ".heic",
      ".JPG",
      ".MOV",
      ".mov",
      ".MP4",
      ".DNG",
      ".CR2",
      ".AAE",
      ".aae",
      ".PNG",
      ".txt",
      "",
    ),
  )
  .map(([folder, letters, digits, extension]) => `${folder}/${letters}${digits}${extension}`);

const fate = fc.constantFrom("file", "empty", "refused", "icloud-only", "row-only");
/** What the library says of parts that are in iCloud only, true or not. */
const away = fc.subarray(["live-movie", "raw", "edited", "edited-live-movie"] as const);
const row = fc.record({ named: fc.boolean(), trashed: fc.boolean(), hidden: fc.boolean(), away });
const entry = fc.record({ path, fate, row });
const listing = fc.uniqueArray(entry, { selector: (each) => each.path, maxLength: 40, size: "max" });

type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

it("every file is in exactly one place, in whatever order the phone lists them", async () => {
  await fc.assert(
    fc.asyncProperty(listing, fc.integer(), async (entries, seed) => {
      const library = libraryFor(entries);
      const catalogue = await read(entries, library, 0);
      expect(placesOf(catalogue)).toEqual(entries.map((each) => each.path).sort());
      const withParts = [...placesOf(catalogue), ...catalogue.awayParts.map((part) => part.path)];
      expect(new Set(withParts).size).toBe(withParts.length);
      const keys = new Set(catalogue.items.map((item) => item.key));
      for (const part of catalogue.awayParts) expect(keys).toContain(part.item);
      expect(await read(entries, library, seed)).toEqual(catalogue);
      for (const item of catalogue.items) {
        expect(item.files[0]?.role).toBe("original");
        expect(item.key).toBe(item.files[0]?.file.path);
        const roles = item.files.map((file) => file.role);
        expect(new Set(roles).size).toBe(roles.length);
        const own = library.find(item.key) ?? (roles.includes("raw") ? "the RAW's" : null);
        if (own !== "the RAW's") expect(item.trashed).toBe(own?.trashed ?? false);
      }
    }),
    { numRuns: 400 },
  );
});

it("no file of an item is answered for by another one's place in the trash", async () => {
  await fc.assert(
    fc.asyncProperty(listing, async (entries) => {
      const library = libraryFor(entries);
      const { items } = await read(entries, library, 0);
      for (const { files, trashed, hidden } of items) {
        for (const { file } of files) {
          const own = library.find(file.path);
          if (own !== null && own.path === file.path && isMedia(file.path)) {
            expect([file.path, own.trashed, own.hidden]).toEqual([file.path, trashed, hidden]);
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});

const isMedia = (path: string) => !/\.aae$/i.test(path);

function libraryFor(entries: readonly Entry[]): PhoneLibrary {
  const rows = new PhoneLibraryRows();
  const partsAway = entries.flatMap(({ path, row: { away } }) =>
    away.length === 0
      ? []
      : [{ path, parts: away.map((role) => ({ role, extension: null, sizeBytes: null })) }],
  );
  for (const { path, fate, row } of entries) {
    const isAbsent = fate === "icloud-only" || fate === "row-only";
    if (!row.named && !isAbsent) continue;
    rows.add({
      path,
      kind: "photo",
      unplaced: null,
      screenshot: false,
      live: false,
      partsHere: [],
      trashed: row.trashed,
      hidden: row.hidden,
      favorite: false,
      shown: true,
      originalFileName: null,
      originalSizeBytes: null,
      takenAtMs: null,
      syncedWithICloud: false,
      bytesHere: fate === "icloud-only" ? "no" : "yes",
      edited: row.named,
      inSharedLibrary: false,
      inICloud: "no",
      caption: null,
      burst: null,
      albums: [],
    });
  }
  const summary = {
    shownCount: 0,
    hiddenCount: 0,
    trashedCount: 0,
    sharedLibraryCount: 0,
    ofOthersCount: 0,
    albums: null,
    syncedWithICloud: false,
    usesICloudPhotos: false,
    modelVersion: null,
  };
  return {
    summary,
    rows: () => rows,
    find: (path) => rows.find(path),
    without: (paths) => rows.without(paths),
    partsAway: () => partsAway,
  };
}

async function read(entries: readonly Entry[], phoneLibrary: PhoneLibrary, seed: number): Promise<Catalogue> {
  const phone = new MemoryPhone([], { order: (listed) => shuffled(listed, seed) });
  for (const { path, fate } of entries) {
    if (fate === "file" || fate === "empty")
      phone.put(path, { bytes: new Uint8Array(fate === "file" ? 1 : 0) });
    if (fate === "refused") phone.refuseToDescribe(path);
  }
  return await readCatalogue(phone, { phoneLibrary });
}

/** Where each path of the catalogue lies; one that lies in two places is there twice. */
function placesOf(catalogue: Catalogue): string[] {
  return [
    ...catalogue.items.flatMap((item) => item.files.map((each) => each.file.path)),
    ...catalogue.setAside.map((each) => each.file.path),
    ...catalogue.cloudOnly.map((each) => each.path),
    ...catalogue.unreadable.map((each) => each.path),
  ].sort();
}

function shuffled<T>(values: readonly T[], seed: number): T[] {
  let state = seed | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return values
    .map((value) => ({ value, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
