import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, it } from "vitest";
import type { LibraryItem } from "../../src/originals/library-item.js";
import { hasRealLibraries, needsRealLibraries, realLibraries } from "./shared-data.js";
import {
  cutShort,
  exchange,
  fileOf,
  flipByte,
  readWhole,
  type SmallLibrary,
  smallLibrary,
  temporaryFolder,
} from "./small-library.js";

type Damage = (library: SmallLibrary, item: (digits: string) => LibraryItem) => void;

const run = (library: SmallLibrary, sql: string, ...values: (string | number)[]) =>
  library.photos.library.database.prepare(sql).run(...values);
const asset = (library: SmallLibrary, digits: string, set: string) =>
  run(library, `UPDATE ZASSET SET ${set} WHERE ZUUID = ?`, library.uuids[digits] ?? "");
const resource = (library: SmallLibrary, digits: string, subtype: number, set: string) =>
  run(
    library,
    `UPDATE ZINTERNALRESOURCE SET ${set} WHERE ZDATASTORESUBTYPE = ? AND ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = ?)`,
    subtype,
    library.uuids[digits] ?? "",
  );
const attributes = (library: SmallLibrary, digits: string, set: string) =>
  run(
    library,
    `UPDATE ZADDITIONALASSETATTRIBUTES SET ${set} WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = ?)`,
    library.uuids[digits] ?? "",
  );

interface Case {
  readonly what: string;
  readonly of: string;
  readonly verdict: string;
  readonly reason: RegExp;
  readonly damage: Damage;
}

/** Where originals of other people lie, below the package. */
const SCOPES = ["scopes/momentshared/originals", "scopes/syndication/originals"] as const;

/** The file bears another name there than its item's id. */
function moveToScope(library: SmallLibrary, file: string, top: string): void {
  mkdirSync(join(library.libraryPath, top, "0"), { recursive: true });
  renameSync(file, join(library.libraryPath, top, "0", "IMG_theirs.jpeg"));
  asset(library, "0001", "ZSAVEDASSETTYPE = 12, ZDIRECTORY = '0', ZFILENAME = 'IMG_theirs.jpeg'");
}

const anywhere: readonly Case[] = [
  {
    what: "an original that is cut short",
    of: "0001",
    verdict: "mismatch",
    reason: /^The original has \d+ bytes where the library says \d+\.$/,
    damage: ({ libraryPath }, item) => cutShort(fileOf(libraryPath, item("0001"), "primary"), 1),
  },
  {
    what: "an original that is gone",
    of: "0001",
    verdict: "missing",
    reason: /^The original is not in the library package\.$/,
    damage: ({ libraryPath }, item) => rmSync(fileOf(libraryPath, item("0001"), "primary")),
  },
  {
    what: "a folder in the place of an original",
    of: "0001",
    verdict: "missing",
    reason: /^The original is not/,
    damage: ({ libraryPath }, item) => {
      const path = fileOf(libraryPath, item("0001"), "primary");
      rmSync(path);
      mkdirSync(path);
    },
  },
  {
    what: "a Live video that is gone",
    of: "0002",
    verdict: "missing",
    reason: /^The video of the Live Photo is not/,
    damage: ({ libraryPath }, item) => rmSync(fileOf(libraryPath, item("0002"), "live-video")),
  },
  {
    what: "a Live video that is another Live Photo's",
    of: "0002",
    verdict: "mismatch",
    reason: /^The video of the Live Photo (belongs to another|has other bytes|has \d+ bytes)/,
    damage: ({ libraryPath }, item) =>
      exchange(
        fileOf(libraryPath, item("0002"), "live-video"),
        fileOf(libraryPath, item("0003"), "live-video"),
      ),
  },
  {
    what: "a Live video that is gone together with its row",
    of: "0002",
    verdict: "missing",
    reason: /^The video of the Live Photo is not/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0002"), "live-video"));
      resource(library, "0002", 18, "ZASSET = NULL");
    },
  },
  {
    what: "a RAW half that is gone",
    of: "0004",
    verdict: "missing",
    reason: /^The RAW is not/,
    damage: ({ libraryPath }, item) => rmSync(fileOf(libraryPath, item("0004"), "raw-alternate")),
  },
  {
    what: "a RAW half whose row has lost its kind, and that is gone",
    of: "0004",
    verdict: "missing",
    reason: /^The RAW is not/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0004"), "raw-alternate"));
      resource(library, "0004", 17, "ZDATASTORESUBTYPE = NULL");
    },
  },
  {
    what: "a RAW half whose row names a kind that there is not, and that is gone",
    of: "0004",
    verdict: "missing",
    reason: /^The RAW is not/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0004"), "raw-alternate"));
      resource(library, "0004", 17, "ZDATASTORESUBTYPE = 'x'");
    },
  },
  {
    what: "a RAW half whose row names a version that there is not, and that is gone",
    of: "0004",
    verdict: "missing",
    reason: /^The RAW is not/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0004"), "raw-alternate"));
      resource(library, "0004", 17, "ZVERSION = 123456789012345678");
    },
  },
  {
    what: "a RAW half whose row is gone",
    of: "0004",
    verdict: "mismatch",
    reason: /_4\.dng lies beside it, and the database does not know it\.$/,
    damage: (library) => resource(library, "0004", 17, "ZASSET = NULL"),
  },
  {
    what: "an AAE that is gone",
    of: "0005",
    verdict: "missing",
    reason: /^The sidecar is not/,
    damage: ({ libraryPath }, item) => rmSync(fileOf(libraryPath, item("0005"), "sidecar")),
  },
  {
    what: "a video that is cut short",
    of: "0006",
    verdict: "mismatch",
    reason: /^The original has/,
    damage: ({ libraryPath }, item) => cutShort(fileOf(libraryPath, item("0006"), "primary"), 100),
  },
  {
    what: "a row without the name of its file, whose file is gone",
    of: "0001",
    verdict: "missing",
    reason: /^The original is not/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
      asset(library, "0001", "ZFILENAME = NULL");
    },
  },
  {
    what: "a row that has lost every size",
    of: "0001",
    verdict: "mismatch",
    reason: /neither its size nor its hash\.$|^The original has/,
    damage: (library) => {
      attributes(
        library,
        "0001",
        "ZORIGINALFILESIZE = NULL, ZORIGINALSTABLEHASH = NULL, ZORIGINALHASH = NULL",
      );
      resource(library, "0001", 1, "ZDATALENGTH = NULL, ZFINGERPRINT = NULL");
    },
  },
  {
    what: "a row that has lost that of its original",
    of: "0001",
    verdict: "mismatch",
    reason: /^The database has lost the row of its original/,
    damage: (library) => resource(library, "0001", 1, "ZASSET = NULL"),
  },
  {
    what: "a row that says two sizes",
    of: "0001",
    verdict: "mismatch",
    reason: /^The database contradicts itself|^The original has/,
    damage: (library) => attributes(library, "0001", "ZORIGINALFILESIZE = ZORIGINALFILESIZE + 1"),
  },
  {
    what: "a file that is said to be here and is not, with one in iCloud",
    of: "0001",
    verdict: "missing",
    reason: /^The original is not in/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
      resource(library, "0001", 1, "ZREMOTEAVAILABILITY = 1");
    },
  },
  {
    what: "a file that is said to be away, with none in iCloud",
    of: "0001",
    verdict: "missing",
    reason: /^The original is not in/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
      resource(library, "0001", 1, "ZLOCALAVAILABILITY = -1");
    },
  },
  {
    what: "a file that is said to be away, with one in iCloud",
    of: "0001",
    verdict: "icloud-only",
    reason: /the library says that it is in iCloud\.$/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
      resource(library, "0001", 1, "ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1");
    },
  },
  {
    what: "a still in iCloud, whose video should be here and is not",
    of: "0002",
    verdict: "missing",
    reason: /^The video of the Live Photo is not in/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0002"), "primary"));
      rmSync(fileOf(library.libraryPath, item("0002"), "live-video"));
      resource(library, "0002", 1, "ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1");
    },
  },
  ...["-32768", "0", "NULL"].map(
    (local): Case => ({
      what: `a photo whose row says ${local} of this Mac, and that it is in iCloud`,
      of: "0001",
      verdict: "icloud-only",
      reason: /says that it is in iCloud/,
      damage: (library, item) => {
        rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
        resource(library, "0001", 1, `ZLOCALAVAILABILITY = ${local}, ZREMOTEAVAILABILITY = 1`);
      },
    }),
  ),
  {
    what: "a photo whose row says nothing of this Mac, and that it is not in iCloud",
    of: "0001",
    verdict: "missing",
    reason: /^The original is not in/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
      resource(library, "0001", 1, "ZLOCALAVAILABILITY = NULL, ZREMOTEAVAILABILITY = 0");
    },
  },
  ...SCOPES.map(
    (top): Case => ({
      what: `a photo of another scope that has other bytes, in ${top}`,
      of: "0001",
      verdict: "mismatch",
      reason: /^The original has \d+ bytes where/,
      damage: (library, item) => {
        const file = fileOf(library.libraryPath, item("0001"), "primary");
        cutShort(file, 1);
        moveToScope(library, file, top);
      },
    }),
  ),
  {
    what: "a referenced item whose folder is there, and its file is not",
    of: "0001",
    verdict: "missing",
    reason: /it is not there any more: \/tmp\/IMG_gone/,
    damage: (library) =>
      asset(library, "0001", "ZSAVEDASSETTYPE = 10, ZDIRECTORY = '/tmp', ZFILENAME = 'IMG_gone.JPG'"),
  },
  {
    what: "a referenced item whose file has another size",
    of: "0001",
    verdict: "mismatch",
    reason: /bytes where the library says/,
    damage: (library) => {
      const here = import.meta.filename;
      const place = `ZDIRECTORY = '${dirname(here)}', ZFILENAME = '${basename(here)}'`;
      asset(library, "0001", `ZSAVEDASSETTYPE = 10, ${place}`);
    },
  },
  {
    what: "an item that became a referenced one",
    of: "0001",
    verdict: "referenced",
    reason: /outside the library/,
    damage: (library) => asset(library, "0001", "ZSAVEDASSETTYPE = 10, ZDIRECTORY = '/Users/me/Pictures'"),
  },
  {
    what: "an item of a shared album",
    of: "0001",
    verdict: "shared-album",
    reason: /somebody else's/,
    damage: (library, item) => {
      rmSync(fileOf(library.libraryPath, item("0001"), "primary"));
      asset(library, "0001", "ZSAVEDASSETTYPE = 4, ZVISIBILITYSTATE = 2");
    },
  },
];

const byFingerprintAlone: readonly Case[] = [
  {
    what: "one byte of an original",
    of: "0001",
    verdict: "mismatch",
    reason: /^The original has other bytes/,
    damage: ({ libraryPath }, item) => flipByte(fileOf(libraryPath, item("0001"), "primary"), 777),
  },
  {
    what: "one byte of a Live video",
    of: "0002",
    verdict: "mismatch",
    reason: /^The video of the Live Photo has other bytes/,
    damage: ({ libraryPath }, item) => flipByte(fileOf(libraryPath, item("0002"), "live-video"), 55),
  },
  {
    what: "one byte of an AAE",
    of: "0005",
    verdict: "mismatch",
    reason: /^The sidecar has other bytes/,
    damage: ({ libraryPath }, item) => flipByte(fileOf(libraryPath, item("0005"), "sidecar"), 3),
  },
];

describe.each([true, false])("a library with fingerprints: %s", (hasFingerprints) => {
  it.each([...anywhere, ...(hasFingerprints ? byFingerprintAlone : [])])(
    "$what is found, and nothing else is blamed: $verdict",
    async ({ of, verdict, reason, damage }) => {
      const library = smallLibrary({ hasFingerprints });
      const before = await readWhole(library.libraryPath);
      expect(before.totals.byVerdict).toMatchObject({ ok: 6, missing: 0, mismatch: 0 });
      expect(before.totals.sizeOnly).toBe(hasFingerprints ? 0 : 6);
      const itemOf = (digits: string) => before.items.get(library.uuids[digits] ?? "") as LibraryItem;

      damage(library, itemOf);
      const { found } = await readWhole(library.libraryPath);
      expect(found.get(library.uuids[of] ?? "")).toMatchObject({
        verdict,
        reason: expect.stringMatching(reason),
      });
      const swapped = damage.toString().includes("exchange") ? ["0003"] : [];
      const others = Object.keys(library.uuids).filter(
        (digits) => digits !== of && !swapped.includes(digits),
      );
      for (const digits of others) expect(found.get(library.uuids[digits] ?? "")?.verdict).toBe("ok");
    },
  );
});

it("a row that has lost its id is not lost itself, and never whole", async () => {
  const library = smallLibrary();
  asset(library, "0001", "ZUUID = NULL");
  const { found, totals } = await readWhole(library.libraryPath);
  expect(totals.items).toBe(6);
  const nameless = [...found.values()].filter(({ uuid }) => /^row-\d+$/.test(uuid));
  expect(nameless).toMatchObject([
    { name: "IMG_0001.JPG", verdict: "mismatch", reason: "Its row in the database has no id." },
  ]);
});

it("a row without its folder and file name finds its file by the id", async () => {
  const library = smallLibrary();
  asset(library, "0004", "ZFILENAME = NULL, ZDIRECTORY = NULL");
  const { found } = await readWhole(library.libraryPath);
  expect(found.get(library.uuids["0004"] ?? "")).toMatchObject({ verdict: "ok" });
});

it("two items that name the same file are not both whole", async () => {
  const library = smallLibrary();
  const uuid = library.uuids["0001"] ?? "";
  const { items } = await readWhole(library.libraryPath);
  asset(library, "0003", `ZDIRECTORY = '${uuid.slice(0, 1)}', ZFILENAME = '${uuid}.jpeg'`);
  const size = items.get(uuid)?.sizeBytes ?? 0;
  attributes(library, "0003", `ZORIGINALFILESIZE = ${size}`);
  resource(library, "0003", 1, `ZDATALENGTH = ${size}`);
  const { found } = await readWhole(library.libraryPath);
  expect(found.get(library.uuids["0003"] ?? "")?.verdict).not.toBe("ok");
});

it("the same bytes imported twice are two items, each with its own file", async () => {
  const library = smallLibrary({ hasFingerprints: true });
  const again = library.script(
    "return P.import(input.map(function (p) { return Path(p); }), {skipCheckDuplicates: true}).length;",
    [join(library.media.folder, "IMG_0001.JPG")],
  );
  expect(again).toBe(1);
  const { found, items, totals } = await readWhole(library.libraryPath);
  expect(totals.byVerdict).toMatchObject({ ok: 7, mismatch: 0 });
  const duplicates = [...found.values()].filter(({ name }) => name === "IMG_0001.JPG");
  expect(duplicates).toHaveLength(2);
  expect(new Set(duplicates.map(({ files }) => files[0]?.sha256)).size).toBe(1);
  expect(new Set(duplicates.map(({ files }) => files[0]?.path)).size).toBe(2);
  expect(new Set(duplicates.map(({ uuid }) => items.get(uuid)?.fingerprint)).size).toBe(1);
});

it("a file of no item is named as such", async () => {
  const library = smallLibrary();
  const uuid = "ABCDEF01-0000-4000-8000-000000000000";
  mkdirSync(join(library.libraryPath, "originals", "A"), { recursive: true });
  writeFileSync(join(library.libraryPath, "originals", "A", `${uuid}.jpeg`), "lost");
  writeFileSync(join(library.libraryPath, "originals", "A", ".DS_Store"), "");
  const { totals } = await readWhole(library.libraryPath);
  expect(totals.orphanFiles).toEqual([`originals/A/${uuid}.jpeg`]);
  expect(totals.byVerdict.ok).toBe(6);
});

it.each([
  ["resources/cloudsharing/data", "12345/AB", "X.JPG", "X.JPG"],
  ["scopes/cloudsharing/data", "12345/AB", "X.JPG", "X.JPG"],
  ["scopes/cloudsharing/data", "12345/AB", "X.MP4", "X.medium.MP4"],
])("what is kept of a shared album is found in %s/%s: %s is %s", async (top, directory, filename, kept) => {
  const library = smallLibrary();
  asset(library, "0001", `ZSAVEDASSETTYPE = 4, ZDIRECTORY = '${directory}', ZFILENAME = '${filename}'`);
  mkdirSync(join(library.libraryPath, top, directory), { recursive: true });
  writeFileSync(join(library.libraryPath, top, directory, kept), "smaller");
  const { found } = await readWhole(library.libraryPath);
  expect(found.get(library.uuids["0001"] ?? "")).toMatchObject({
    verdict: "shared-album",
    files: [{ role: "shared-derivative", path: `${top}/${directory}/${kept}`, sizeBytes: 7 }],
  });
});

it.each(SCOPES)("an original in %s is found there and compared", async (top) => {
  const library = smallLibrary();
  const { items } = await readWhole(library.libraryPath);
  const uuid = library.uuids["0001"] ?? "";
  moveToScope(library, fileOf(library.libraryPath, items.get(uuid)!, "primary"), top);
  const { found } = await readWhole(library.libraryPath);
  expect(found.get(uuid)).toMatchObject({ verdict: "ok", files: [{ path: `${top}/0/IMG_theirs.jpeg` }] });
});

it("somebody else's photo of which no original is there is told so", async () => {
  const library = smallLibrary();
  asset(library, "0001", "ZSAVEDASSETTYPE = 12, ZDIRECTORY = '0', ZFILENAME = 'IMG_theirs.jpeg'");
  const { found } = await readWhole(library.libraryPath);
  expect(found.get(library.uuids["0001"] ?? "")).toMatchObject({
    verdict: "shared-album",
    reason: expect.stringContaining("no original of it lies in this library"),
  });
});

it("trashed and hidden items are there, said to be so, and their files are checked", async () => {
  const library = smallLibrary();
  asset(library, "0001", "ZTRASHEDSTATE = 1");
  asset(library, "0002", "ZHIDDEN = 1, ZTRASHEDSTATE = NULL");
  const { found, totals } = await readWhole(library.libraryPath);
  expect(found.get(library.uuids["0001"] ?? "")).toMatchObject({
    verdict: "ok",
    trashed: true,
    hidden: false,
  });
  expect(found.get(library.uuids["0002"] ?? "")).toMatchObject({
    verdict: "ok",
    trashed: null,
    hidden: true,
  });
  expect(totals).toMatchObject({ trashed: 1, hidden: 1, items: 6 });
});

describe.skipIf(!hasRealLibraries)(`a copy of a real library${needsRealLibraries}`, () => {
  function copyOf(name: string): string {
    const target = join(temporaryFolder(), name);
    cpSync(join(realLibraries, name), target, { recursive: true });
    return target;
  }

  it.each([
    ["one byte of an original with a fingerprint", "photos5-macos10.15.1", "E9BC5C36", flipByte, "mismatch"],
    ["one byte of an original of macOS 26", "current-macos26.1", "D79B8D77", flipByte, "mismatch"],
    ["a cut-off original", "adjusted-trashed-macos14.4.1", "3B7F1829", cutShort, "mismatch"],
    [
      "an original that is gone",
      "media-types-macos15.7.2",
      "420451DF",
      (path: string) => rmSync(path),
      "missing",
    ],
  ] as const)("with %s (%s) is found out", async (_what, name, begins, damage, verdict) => {
    const path = copyOf(`${name}.photoslibrary`);
    const before = await readWhole(path);
    const item = [...before.items.values()].find(({ uuid }) => uuid.startsWith(begins)) as LibraryItem;
    expect(before.found.get(item.uuid)?.verdict).toBe("ok");
    damage(fileOf(path, item, "primary"), 1234);
    const after = await readWhole(path);
    expect(after.found.get(item.uuid)?.verdict).toBe(verdict);
    for (const [uuid, { verdict: was }] of before.found)
      if (uuid !== item.uuid) expect(after.found.get(uuid)?.verdict).toBe(was);
  });

  it.each(["live-video", "sidecar"] as const)("whose Live Photo lost its %s is found out", async (role) => {
    const path = copyOf("media-types-macos15.7.2.photoslibrary");
    const { items } = await readWhole(path);
    const live = [...items.values()].find(({ uuid }) => uuid.startsWith("EC19EA1A")) as LibraryItem;
    rmSync(fileOf(path, live, role));
    expect((await readWhole(path)).found.get(live.uuid)?.verdict).toBe("missing");
  });

  it("whose Live video was put in the place of another of the same length is found out by its identifier", async () => {
    const path = copyOf("media-types-macos15.7.2.photoslibrary");
    const { items } = await readWhole(path);
    const live = [...items.values()].find(({ uuid }) => uuid.startsWith("EC19EA1A")) as LibraryItem;
    const video = fileOf(path, live, "live-video");
    const bytes = (await import("node:fs")).readFileSync(video);
    const at = bytes.indexOf(live.contentIdentifier ?? "-");
    expect(at).toBeGreaterThan(0);
    bytes.write("00000000-0000-4000-8000-000000000000", at, "latin1");
    writeFileSync(video, bytes);
    expect((await readWhole(path)).found.get(live.uuid)).toMatchObject({
      verdict: "mismatch",
      reason: "The video of the Live Photo belongs to another Live Photo.",
    });
  });

  it("with an emptied row is found out: its file is there, and nothing says what it should be", async () => {
    const path = copyOf("photos5-macos10.15.1.photoslibrary");
    const { items } = await readWhole(path);
    const item = [...items.values()].find(({ uuid }) => uuid.startsWith("E9BC5C36")) as LibraryItem;
    const database = new DatabaseSync(join(path, "database", "Photos.sqlite"));
    const of = `WHERE ZASSET = (SELECT Z_PK FROM ZGENERICASSET WHERE ZUUID = '${item.uuid}')`;
    database.exec(`
      UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALFILENAME = NULL, ZORIGINALFILESIZE = NULL,
        ZMASTERFINGERPRINT = NULL, ZORIGINALHASH = NULL ${of};
      UPDATE ZINTERNALRESOURCE SET ZDATALENGTH = NULL, ZFINGERPRINT = NULL ${of}`);
    database.close();
    const { found, totals } = await readWhole(path);
    expect(found.get(item.uuid)).toMatchObject({ name: null, verdict: "mismatch" });
    expect(totals.byVerdict).toMatchObject({ ok: 5, mismatch: 1, referenced: 1 });
  });

  it("with names in another case is the same library", async () => {
    const path = copyOf("photos5-macos10.15.1.photoslibrary");
    const { items } = await readWhole(path);
    for (const item of items.values()) {
      if (item.savedType === "referenced") continue;
      const file = fileOf(path, item, "primary");
      copyFileSync(file, `${file}.aside`);
      rmSync(file);
      renameSync(`${file}.aside`, file.replace(/jpeg$/, "JPEG"));
    }
    expect((await readWhole(path)).totals).toMatchObject({
      byVerdict: { ok: 6, referenced: 1 },
      orphanFiles: [],
    });
  });
});
