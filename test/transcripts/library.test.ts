import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { allFacts, imageOf } from "../originals/facts.js";
import { hasRealLibraries, needsRealLibraries, realLibraries } from "../originals/shared-data.js";
import {
  cutShort,
  exchange,
  fileOf,
  flipByte,
  readWhole,
  type SmallLibrary,
  smallLibrary,
  temporaryFolder,
} from "../originals/small-library.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "./command.js";

const test = oneTestIn(4);

const IMPORT_ALL =
  "return P.import(input.map(function (p) { return Path(p); }), {skipCheckDuplicates: true}).length;";

interface Document {
  readonly [field: string]: unknown;
  readonly assets: readonly {
    readonly uuid: string;
    readonly name: string;
    readonly verdict: string;
    readonly evidence: string | null;
    readonly reason: string | null;
    readonly trashed: boolean;
    readonly hidden: boolean;
    readonly files: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly totals: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** Runs the command on a package, and sees that nothing in the package changed by it and that no copy stays. */
async function library(path: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const temporary = temporaryFolder();
  const before = imageOf(path);
  const ended = await rollcall(["library", path, ...args], {
    ROLLCALL_HOME: join(temporary, "home"),
    TMPDIR: temporary,
    ...env,
  });
  expect(imageOf(path)).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
  return ended;
}

async function libraryDocument(path: string, args: readonly string[] = []) {
  const { status, stdout, stderr } = await library(path, ["--json", ...args]);
  return { status, stderr, document: JSON.parse(stdout) as Document };
}

/** A copy of the database's rows is in the log only while Photos has it open; so is this one's. */
function sql(made: SmallLibrary, text: string): void {
  made.photos.library.database.exec(text);
}

describe.skipIf(!isBuilt || !hasRealLibraries)(
  `library (built command needed: npm run build), over real libraries${needsRealLibraries}`,
  () => {
    test.each(allFacts)(
      "$library: every verdict, size and hash is what was measured in it",
      async (facts) => {
        const { status, document } = await libraryDocument(join(realLibraries, facts.library));
        const { missing = 0, mismatch = 0 } = facts.counts.by_verdict;
        expect(status).toBe(missing + mismatch > 0 ? 3 : 0);
        const none = { ok: 0, missing: 0, mismatch: 0, referenced: 0, "shared-album": 0, "icloud-only": 0 };
        expect(document.totals).toEqual({ ...none, ...facts.counts.by_verdict });
        expect(document.counts).toMatchObject({
          assets: facts.counts.assets,
          trashed: facts.counts.trashed,
          hidden: facts.counts.hidden,
        });
        expect(document.orphanFiles).toEqual(facts.orphan_files);
        expect(document.modelVersion).toBe(facts.model_version);
        const inOrder = <One extends { uuid: string }>(all: readonly One[]) =>
          [...all].sort((one, other) => (one.uuid < other.uuid ? -1 : 1));
        expect(
          inOrder(document.assets).map(({ files, reason: _, ...asset }) => ({
            ...asset,
            files: files
              .filter(({ role }) => role !== "edit")
              .map(({ role, path, sizeBytes, sha256, expectedBytes }) => ({
                role,
                path,
                sizeBytes,
                sha256,
                expectedBytes,
              })),
          })),
        ).toEqual(
          inOrder(facts.assets).map(
            ({ uuid, original_filename, verdict, evidence, trashed, hidden, files }) => ({
              uuid,
              name: original_filename,
              verdict,
              evidence,
              trashed: trashed === 1,
              hidden: hidden === 1,
              files: files.map(({ role, path, size, sha256, db_size }) => ({
                role,
                path,
                sizeBytes: size ?? null,
                sha256: sha256 ?? null,
                expectedBytes: db_size ?? null,
              })),
            }),
          ),
        );
      },
    );
  },
);

describe.skipIf(!isBuilt)("library (built command needed: npm run build), of what is damaged", () => {
  test("each damage is found and named; what is whole is not blamed; the sum comes first; status 3", async () => {
    const made = smallLibrary({ hasFingerprints: true });
    const { media, libraryPath } = made;
    const more = [
      // Two photos of one name and one size, in two folders of the phone.
      media.write("100/IMG_0101.JPG", readFileSync(media.jpeg("one.jpg"))),
      media.write("101/IMG_0101.JPG", ""),
      media.jpeg("IMG_0102.JPG"),
      media.jpeg("IMG_0103.JPG"),
      media.jpeg("IMG_0104.JPG"),
      media.jpeg("IMG_0105.JPG"),
    ] as const;
    const bytes = readFileSync(more[0]);
    media.write(
      "101/IMG_0101.JPG",
      Buffer.concat([bytes.subarray(0, -4), Buffer.from("\xff\xd9\xff\xd9", "latin1")]),
    );
    for (const path of more) made.script(IMPORT_ALL, [path]);
    made.script(IMPORT_ALL, [join(media.folder, "IMG_0102.JPG")]);
    const { items } = await readWhole(libraryPath);
    const called = (name: string) => [...items.values()].filter((item) => item.name === name);
    const the = (name: string) => called(name)[0]!;
    const file = (name: string, role: "primary" | "live-video" | "sidecar") =>
      fileOf(libraryPath, the(name), role);
    const [, sameNameFlipped] = called("IMG_0101.JPG");

    flipByte(file("IMG_0001.JPG", "primary"), 500);
    exchange(file("IMG_0002.JPG", "live-video"), file("IMG_0003.JPG", "live-video"));
    rmSync(file("IMG_0005.JPG", "sidecar"));
    cutShort(file("IMG_0006.MOV", "primary"), 10);
    flipByte(fileOf(libraryPath, sameNameFlipped!, "primary"), 300);
    sql(
      made,
      `UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID IN ('${the("IMG_0103.JPG").uuid}', '${the("IMG_0001.JPG").uuid}')`,
    );
    rmSync(file("IMG_0104.JPG", "primary"));
    sql(
      made,
      `UPDATE ZASSET SET ZSAVEDASSETTYPE = 10, ZDIRECTORY = '/Users/me', ZFILENAME = 'IMG_0104.JPG'
       WHERE ZUUID = '${the("IMG_0104.JPG").uuid}'`,
    );
    sql(
      made,
      `UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALFILESIZE = NULL, ZORIGINALSTABLEHASH = NULL, ZORIGINALHASH = NULL
       WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '${the("IMG_0105.JPG").uuid}');
       UPDATE ZINTERNALRESOURCE SET ZDATALENGTH = NULL, ZFINGERPRINT = NULL
       WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '${the("IMG_0105.JPG").uuid}')`,
    );

    const { status, document } = await libraryDocument(libraryPath);
    expect(status).toBe(3);
    const verdicts = document.assets.map(
      ({ name, verdict, trashed }) => `${name} ${verdict}${trashed ? " trashed" : ""}`,
    );
    expect(verdicts).toEqual([
      "IMG_0001.JPG mismatch trashed",
      "IMG_0002.JPG mismatch",
      "IMG_0003.JPG mismatch",
      "IMG_0004.JPG ok",
      "IMG_0005.JPG missing",
      "IMG_0006.MOV mismatch",
      "IMG_0101.JPG ok",
      "IMG_0101.JPG mismatch",
      "IMG_0102.JPG ok",
      "IMG_0103.JPG ok trashed",
      "IMG_0104.JPG referenced",
      "IMG_0105.JPG mismatch",
      "IMG_0102.JPG ok",
    ]);
    expect(document.totals).toEqual({
      ok: 5,
      missing: 1,
      mismatch: 6,
      referenced: 1,
      "shared-album": 0,
      "icloud-only": 0,
    });
    expect(document.assets[7]).toMatchObject({
      uuid: sameNameFlipped!.uuid,
      reason: "The original has other bytes than those that the library took in.",
    });
    expect(document.sameBytes).toEqual([
      {
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        uuids: called("IMG_0102.JPG").map(({ uuid }) => uuid),
      },
    ]);

    const { stdout } = await library(libraryPath);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(
      "error: of 13 photos and videos in Virtual.photoslibrary: 1 missing, 6 not as the library says.",
    );
    expect(stdout).toContain("  IMG_0005.JPG   missing: The sidecar is not in the library package.\n");
    expect(stdout).toContain(
      "  IMG_0001.JPG   mismatch: The original has other bytes than those that the library took in. (in Recently Deleted)\n",
    );
    expect(stdout).toMatch(/IMG_0002\.JPG {3}mismatch: The video of the Live Photo has /);
    expect(stdout).toMatch(
      /IMG_0006\.MOV {3}mismatch: The original has \d+ bytes where the library says \d+\./,
    );
    expect(stdout).toMatch(/IMG_0105\.JPG {3}mismatch: .*neither its size nor its hash/);
    expect(stdout).toContain(`      originals/${sameNameFlipped!.uuid[0]}/${sameNameFlipped!.uuid}.jpeg\n`);
    expect(stdout).toMatch(/^ {2}referenced +1 {3}their files lie outside the library/m);
    for (const { uuid } of called("IMG_0102.JPG")) expect(stdout).toContain(uuid);
    expect(stdout).toMatch(/a backup of the library[\s\S]*Nothing was changed\.\n$/);
    expect(stdout).not.toMatch(/IMG_0004|IMG_0103/);
  });

  test("without fingerprints it says what it cannot see: a changed byte that leaves the size as it was", async () => {
    const { libraryPath, uuids } = smallLibrary();
    const { items } = await readWhole(libraryPath);
    flipByte(fileOf(libraryPath, items.get(uuids["0001"]!)!, "primary"), 500);
    const { status, stdout, stderr } = await library(libraryPath);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^6 photos and videos in Virtual\.photoslibrary: all are there, in the size that it says\.\n/,
    );
    expect(stdout).toContain("Of 6 of them the library has no fingerprint");
    expect(stderr).toMatch(/^Checking .*Virtual\.photoslibrary\nchecking 6 photos and videos, [\d.]+ kB\n$/);
  });

  test("--no-hash reads no byte: it finds what is missing or cut short, hashes nothing, and says so", async () => {
    const { libraryPath, uuids } = smallLibrary({ hasFingerprints: true });
    const { items } = await readWhole(libraryPath);
    const file = (digits: string) => fileOf(libraryPath, items.get(uuids[digits]!)!, "primary");
    flipByte(file("0001"), 500);
    cutShort(file("0003"), 1);
    rmSync(file("0004"));
    const { status, document } = await libraryDocument(libraryPath, ["--no-hash"]);
    expect(status).toBe(3);
    expect(document).toMatchObject({ isHashed: false, totals: { ok: 4, missing: 1, mismatch: 1 } });
    const hashes = document.assets.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
    expect(hashes.length).toBeGreaterThan(8);
    expect(new Set(hashes)).toEqual(new Set([null]));
    expect(document.assets[0]).toMatchObject({ verdict: "ok", evidence: "size-only" });
    const { stdout } = await library(libraryPath, ["--no-hash"]);
    expect(stdout).toContain("looked at and not read: changed bytes are not seen without hashing.");
  });

  test("only what is wrong ends with 3: icloud-only, trashed and orphan files do not", async () => {
    const made = smallLibrary({ hasFingerprints: true });
    const { items } = await readWhole(made.libraryPath);
    const uuid = made.uuids["0001"]!;
    rmSync(fileOf(made.libraryPath, items.get(uuid)!, "primary"));
    sql(made, `UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = '${made.uuids["0003"]}'`);
    sql(
      made,
      `UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1
       WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '${uuid}')`,
    );
    const lost = "originals/A/ABCDEF01-0000-4000-8000-000000000000.jpeg";
    mkdirSync(join(made.libraryPath, "originals", "A"), { recursive: true });
    writeFileSync(join(made.libraryPath, lost), "lost");
    const { status, stdout } = await library(made.libraryPath);
    expect(status).toBe(0);
    expect(stdout).toMatch(/: none that should be there is missing or changed\.\n/);
    expect(stdout).toMatch(/^ {2}in iCloud only +1 {3}.*Download Originals/m);
    expect(stdout).toMatch(/ 6 {3}1 in Recently Deleted among them\n/);
    expect(stdout).toContain(
      `note: 1 file in originals belongs to no photo that the database knows:\n  ${lost}\n`,
    );
    // The row without its file, and --exit-zero.
    sql(made, `UPDATE ZINTERNALRESOURCE SET ZREMOTEAVAILABILITY = 0`);
    const wrong = await libraryDocument(made.libraryPath, ["--exit-zero", "--quiet"]);
    expect(wrong).toMatchObject({ status: 0, stderr: "", document: { status: 3, totals: { missing: 1 } } });
  });

  test("a library of a newer Photos, locked for writing, is read as far as known, with a note about it", async () => {
    const made = smallLibrary();
    // 19320 is 0x4b78 in its property list; 0x7b78 is a Photos that is yet to come.
    const { database } = made.photos.library;
    const { plist } = database.prepare("SELECT Z_PLIST AS plist FROM Z_METADATA").get() as {
      plist: Uint8Array;
    };
    const newer = Buffer.from(Buffer.from(plist).toString("hex").replace("4b78", "7b78"), "hex");
    database.prepare("UPDATE Z_METADATA SET Z_PLIST = ?").run(newer);
    sql(made, "BEGIN EXCLUSIVE; UPDATE ZASSET SET ZHIDDEN = 1");
    const { status, stdout, stderr } = await library(made.libraryPath);
    sql(made, "ROLLBACK");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^6 photos and videos/);
    expect(stdout).not.toContain("hidden");
    expect(stderr).toContain("note: this library was made by a newer Photos than Rollcall knows");
  });
});

describe.skipIf(!isBuilt)("library (built command needed: npm run build), of what cannot be read", () => {
  test.each([
    ["nothing of that name", "None.photoslibrary", /There is nothing of this name\./],
    ["some folder", ".", /It has no database\/Photos\.sqlite\./],
  ])("%s: one line, status 2", async (_what, name, expected) => {
    const home = temporaryFolder();
    const { status, stdout, stderr } = await rollcall(["library", join(home, name)], { ROLLCALL_HOME: home });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .* is not a Photos library that can be read\. .*\n$/);
    expect(stderr).toMatch(expected);
  });

  test("no library named and none open: asked for by name, status 2", async () => {
    const { status, stderr } = await rollcall(["library"], { ROLLCALL_HOME: temporaryFolder() });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: It is not known which library Photos has open\. Name one: .*\n$/);
  });

  test("no library named: the one that ROLLCALL_PHOTOS_LIBRARY says is open", async () => {
    const { libraryPath } = smallLibrary();
    const env = { ROLLCALL_HOME: temporaryFolder(), ROLLCALL_PHOTOS_LIBRARY: libraryPath };
    const { status, stdout } = await rollcall(["library"], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^6 photos and videos in Virtual\.photoslibrary: /);
  });

  test("a database that was copied only in part: said why, and which files there are, status 7", async () => {
    const made = smallLibrary();
    sql(made, "PRAGMA wal_checkpoint(TRUNCATE)");
    // A copy that nobody has open.
    const path = join(temporaryFolder(), "Copied.photoslibrary");
    cpSync(made.libraryPath, path, { recursive: true });
    cutShort(join(path, "database", "Photos.sqlite"), 5000);
    const { status, stdout, stderr } = await library(path);
    expect(status).toBe(7);
    expect(stderr).toMatch(
      /^checking 10 files\nerror: The Photos library .* could not be read\.\nwhy: {3}Its database is cut off.*\ndo: {4}Nothing in it was changed\./m,
    );
    expect(stdout).toMatch(/^10 originals, [\d.]+ kB, lie in the package; all could be read to the end\.\n/);
    expect(stdout).toContain("Only the database could say");
    const asJson = await library(path, ["--json", "--quiet"]);
    const document = JSON.parse(asJson.stdout) as Document;
    expect(asJson.status).toBe(7);
    expect(document).toMatchObject({
      error: { code: "LIBRARY_UNREADABLE" },
      counts: { files: 10, unreadable: 0 },
      status: 7,
    });
    expect(document.files).toHaveLength(10);
  });

  test.each(["database", "originals"])(
    "macOS keeps its %s from us: status 4, with the switch that lifts it, Photos before Full Disk Access",
    async (place) => {
      const { libraryPath } = smallLibrary();
      const preload = join(temporaryFolder(), "as-macos-refuses.mjs");
      writeFileSync(preload, refusing(`.photoslibrary/${place}`));
      const { status, stdout, stderr } = await library(libraryPath, [], {
        NODE_OPTIONS: `--import=${preload}`,
      });
      expect(status).toBe(4);
      expect(stdout).toBe("");
      expect(stderr).toMatch(
        /error: The Photos library .* may not be read by this program\.\nwhy: {3}macOS keeps/,
      );
      expect(stderr).toMatch(/\ndo: .*Photos.*Privacy_Photos.*Full Disk Access.*Privacy_AllFiles/);
      expect(stderr).toContain(
        "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_Photos",
      );
    },
  );

  test("Ctrl-C in the middle: the document is ended with the reason, nothing stays behind, status 130", async () => {
    const { libraryPath, uuids } = smallLibrary();
    const { items } = await readWhole(libraryPath);
    // A hole of a length that nobody reads in the time of a test.
    truncateSync(fileOf(libraryPath, items.get(uuids["0004"]!)!, "primary"), 200 * 2 ** 30);
    const temporary = temporaryFolder();
    const ended = await rollcall(
      ["library", libraryPath, "--json"],
      { ROLLCALL_HOME: join(temporary, "home"), TMPDIR: temporary },
      { kills: [{ at: "checking 6 photos and videos", signal: "SIGINT" }] },
    );
    expect(ended.status).toBe(130);
    const document = JSON.parse(ended.stdout) as Document;
    expect(document).toMatchObject({ error: { code: "STOPPED" }, status: 130 });
    expect(document.assets.length).toBeLessThan(6);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** Loaded into the command before it starts: the file system answers below a place as macOS does without a right. */
function refusing(place: string): string {
  return `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    for (const target of [fs, fs.promises])
      for (const name of ["open", "readdir", "readdirSync", "copyFile", "lstat"]) {
        const real = target[name];
        if (typeof real !== "function" || (target === fs && !name.endsWith("Sync"))) continue;
        target[name] = (path, ...more) => {
          if (!String(path).includes(${JSON.stringify(place)})) return real.call(target, path, ...more);
          const error = Object.assign(new Error("EPERM: operation not permitted, " + name + " '" + path + "'"), {
            code: "EPERM", errno: -1, syscall: name, path: String(path),
          });
          if (name.endsWith("Sync")) throw error;
          return Promise.reject(error);
        };
      }
    syncBuiltinESMExports();
  `;
}
