import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { type PhoneLibraryRow, PhoneLibraryRows } from "../../src/catalogue/phone-library-rows.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { itemsOf, nameOf, phoneWith } from "./listed-phone.js";
import { type AssetForTest, databaseFiles, IOS_18, insertAsset } from "./phone-database.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

const ADJUSTMENTS = "/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments";
const edited = (name: string, state = 2): AssetForTest => ({
  path: `DCIM/100APPLE/${name}`,
  asset: { ADJUSTMENTSSTATE: state },
});

/** A phone with these files, and a library with these rows. */
async function catalogueOf(names: string[], rows: AssetForTest[], empty: string[] = []) {
  const phone = phoneWith(names, { empty });
  const files = databaseFiles((database) => {
    database.exec(`${IOS_18} ALTER TABLE ZASSET ADD ZADJUSTMENTSSTATE INTEGER;`);
    for (const row of rows) insertAsset(database, "ZASSET", row);
  });
  for (const [path, file] of files) phone.put(path, file);
  const phoneLibrary = await readPhoneLibrary(phone, { workFolder });
  return await readCatalogue(phone, { phoneLibrary });
}

async function told(names: string[], rows: AssetForTest[]): Promise<string[]> {
  const catalogue = await catalogueOf(names, rows);
  const places = [`${ADJUSTMENTS}/`, nameOf(`${ADJUSTMENTS}/`)];
  const short = (text: string) => places.reduce((rest, place) => rest.replaceAll(place, ""), text);
  return [
    ...itemsOf(catalogue).map(short),
    ...catalogue.setAside.map(({ file, code }) => short(`${file.path}: ${code}`)),
  ];
}

test("an edit comes as the edited version where the original and its AAE are there; its note is set aside", async () => {
  const names = ["IMG_0001.HEIC", "IMG_0001.AAE", `${ADJUSTMENTS}/FullSizeRender.heic`];
  expect(await told([...names, `${ADJUSTMENTS}/Adjustments.plist`], [edited("IMG_0001.HEIC")])).toEqual([
    "photo: IMG_0001.HEIC + IMG_0001.AAE as adjustments + FullSizeRender.heic as edited",
    "Adjustments.plist: EDIT_RECORD",
  ]);
});

test("of an edited Live Photo both halves of the edit come", async () => {
  const names = ["IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.AAE"];
  const renderings = [`${ADJUSTMENTS}/FullSizeRender.mov`, `${ADJUSTMENTS}/FullSizeRender.jpg`];
  expect(await told([...names, ...renderings], [edited("IMG_0001.HEIC")])).toEqual([
    "live: IMG_0001.HEIC + IMG_0001.MOV as live-movie + IMG_0001.AAE as adjustments + " +
      "FullSizeRender.jpg as edited + FullSizeRender.mov as edited-live-movie",
  ]);
});

test("an edited film comes with its rendering", async () => {
  const names = ["IMG_0001.MOV", "IMG_0001.AAE", `${ADJUSTMENTS}/FullSizeRender.mov`];
  expect(await told(names, [edited("IMG_0001.MOV")])).toEqual([
    "video: IMG_0001.MOV + IMG_0001.AAE as adjustments + FullSizeRender.mov as edited",
  ]);
});

test.each([
  ["without the AAE", ["IMG_0001.HEIC"], [edited("IMG_0001.HEIC")], ["photo: IMG_0001.HEIC"]],
  [
    "beside a rendering that lies in DCIM",
    ["IMG_0001.HEIC", "IMG_0001.AAE", "IMG_E0001.HEIC"],
    [edited("IMG_0001.HEIC")],
    ["photo: IMG_0001.HEIC + IMG_0001.AAE as adjustments + IMG_E0001.HEIC as edited"],
  ],
  [
    "where two photos have the name of the original",
    ["IMG_0001.HEIC", "IMG_0001.JPG"],
    [edited("IMG_0001.HEIC")],
    ["photo: IMG_0001.HEIC", "photo: IMG_0001.JPG"],
  ],
  ["where the original is not on the phone", [], [edited("IMG_0001.HEIC")], []],
])("a rendering that Photos cannot take is named as not carried: %s", async (_title, names, rows, items) => {
  const rendering = `${ADJUSTMENTS}/FullSizeRender.heic`;
  expect(await told([...names, rendering], rows)).toEqual([
    ...items,
    "FullSizeRender.heic: EDIT_NOT_CARRIED",
  ]);
});

test("nor where the original's name is none that Photos takes with an edit", async () => {
  const rendering = "/PhotoData/Mutations/DCIM/100APPLE/Lake/Adjustments/FullSizeRender.heic";
  const { setAside } = await catalogueOf(["Lake.HEIC", "Lake.AAE", rendering], [edited("Lake.HEIC")]);
  expect(setAside).toMatchObject([
    { file: { path: rendering }, code: "EDIT_NOT_CARRIED", message: expect.stringContaining("IMG_0001") },
  ]);
});

test("an original from iCloud has its edit under its UUID, and both take the name the camera gave", async () => {
  const uuid = "EB1E6E42-2455-4EDC-9259-D00E097B5E82";
  const below = `/PhotoData/CPLAssets/group12/${uuid}`;
  const rendering = `/PhotoData/Mutations${below}/Adjustments/FullSizeRender.heic`;
  const { items } = await catalogueOf(
    [`${below}.HEIC`, `${below}.AAE`, rendering],
    [
      {
        path: `${below.slice(1)}.HEIC`,
        asset: { ADJUSTMENTSSTATE: 1 },
        extra: { ORIGINALFILENAME: "IMG_4711.HEIC" },
      },
    ],
  );
  expect(items).toMatchObject([
    { stem: "IMG_4711", files: [{}, { role: "adjustments" }, { role: "edited", file: { path: rendering } }] },
  ]);
});

test("what an edit that was undone left behind is not named, so it does not answer", async () => {
  const names = ["IMG_0001.HEIC", "IMG_0001.AAE", `${ADJUSTMENTS}/FullSizeRender.heic`];
  expect(await told(names, [edited("IMG_0001.HEIC", 0)])).toEqual([
    "photo: IMG_0001.HEIC + IMG_0001.AAE as adjustments",
  ]);
});

test("other files below Mutations, an empty rendering, and the moving half of an edit alone", async () => {
  const empty = `${ADJUSTMENTS}/FullSizeRender.heic`;
  const { items, setAside } = await catalogueOf(
    [
      ...["IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.AAE", `${ADJUSTMENTS}/FullSizeRender.mov`, empty],
      "/PhotoData/Mutations/readme.txt",
      "/PhotoData/Mutations/Books/IMG_0001/Adjustments/FullSizeRender.heic",
    ],
    [edited("IMG_0001.HEIC")],
    [empty],
  );
  expect(items.map(({ files }) => files.length)).toEqual([3]);
  expect(setAside.map(({ file, code }) => [file.path, code])).toEqual([
    [empty, "EMPTY_FILE"],
    [`${ADJUSTMENTS}/FullSizeRender.mov`, "EDIT_NOT_CARRIED"],
  ]);
});

test("whatever lies where, every file of an edit that is named is in exactly one place", async () => {
  const stem = fc.constantFrom("IMG_0001", "img_0001", "IMG_0002", "IMG_E0001", "Lake");
  const original = fc
    .tuple(stem, fc.constantFrom(".HEIC", ".JPG", ".MOV", ".AAE", ".DNG"))
    .map(([name, extension]) => `/DCIM/100APPLE/${name}${extension}`);
  const ofEdit = fc
    .tuple(
      stem,
      fc.constantFrom(
        "FullSizeRender.jpg",
        "FULLSIZERENDER.HEIC",
        "FullSizeRender.mov",
        "Adjustments.plist",
        ".x",
      ),
    )
    .map(([name, file]) => `/PhotoData/Mutations/DCIM/100APPLE/${name}/Adjustments/${file}`);
  const paths = fc.uniqueArray(fc.oneof(original, ofEdit), { maxLength: 25, size: "max" });
  await fc.assert(
    fc.asyncProperty(paths, fc.uniqueArray(original, { maxLength: 6 }), async (names, originals) => {
      const rows = new PhoneLibraryRows();
      for (const path of originals) rows.add({ ...ROW, path });
      const summary = { ...NO_SUMMARY };
      const phoneLibrary = {
        summary,
        rows: () => rows,
        find: (path: string) => rows.find(path),
        without: (paths: Iterable<string>) => rows.without(paths),
        partsAway: () => [],
      };
      const catalogue = await readCatalogue(phoneWith(names), { phoneLibrary });
      const stems = new Set(originals.map((path) => path.toLowerCase().replace(/\.\w+$/, "")));
      const named = names.filter((path) => {
        const edit = /^\/PhotoData\/Mutations(.+)\/Adjustments\//.exec(path);
        return edit === null || stems.has(edit[1]!.toLowerCase());
      });
      const places = [
        ...catalogue.items.flatMap(({ files }) => files.map(({ file }) => file.path)),
        ...catalogue.setAside.map(({ file }) => file.path),
      ];
      expect(places.sort()).toEqual(named.sort());
      for (const { files } of catalogue.items) {
        const roles = files.map(({ role }) => role);
        expect(new Set(roles).size).toBe(roles.length);
        if (roles.includes("edited")) expect(roles).toContain("adjustments");
      }
    }),
    { numRuns: 200, seed: 20261122 },
  );
});

const ROW: PhoneLibraryRow = {
  path: "",
  kind: "photo",
  screenshot: false,
  trashed: false,
  hidden: false,
  favorite: false,
  shown: true,
  originalFileName: null,
  originalSizeBytes: null,
  takenAtMs: null,
  syncedWithICloud: false,
  bytesHere: "yes",
  edited: true,
  inSharedLibrary: false,
  caption: null,
  burst: null,
  albums: [],
};

const NO_SUMMARY = {
  shownCount: 0,
  hiddenCount: 0,
  trashedCount: 0,
  sharedLibraryCount: 0,
  syncedWithICloud: false,
  albums: null,
  modelVersion: null,
};
