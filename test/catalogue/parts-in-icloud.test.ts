import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/media-item.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import {
  type AssetForTest,
  databaseFiles,
  IOS_18,
  insertAsset,
  macLibraryOnPhone,
  phoneDatabaseLike,
} from "./phone-database.js";
import { hasSharedData, needsSharedData, sharedData } from "./shared-data.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(memoryDisk, "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

const HERE = { LOCALAVAILABILITY: 1, REMOTEAVAILABILITY: 1 };
const AWAY = { LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 1 };
const VIDEO = { RESOURCETYPE: 3, DATASTORESUBTYPE: 18, VERSION: 0 };
const RENDERED = { RESOURCETYPE: 0, DATASTORESUBTYPE: 2, VERSION: 2 };
const RENDERED_MOVIE = { RESOURCETYPE: 3, DATASTORESUBTYPE: 19, VERSION: 2 };
const RAW = { RESOURCETYPE: 4, DATASTORESUBTYPE: 17, VERSION: 0 };

interface Photo extends AssetForTest {
  readonly parts?: readonly Record<string, unknown>[];
}

/** What is on the phone, by path, and what its library says. */
async function catalogueOf(files: readonly string[], photos: readonly Photo[]): Promise<Catalogue> {
  const database = databaseFiles((database) => {
    database.exec(IOS_18);
    for (const column of ["VERSION", "RESOURCETYPE", "DATALENGTH", "COMPACTUTI"])
      database.exec(`ALTER TABLE ZINTERNALRESOURCE ADD COLUMN Z${column}`);
    database.exec("ALTER TABLE ZASSET ADD COLUMN ZADJUSTMENTSSTATE INTEGER");
    for (const { parts = [], ...photo } of photos) {
      const asset = insertAsset(database, "ZASSET", { resource: HERE, ...photo });
      for (const part of parts) {
        const names = Object.keys(part);
        database
          .prepare(
            `INSERT INTO ZINTERNALRESOURCE (ZASSET, ${names.map((name) => `Z${name}`).join(", ")}) VALUES (?${", ?".repeat(names.length)})`,
          )
          .run(asset, ...(Object.values(part) as (string | number)[]));
      }
    }
  });
  const phone = new MemoryPhone([
    ...database,
    ...files.map((path) => [path, { bytes: Buffer.from("bytes") }] as const),
  ]);
  return await readCatalogue(phone, { phoneLibrary: await readPhoneLibrary(phone, { workFolder }) });
}

const still = "/DCIM/100APPLE/IMG_0001.HEIC";
const live = (parts: Photo["parts"], asset = {}): Photo => ({
  path: still.slice(1),
  asset,
  ...(parts && { parts }),
});
const rendering = "/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender";

describe("a part that is in iCloud only, while its photo is on the phone", () => {
  it("the moving half of a Live Photo answers where it would lie, and belongs to its still", async () => {
    const { items, awayParts, cloudOnly } = await catalogueOf(
      [still],
      [live([{ ...VIDEO, ...AWAY, DATALENGTH: 2_978_475, COMPACTUTI: "23" }])],
    );
    expect(items.map(({ kind, key }) => [kind, key])).toEqual([["photo", still]]);
    expect(awayParts).toEqual([
      {
        path: "/DCIM/100APPLE/IMG_0001.MOV",
        item: still,
        role: "live-movie",
        sizeBytes: 2_978_475,
        trashed: false,
        declaredState: "in-icloud",
      },
    ]);
    expect(cloudOnly).toEqual([]);
  });

  it("an edit answers with each half that the phone rendered, of the kind that its type says", async () => {
    const parts = [
      { ...RENDERED, ...AWAY, COMPACTUTI: "3" },
      { ...RENDERED_MOVIE, ...AWAY },
    ];
    const { awayParts } = await catalogueOf([still], [live(parts, { ADJUSTMENTSSTATE: 2 })]);
    expect(awayParts.map(({ path, role }) => [path, role])).toEqual([
      [`${rendering}.heic`, "edited"],
      [`${rendering}.mov`, "edited-live-movie"],
    ]);
  });

  it.each([12.5, 1e300, -1])("has no size where the library says %s", async (size) => {
    const away = "/DCIM/100APPLE/IMG_0002.HEIC";
    const { awayParts, cloudOnly } = await catalogueOf(
      [still],
      [
        live([{ ...VIDEO, ...AWAY, DATALENGTH: size }]),
        { path: away.slice(1), extra: { ORIGINALFILESIZE: size }, resource: AWAY },
      ],
    );
    const answers = [...awayParts, ...cloudOnly].map(({ path, sizeBytes }) => [path, sizeBytes]);
    expect(answers).toEqual([
      ["/DCIM/100APPLE/IMG_0001.MOV", null],
      [away, null],
    ]);
  });

  it("the RAW half of a pair", async () => {
    const { awayParts } = await catalogueOf([still], [live([{ ...RAW, ...AWAY }])]);
    expect(awayParts.map(({ path, role }) => [path, role])).toEqual([["/DCIM/100APPLE/IMG_0001.DNG", "raw"]]);
  });

  it("of a photo in the trash is in the trash with it", async () => {
    const { awayParts } = await catalogueOf([still], [live([{ ...VIDEO, ...AWAY }], { TRASHEDSTATE: 1 })]);
    expect(awayParts).toMatchObject([{ trashed: true }]);
  });

  it("below CPLAssets it is named after the UUID of its photo", async () => {
    const path = "/PhotoData/CPLAssets/group7/EB1E6E42-2455-4EDC-9259-D00E097B5E82.HEIC";
    const photo = { path: path.slice(1), parts: [{ ...VIDEO, ...AWAY }] };
    const { awayParts } = await catalogueOf([path], [photo]);
    expect(awayParts).toMatchObject([{ path: path.replace("HEIC", "MOV"), item: path }]);
  });
});

describe("a part that the library calls present and that was not seen is named, with its photo", () => {
  it.each([
    ["the moving half", { ...VIDEO, ...HERE }, {}, "/DCIM/100APPLE/IMG_0001.MOV"],
    ["the RAW half", { ...RAW, ...HERE }, {}, "/DCIM/100APPLE/IMG_0001.DNG"],
    ["the edit", { ...RENDERED, ...HERE }, { ADJUSTMENTSSTATE: 2 }, `${rendering}.jpg`],
    ["the edit's moving half", { ...RENDERED_MOVIE, ...HERE }, { ADJUSTMENTSSTATE: 2 }, `${rendering}.mov`],
  ])("%s", async (_part, part, asset, path) => {
    const { awayParts, items } = await catalogueOf([still], [live([part], asset)]);
    expect(items.map(({ key }) => key)).toEqual([still]);
    expect(awayParts.map(({ path, item, declaredState }) => [path, item, declaredState])).toEqual([
      [path, still, "on-phone"],
    ]);
  });

  it("said of one part both ways, it is here", async () => {
    const parts = [
      { ...VIDEO, ...AWAY },
      { ...VIDEO, ...HERE },
    ];
    const { awayParts } = await catalogueOf([still], [live(parts)]);
    expect(awayParts.map(({ declaredState }) => declaredState)).toEqual(["on-phone"]);
  });
});

describe("nothing answers in its place", () => {
  it.each<[string, string[], Photo]>([
    [
      "where the moving half is on the phone after all",
      [still, "/DCIM/100APPLE/IMG_0001.MOV"],
      live([{ ...VIDEO, ...AWAY }]),
    ],
    ["however it is spelled", [still, "/DCIM/100APPLE/img_0001.mov"], live([{ ...VIDEO, ...AWAY }])],
    [
      "where the edit is there in another form",
      [still, `${rendering}.jpg`],
      live([{ ...RENDERED, ...AWAY, COMPACTUTI: "3" }], { ADJUSTMENTSSTATE: 2 }),
    ],
    [
      "where it is said to be here, and is",
      [still, `${still.slice(0, -4)}MOV`],
      live([{ ...VIDEO, ...HERE }]),
    ],
    [
      "where the RAW half is said to be here, and is",
      [still, "/DCIM/100APPLE/IMG_0001.DNG"],
      live([{ ...RAW, ...HERE }]),
    ],
    [
      "where the edit is said to be here, and is",
      [still, `${rendering}.jpg`],
      live([{ ...RENDERED, ...HERE }], { ADJUSTMENTSSTATE: 2 }),
    ],
    [
      "where the edit is said to be here, and lies beside its photo",
      [still, "/DCIM/100APPLE/IMG_E0001.JPG"],
      live([{ ...RENDERED, ...HERE }], { ADJUSTMENTSSTATE: 2 }),
    ],
    ["where an edit that was undone is said to be here", [still], live([{ ...RENDERED, ...HERE }])],
    [
      "where nothing says that it exists",
      [still],
      live([{ ...VIDEO, LOCALAVAILABILITY: -1, REMOTEAVAILABILITY: 0 }]),
    ],
    ["where it is what an edit that was undone left behind", [still], live([{ ...RENDERED, ...AWAY }])],
    [
      "where it is a smaller picture and no edit",
      [still],
      live([{ ...RENDERED, ...AWAY, VERSION: 0 }], { ADJUSTMENTSSTATE: 2 }),
    ],
    [
      "where its photo is in iCloud only, too, and answers for the whole",
      [],
      { ...live([{ ...VIDEO, ...AWAY }]), resource: AWAY },
    ],
    ["where its photo is not there, though the library says so", [], live([{ ...VIDEO, ...AWAY }])],
  ])("%s", async (_where, files, photo) => {
    expect((await catalogueOf(files, [photo])).awayParts).toEqual([]);
  });

  it("where a second photo of the same name claims it, it answers once", async () => {
    const other = "/DCIM/100APPLE/IMG_0001.JPG";
    const { awayParts } = await catalogueOf(
      [still, other],
      [live([{ ...VIDEO, ...AWAY }]), { path: other.slice(1), parts: [{ ...VIDEO, ...AWAY }] }],
    );
    expect(awayParts).toHaveLength(1);
  });
});

test("a crafted row of a part harms nothing", async () => {
  const parts = [
    { ...VIDEO, ...AWAY, DATALENGTH: "much", COMPACTUTI: "../../x" },
    { ...RAW, ...AWAY, DATALENGTH: 1e300, COMPACTUTI: 23.5 },
  ];
  const { awayParts } = await catalogueOf([still], [live(parts)]);
  expect(awayParts.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    ["/DCIM/100APPLE/IMG_0001.DNG", null],
    ["/DCIM/100APPLE/IMG_0001.MOV", null],
  ]);
});

describe(`in the tables of real libraries${needsSharedData}`, () => {
  const library = (name: string) => join(sharedData, "photoslibrary", `${name}.photoslibrary`);

  it.skipIf(!hasSharedData).each([
    ["photos5-macos10.15.1", "HASADJUSTMENTS"],
    ["adjusted-trashed-macos14.4.1", "HASADJUSTMENTS"],
    ["media-types-macos15.7.2", "ADJUSTMENTSSTATE"],
    ["current-macos26.1", "ADJUSTMENTSSTATE"],
  ])("of %s, the moving half and the edit that are away are found", async (name, edited) => {
    const database = phoneDatabaseLike(library(name), (database, { asset }) => {
      const key = insertAsset(database, asset, {
        path: still.slice(1),
        asset: { [edited]: 2, SAVEDASSETTYPE: 3 },
        resource: HERE,
      });
      for (const [subtype, version] of [
        [18, 0],
        [2, 2],
      ])
        database.exec(
          `INSERT INTO ZINTERNALRESOURCE (ZASSET, ZDATASTORESUBTYPE, ZVERSION, ZLOCALAVAILABILITY, ZREMOTEAVAILABILITY, ZDATALENGTH)
           VALUES (${key}, ${subtype}, ${version}, -1, 1, 7)`,
        );
    });
    const phone = new MemoryPhone([...database, [still, { bytes: Buffer.from("bytes") }]]);
    const { awayParts } = await readCatalogue(phone, {
      phoneLibrary: await readPhoneLibrary(phone, { workFolder }),
    });
    expect(awayParts.map(({ role, sizeBytes }) => [role, sizeBytes])).toEqual([
      ["live-movie", 7],
      ["edited", 7],
    ]);
  });

  it.skipIf(!hasSharedData).each(["photos5-macos10.15.1", "media-types-macos15.7.2", "current-macos26.1"])(
    "nothing of %s is away, as its owner kept all of it",
    async (name) => {
      const phone = new MemoryPhone(macLibraryOnPhone(library(name)));
      expect([...(await readPhoneLibrary(phone, { workFolder })).partsAway()]).toEqual([]);
    },
  );
});
