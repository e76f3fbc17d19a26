import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { type PhoneLibraryRow, PhoneLibraryRows } from "../../src/catalogue/phone-library-rows.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { RollcallError } from "../../src/errors.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import type { MemoryPhoneRequest } from "../../src/virtual/iphone/memory-phone.js";
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
  asset: { ADJUSTMENTSSTATE: state, KIND: name.endsWith(".MOV") ? 1 : 0 },
});

/** A recipe as iOS 26 keeps it; each file that is called so has these bytes unless a test says otherwise. */
const recipe = (format?: string) => encodeAdjustments(new Date("2026-05-02T10:00:00Z"), 0.5, format);

/** A phone with these files, and a library with these rows. */
async function catalogueOf(
  names: string[],
  rows: AssetForTest[],
  { empty = [], recipeBytes = recipe(), onRequest }: CatalogueForTest = {},
) {
  const phone = phoneWith(names, { empty, ...(onRequest && { onRequest }) });
  for (const name of names)
    if (name.endsWith("/Adjustments.plist"))
      phone.put(name, { bytes: recipeBytes, modifiedAt: new Date("2026-05-02T10:00:00Z") });
  const files = databaseFiles((database) => {
    database.exec(`${IOS_18} ALTER TABLE ZASSET ADD ZADJUSTMENTSSTATE INTEGER;`);
    for (const row of rows) insertAsset(database, "ZASSET", row);
  });
  for (const [path, file] of files) phone.put(path, file);
  const phoneLibrary = await readPhoneLibrary(phone, { workFolder });
  return await readCatalogue(phone, { phoneLibrary });
}

interface CatalogueForTest {
  readonly empty?: string[];
  readonly recipeBytes?: Buffer;
  readonly onRequest?: (request: MemoryPhoneRequest) => void;
}

async function told(
  names: string[],
  rows: AssetForTest[],
  options: CatalogueForTest = {},
): Promise<string[]> {
  const catalogue = await catalogueOf(names, rows, options);
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

test("an edited video comes with its rendering", async () => {
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

const RECIPE = `${ADJUSTMENTS}/Adjustments.plist`;

test.each([
  [
    "a photo",
    ["IMG_0001.HEIC", RECIPE, `${ADJUSTMENTS}/FullSizeRender.heic`],
    "photo: IMG_0001.HEIC + Adjustments.plist as adjustments + FullSizeRender.heic as edited",
  ],
  [
    "a Live Photo, both halves",
    [
      "IMG_0001.HEIC",
      "IMG_0001.MOV",
      `${ADJUSTMENTS}/FullSizeRender.mov`,
      `${ADJUSTMENTS}/FullSizeRender.jpg`,
      RECIPE,
    ],
    "live: IMG_0001.HEIC + IMG_0001.MOV as live-movie + Adjustments.plist as adjustments + " +
      "FullSizeRender.jpg as edited + FullSizeRender.mov as edited-live-movie",
  ],
  [
    "a video",
    ["IMG_0001.MOV", `${ADJUSTMENTS}/FullSizeRender.mov`, RECIPE],
    "video: IMG_0001.MOV + Adjustments.plist as adjustments + FullSizeRender.mov as edited",
  ],
  [
    "a RAW alone",
    ["IMG_0001.DNG", `${ADJUSTMENTS}/FullSizeRender.jpg`, RECIPE],
    "raw: IMG_0001.DNG + Adjustments.plist as adjustments + FullSizeRender.jpg as edited",
  ],
  [
    "a RAW pair",
    ["IMG_0001.DNG", "IMG_0001.JPG", `${ADJUSTMENTS}/FullSizeRender.jpg`, RECIPE],
    "raw: IMG_0001.JPG + IMG_0001.DNG as raw + Adjustments.plist as adjustments + FullSizeRender.jpg as edited",
  ],
  [
    "a photo whose rendering is not there",
    ["IMG_0001.HEIC", RECIPE],
    "photo: IMG_0001.HEIC + Adjustments.plist as adjustments",
  ],
  [
    "a photo beside what the camera itself applied",
    ["IMG_0001.HEIC", "IMG_O0001.AAE", RECIPE],
    "photo: IMG_0001.HEIC + IMG_O0001.AAE as original-adjustments + Adjustments.plist as adjustments",
  ],
])("without an AAE the edit comes with the recipe beside the rendering: %s", async (_title, names, item) => {
  const original =
    names.find((name) => /\.(HEIC|JPG|MOV|DNG)$/.test(name) && !name.endsWith(".DNG")) ?? names[0]!;
  expect(await told(names, [edited(original)])).toEqual([item]);
});

test("without the edited still of a Live Photo its recipe comes, and the moving half is named", async () => {
  const names = ["IMG_0001.HEIC", "IMG_0001.MOV", RECIPE, `${ADJUSTMENTS}/FullSizeRender.mov`];
  expect(await told(names, [edited("IMG_0001.HEIC")])).toEqual([
    "live: IMG_0001.HEIC + IMG_0001.MOV as live-movie + Adjustments.plist as adjustments",
    "FullSizeRender.mov: EDIT_NOT_CARRIED",
  ]);
});

test.each([["com.apple.photo"], ["com.apple.video"]])("%s is a format that is carried", async (format) => {
  const { setAside } = await catalogueOf(["IMG_0001.HEIC", RECIPE], [edited("IMG_0001.HEIC")], {
    recipeBytes: recipe(format),
  });
  expect(setAside).toEqual([]);
});

test.each([
  ["ScreenshotServices"],
  ["com.apple.video.slomo"],
  ["com.apple.photos"],
  ["COM.APPLE.PHOTO"],
  ["com.example.editor"],
  ["toString"],
  ["\u202eevil"],
  ["x".repeat(200)],
])("the format %j is not: its recipe and its rendering are named with it", async (format) => {
  const names = ["IMG_0001.HEIC", RECIPE, `${ADJUSTMENTS}/FullSizeRender.heic`, `${ADJUSTMENTS}/note.data`];
  const { items, setAside } = await catalogueOf(names, [edited("IMG_0001.HEIC")], {
    recipeBytes: recipe(format),
  });
  expect(items.map(({ files }) => files.length)).toEqual([1]);
  expect(setAside.map(({ code, item }) => [code, item])).toEqual([
    ["EDIT_NOT_CARRIED", "/DCIM/100APPLE/IMG_0001.HEIC"],
    ["EDIT_NOT_CARRIED", "/DCIM/100APPLE/IMG_0001.HEIC"],
    ["EDIT_RECORD", "/DCIM/100APPLE/IMG_0001.HEIC"],
  ]);
  for (const { code, message } of setAside)
    if (code === "EDIT_NOT_CARRIED") {
      expect(message).toContain(JSON.stringify(format).slice(0, 50));
      expect(message.length).toBeLessThan(200);
    }
});

test("an AAE beside the original is the recipe, and nothing is opened", async () => {
  const opened: string[] = [];
  const names = ["IMG_0001.HEIC", "IMG_0001.AAE", RECIPE, `${ADJUSTMENTS}/FullSizeRender.heic`];
  const onRequest = ({ what, path }: MemoryPhoneRequest) => {
    if (what === "open" && !path.includes("Photos.sqlite")) opened.push(path);
  };
  expect(await told(names, [edited("IMG_0001.HEIC")], { onRequest })).toEqual([
    "photo: IMG_0001.HEIC + IMG_0001.AAE as adjustments + FullSizeRender.heic as edited",
    "Adjustments.plist: EDIT_RECORD",
  ]);
  expect(opened).toEqual([]);
});

test("of a thousand edits each recipe is opened once, eight at a time at most", async () => {
  const stems = Array.from({ length: 1_000 }, (_, at) => `IMG_${String(at).padStart(4, "0")}`);
  const names = stems.flatMap((stem) => [
    `${stem}.HEIC`,
    `/PhotoData/Mutations/DCIM/100APPLE/${stem}/Adjustments/Adjustments.plist`,
    `/PhotoData/Mutations/DCIM/100APPLE/${stem}/Adjustments/FullSizeRender.heic`,
  ]);
  const opened = new Map<string, number>();
  const counts = { open: 0, most: 0 };
  const onRequest = ({ what, path }: MemoryPhoneRequest) => {
    if (path.includes("Photos.sqlite")) return;
    if (what === "open") {
      opened.set(path, (opened.get(path) ?? 0) + 1);
      counts.most = Math.max(counts.most, ++counts.open);
    }
    if (what === "chunk") counts.open -= 1;
  };
  const { items } = await catalogueOf(
    names,
    stems.map((stem) => edited(`${stem}.HEIC`)),
    { onRequest },
  );
  expect(items.every(({ files }) => files.length === 3)).toBe(true);
  expect([opened.size, Math.max(...opened.values())]).toEqual([1_000, 1]);
  expect(counts.most).toBeLessThanOrEqual(8);
});

test("of a photo without a camera's name the recipe comes, and the rendering is named", async () => {
  const folder = "/PhotoData/Mutations/DCIM/100APPLE/Lake/Adjustments";
  const names = ["Lake.HEIC", `${folder}/Adjustments.plist`, `${folder}/FullSizeRender.heic`];
  const { items, setAside } = await catalogueOf(names, [edited("Lake.HEIC")]);
  expect(items).toMatchObject([{ stem: "Lake", files: [{}, { role: "adjustments" }] }]);
  expect(setAside).toMatchObject([
    {
      file: { path: `${folder}/FullSizeRender.heic` },
      code: "EDIT_NOT_CARRIED",
      message: expect.stringContaining("The recipe of the edit comes with the photo."),
      item: "/DCIM/100APPLE/Lake.HEIC",
    },
  ]);
});

test.each([
  ["the camera's", "IMG_4711.HEIC", "IMG_4711", 3],
  ["another", "Trip.HEIC", "Trip", 2],
  // A UUID says nothing to a person, so a name of the pattern that Photos takes is chosen.
  ["none that the library remembers", null, "IMG_0066", 3],
])(
  "an edit of a photo from iCloud comes under the name that it had: %s",
  async (_title, name, stem, files) => {
    const below = "/PhotoData/CPLAssets/group12/EB1E6E42-2455-4EDC-9259-D00E097B5E82";
    const folder = `/PhotoData/Mutations${below}/Adjustments`;
    const { items, setAside } = await catalogueOf(
      [`${below}.HEIC`, `${folder}/Adjustments.plist`, `${folder}/FullSizeRender.heic`],
      [{ path: `${below.slice(1)}.HEIC`, asset: { ADJUSTMENTSSTATE: 2 }, extra: { ORIGINALFILENAME: name } }],
    );
    expect(items.map((item) => [item.stem, item.files.length])).toEqual([[stem, files]]);
    expect(setAside.map(({ code }) => code)).toEqual(files === 3 ? [] : ["EDIT_NOT_CARRIED"]);
  },
);

test("a cable that is pulled while recipes are read ends the reading", async () => {
  const gone = new RollcallError("PHONE_GONE", { message: "gone", remedy: "Plug it in." });
  const onRequest = ({ what, path }: MemoryPhoneRequest) => {
    if (what === "open" && path === RECIPE) throw gone;
  };
  await expect(catalogueOf(["IMG_0001.HEIC", RECIPE], [edited("IMG_0001.HEIC")], { onRequest })).rejects.toBe(
    gone,
  );
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
    { empty: [empty] },
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
      const phone = phoneWith(names);
      for (const name of names) if (name.endsWith("/Adjustments.plist")) phone.put(name, { bytes: recipe() });
      const catalogue = await readCatalogue(phone, { phoneLibrary });
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
  unplaced: null,
  screenshot: false,
  live: false,
  partsHere: [],
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
  inICloud: "no",
  caption: null,
  burst: null,
  albums: [],
};

const NO_SUMMARY = {
  shownCount: 0,
  hiddenCount: 0,
  trashedCount: 0,
  sharedLibraryCount: 0,
  ofOthersCount: 0,
  syncedWithICloud: false,
  usesICloudPhotos: false,
  albums: null,
  modelVersion: null,
};
