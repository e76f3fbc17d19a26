import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { decide } from "../../src/plan/decide.js";
import { phoneSideOf } from "../../src/plan/phone-side.js";
import { callTheRoll } from "../../src/receipt/call-the-roll.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { databaseFiles, IOS_18 } from "../catalogue/phone-database.js";
import { memoryDisk } from "../memory-disk.js";

const CASES = Number(process.env.ROLLCALL_TEST_CASES ?? 20);

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(memoryDisk, "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

/** Few names, so that files and rows meet in every way. */
const folder = fc.constantFrom(
  ...[
    "DCIM/100APPLE",
    "DCIM/100APPLE",
    "DCIM/.MISC",
    "PhotoData/CPLAssets/group1",
    "PhotoData/Sync/100SYNCD",
  ],
  ...["PhotoData/Newer/1", "DCIM/é"],
);
const name = fc
  .tuple(
    fc.constantFrom(
      "IMG_0001",
      "img_0001",
      "IMG_E0001",
      "IMG_O0001",
      "IMG_0002",
      ".IMG_0001",
      "É_1",
      "E\u0301_1",
    ),
    fc.constantFrom(".HEIC", ".JPG", ".MOV", ".DNG", ".AAE", ".MTS", ".XYZ", ".mov", ""),
  )
  .map((parts) => parts.join(""));
const often = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, ...others.map((other) => fc.constant(other)));

const row = fc.record({
  ZDIRECTORY: fc.oneof(
    { weight: 6, arbitrary: folder },
    fc.constantFrom(null, "Books", "../DCIM", "PhotoData"),
  ),
  ZFILENAME: fc.oneof({ weight: 8, arbitrary: name }, fc.constantFrom(null, "a/b.JPG", "..")),
  ZTRASHEDSTATE: often<number | null>(0, 1, null),
  ZHIDDEN: often<number | null>(0, 1, null),
  ZKIND: often<number | null>(0, 1, 7, null),
  ZKINDSUBTYPE: often<number | null>(0, 2, 2, 10, null),
  ZSAVEDASSETTYPE: often<number | null>(3, 6, 4, 12, null),
  ZVISIBILITYSTATE: often<number | null>(0, 2, 1, null),
  ZCLOUDLOCALSTATE: often(0, 1),
  ZADJUSTMENTSSTATE: often(0, 2),
});
const resource = fc.record({
  ZDATASTORESUBTYPE: fc.constantFrom(1, 1, 1, 2, 17, 18, 19),
  ZLOCALAVAILABILITY: fc.constantFrom(1, 1, -1, 0),
  ZREMOTEAVAILABILITY: fc.constantFrom(0, 1),
  ZVERSION: fc.constantFrom(0, 2),
});
const photo = fc.record({
  row,
  size: often<number | null>(null, 1, 40_000),
  resources: fc.array(resource, { maxLength: 4 }),
  /** What is on the phone where the row says. */
  fate: fc.constantFrom("file", "file", "empty", "refused", "absent"),
});
const world = fc.record({
  photos: fc.array(photo, { maxLength: 25 }),
  files: fc.array(fc.record({ folder, name, fate: fc.constantFrom("file", "empty", "refused") }), {
    maxLength: 15,
  }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function phoneOf({ photos, files }: World): MemoryPhone {
  const database = databaseFiles((sqlite) => {
    sqlite.exec(IOS_18);
    sqlite.exec("ALTER TABLE ZASSET ADD COLUMN ZADJUSTMENTSSTATE INTEGER");
    sqlite.exec("ALTER TABLE ZINTERNALRESOURCE ADD COLUMN ZVERSION INTEGER");
    const insert = (table: string, values: Record<string, string | number | null>) =>
      sqlite
        .prepare(
          `INSERT INTO ${table} (${Object.keys(values).join()}) VALUES (${Object.keys(values)
            .map(() => "?")
            .join()})`,
        )
        .run(...Object.values(values)).lastInsertRowid as number;
    for (const each of photos) {
      const asset = insert("ZASSET", each.row);
      insert("ZADDITIONALASSETATTRIBUTES", { ZASSET: asset, ZORIGINALFILESIZE: each.size });
      for (const part of each.resources) insert("ZINTERNALRESOURCE", { ZASSET: asset, ...part });
    }
  });
  const phone = new MemoryPhone(database);
  const isFileName = (text: string | null) => text !== null && !text.includes("/") && !text.startsWith("..");
  const seen = new Set<string>();
  const put = (path: string, fate: string) => {
    if (fate === "absent" || seen.has(path)) return;
    seen.add(path);
    if (fate === "refused") phone.refuseToDescribe(path);
    else phone.put(path, { bytes: Buffer.from(fate === "empty" ? "" : `\xff\xd8\xff ${path}`, "latin1") });
  };
  for (const { row: at, fate } of photos)
    if (isFileName(at.ZFILENAME) && at.ZDIRECTORY !== null && !at.ZDIRECTORY.startsWith(".."))
      put(`/${at.ZDIRECTORY}/${at.ZFILENAME}`, fate);
  for (const each of files) put(`/${each.folder}/${each.name}`, each.fate);
  return phone;
}

/** As the phone's Photos app counts its grid, straight from what was written. */
function gridOf({ photos }: World): number {
  const isOwn = (type: number | null) => type === null || ![4, 8, 12].includes(type);
  const inGrid = photos.filter(
    ({ row: each }) =>
      isOwn(each.ZSAVEDASSETTYPE) && !each.ZTRASHEDSTATE && !each.ZHIDDEN && each.ZVISIBILITYSTATE !== 2,
  );
  return inGrid.length;
}

const KNOWS_NOTHING = {
  sightings: {
    hashSeen: () => null,
    wasSeenWithSize: () => false,
    wasSeenAt: () => false,
    isMarked: () => false,
  },
  items: { itemsWithFile: () => [], resemblesOtherPhones: () => false, importedFrom: () => null },
};

test("for any phone database and folders, every row and file has one answer, and the totals add up", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const phone = phoneOf(given);
      const phoneLibrary = await readPhoneLibrary(phone, { workFolder });
      const catalogue = await readCatalogue(phone, { phoneLibrary });
      const options = { selection: {}, edits: false, again: false, icloud: "import" } as const;
      const plan = decide(catalogue, KNOWS_NOTHING, options);
      const side = phoneSideOf(plan);
      expect([side?.shown, side?.unexplained]).toEqual([gridOf(given), 0]);

      const imported = new Map(
        catalogue.items.map(({ key }) => [key, { type: "failed", reasons: new Map() } as const]),
      );
      const ledgerItem = () => {
        throw new Error("nothing is in the ledger");
      };
      const answers = [...callTheRoll({ plan, runId: "r", imported, ledgerItem, hashSeen: () => null })];
      const answered = new Set(answers.map(({ path }) => path));
      expect(answered.size).toBe(answers.length);
      const rows = [...phoneLibrary.rows()];
      const own = given.photos.filter(({ row: each }) => ![4, 8, 12].includes(each.ZSAVEDASSETTYPE ?? 3));
      expect(rows).toHaveLength(own.length);
      const placeOf = answersByPlace(answers.map(({ path }) => path));
      expect(rows.filter(({ path }) => !placeOf.has(path.normalize("NFC")))).toEqual([]);

      for await (const entry of phone.list("/DCIM")) {
        if (entry.type !== "folder")
          expect(answered).toContain(entry.type === "file" ? entry.file.path : entry.path);
      }
    }),
    { numRuns: CASES },
  );
});

/** A row and a file may spell an accent in two ways. */
function answersByPlace(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map((path) => path.normalize("NFC")));
}
