import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { checkItem } from "../../src/originals/check-item.js";
import { checkUp } from "../../src/originals/check-up.js";
import { openLibraryDatabase } from "../../src/originals/library-database.js";
import { isLibraryNotPermitted, readingFailed } from "../../src/originals/library-trouble.js";
import {
  countOriginals,
  type LooseFile,
  readWithoutDatabase,
} from "../../src/originals/read-without-database.js";
import { doesNotSay } from "../says.js";
import { imageOf } from "./facts.js";
import {
  cutShort,
  fileOf,
  readWhole,
  type SmallLibrary,
  smallLibrary,
  temporaryFolder,
} from "./small-library.js";

const run = (library: SmallLibrary, sql: string, ...values: (string | number | null)[]) =>
  library.photos.library.database.prepare(sql).run(...values);

async function troubleWith(path: string, workFolder = temporaryFolder()) {
  const error: unknown = await openLibraryDatabase(path, { workFolder }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(readdirSync(workFolder)).toEqual([]);
  return error;
}

/**
 * A copy that nobody has open, so that what is done to its files is all there is. Not the package itself:
 * SQLite takes away the -wal of a closed one when the last statement is collected as garbage.
 */
function closed(library: SmallLibrary): string {
  library.photos.library.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  library.photos.close();
  const path = join(library.folder, "Closed.photoslibrary");
  cpSync(library.libraryPath, path, { recursive: true });
  return path;
}

/** A new folder with these empty files. */
function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  return folder;
}

describe("what is not a library", () => {
  it.each([
    ["nothing at all", () => join(temporaryFolder(), "None.photoslibrary"), /nothing of this name/],
    ["a folder of something else", temporaryFolder, /no database\/Photos\.sqlite/],
    [
      "a library of before macOS 10.15",
      () => {
        const folder = temporaryFolder();
        mkdirSync(join(folder, "database"));
        writeFileSync(join(folder, "database", "photos.db"), "");
        return folder;
      },
      /macOS 10\.14 or before/,
    ],
    [
      "a file",
      () => {
        const path = join(temporaryFolder(), "A.photoslibrary");
        writeFileSync(path, "");
        return path;
      },
      /^It is a file;/,
    ],
    ["a path through a file", () => join(folderWith("A"), "A", "B"), /nothing of this name/],
    ["a name that is too long", () => join(temporaryFolder(), "x".repeat(300)), /nothing of this name/],
    ["a library of iPhoto", () => folderWith("AlbumData.xml"), /^It is a library of iPhoto\.$/],
    ["one by its ending", () => join(folderWith("Old.photolibrary/x"), "Old.photolibrary"), /of iPhoto\.$/],
    ["a library of Aperture", () => folderWith("Aperture.aplib", "AlbumData.xml"), /of Aperture\.$/],
    [
      "a package whose database is a link to another place",
      () => {
        const path = closed(smallLibrary());
        const elsewhere = join(temporaryFolder(), "Photos.sqlite");
        renameSync(join(path, "database", "Photos.sqlite"), elsewhere);
        symlinkSync(elsewhere, join(path, "database", "Photos.sqlite"));
        return path;
      },
      /no database\/Photos\.sqlite/,
    ],
  ])("%s is refused as the person's mistake", async (_what, make, why) => {
    expect(await troubleWith(make())).toMatchObject({ code: "BAD_USAGE", why: expect.stringMatching(why) });
  });
});

describe("a database that cannot be believed is refused, nothing is written in the package, no copy stays", () => {
  it.each<[string, (path: string) => void]>([
    ["cut off in the middle", (path) => cutShort(path, Math.floor(statSync(path).size / 2))],
    ["cut off by one byte", (path) => cutShort(path, 1)],
    ["empty", (path) => truncateSync(path, 0)],
    ["of noise", (path) => writeFileSync(path, Buffer.alloc(100_000, 0xa5))],
    [
      "with noise in the middle",
      (path) => {
        const bytes = readFileSync(path);
        bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20_000);
        writeFileSync(path, bytes);
      },
    ],
  ])("%s", async (_what, damage) => {
    const path = closed(smallLibrary());
    damage(join(path, "database", "Photos.sqlite"));
    const before = imageOf(path);
    const error = await troubleWith(path);
    expect(error).toMatchObject({ code: "LIBRARY_UNREADABLE" });
    expect(isLibraryNotPermitted(error)).toBe(false);
    expect(imageOf(path)).toEqual(before);
  });

  it.each([
    "DROP TABLE ZASSET",
    "DROP TABLE ZINTERNALRESOURCE",
    "ALTER TABLE ZASSET RENAME COLUMN ZFILENAME TO ZNAME",
  ])("after %s", async (sql) => {
    const library = smallLibrary();
    library.photos.library.database.exec(sql);
    expect(await troubleWith(library.libraryPath)).toMatchObject({ code: "LIBRARY_UNREADABLE" });
  });

  it("with a view in the place of a table", async () => {
    const library = smallLibrary();
    library.photos.library.database.exec(
      "ALTER TABLE ZASSET RENAME TO HIDDEN; CREATE VIEW ZASSET AS SELECT * FROM HIDDEN",
    );
    expect(await troubleWith(library.libraryPath)).toMatchObject({ code: "LIBRARY_UNREADABLE" });
  });
});

describe("a library that is stranger than those we know", () => {
  it.each<[string, number]>([
    ["DROP TABLE ZADDITIONALASSETATTRIBUTES", 0],
    ["ALTER TABLE ZADDITIONALASSETATTRIBUTES DROP COLUMN ZORIGINALSTABLEHASH", 6],
    ["ALTER TABLE ZINTERNALRESOURCE DROP COLUMN ZREMOTEAVAILABILITY", 6],
    ["ALTER TABLE ZINTERNALRESOURCE DROP COLUMN ZCOMPACTUTI", 6],
    ["ALTER TABLE ZASSET DROP COLUMN ZTRASHEDSTATE", 6],
    ["DROP TABLE ZGENERICALBUM", 6],
    ["DROP TABLE ZFILESYSTEMVOLUME", 6],
    ["DELETE FROM Z_METADATA", 6],
  ])("%s: is read by what it has", async (sql) => {
    const library = smallLibrary();
    library.photos.library.database.exec(sql);
    const { totals, items } = await readWhole(library.libraryPath);
    expect(totals.items).toBe(6);
    expect(totals.byVerdict.ok).toBe(6);
    const first = items.get(library.uuids["0001"] ?? "");
    if (sql.includes("ZTRASHEDSTATE")) expect(first?.isTrashed).toBeNull();
    if (sql.includes("ZADDITIONAL") && sql.startsWith("DROP")) expect(first?.name).toBeNull();
    if (sql.includes("ZGENERICALBUM")) expect(first?.importSession).toBeNull();
    else expect(first?.importSession).toMatch(/^[0-9A-F-]{36}$/);
  });

  it("says that it is newer than known, or does not tell", async () => {
    const library = smallLibrary();
    run(library, "UPDATE Z_METADATA SET Z_PLIST = ?", "no property list");
    await using unnamed = await openLibraryDatabase(library.libraryPath, { workFolder: temporaryFolder() });
    expect(unnamed).toMatchObject({ modelVersion: null, isKnownModel: false });
    const newer = smallLibrary();
    // 19320 is 0x4b78 in its property list; 0x7b78 is a Photos that is yet to come.
    newer.photos.library.database.exec(
      "UPDATE Z_METADATA SET Z_PLIST = CAST(replace(hex(Z_PLIST), '4B78', '7B78') AS TEXT)",
    );
    const { hex } = newer.photos.library.database.prepare("SELECT Z_PLIST AS hex FROM Z_METADATA").get() as {
      hex: string;
    };
    newer.photos.library.database.prepare("UPDATE Z_METADATA SET Z_PLIST = ?").run(Buffer.from(hex, "hex"));
    await using future = await openLibraryDatabase(newer.libraryPath, { workFolder: temporaryFolder() });
    expect(future).toMatchObject({ modelVersion: 0x7b78, isKnownModel: false });
    expect([...future.items()]).toHaveLength(6);
  });
});

describe("a library that was copied only in part", () => {
  it("without its originals: every photo is missing", async () => {
    const library = smallLibrary();
    rmSync(join(library.libraryPath, "originals"), { recursive: true });
    const { totals } = await readWhole(library.libraryPath);
    expect(totals.byVerdict).toMatchObject({ ok: 0, missing: 6 });
  });

  it("without its database it still tells which files it keeps, each read once, and nothing more", async () => {
    const library = smallLibrary();
    const { found } = await readWhole(library.libraryPath);
    const originals = [...found.values()].flatMap(({ files }) => files.filter(({ role }) => role !== "edit"));
    rmSync(join(library.libraryPath, "database"), { recursive: true });
    const before = imageOf(library.libraryPath);
    const loose: LooseFile[] = [];
    for await (const file of readWithoutDatabase(library.libraryPath)) loose.push(file);
    const byPath = (one: { path: string | null }, other: { path: string | null }) =>
      (one.path ?? "") < (other.path ?? "") ? -1 : 1;
    expect(loose).toEqual(
      originals.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 })).sort(byPath),
    );
    expect(countOriginals(library.libraryPath)).toBe(loose.length);
    for await (const { sha256, sizeBytes } of readWithoutDatabase(library.libraryPath, { depth: "size" })) {
      expect(sha256).toBeNull();
      expect(sizeBytes).toBeGreaterThan(0);
    }
    expect(imageOf(library.libraryPath)).toEqual(before);
  });
});

describe("rows that lead out of the package", () => {
  it.each([
    ["ZDIRECTORY", "../../secret"],
    ["ZDIRECTORY", "/etc"],
    ["ZDIRECTORY", "A/../.."],
    ["ZDIRECTORY", "."],
    ["ZFILENAME", "../secret.jpeg"],
    ["ZFILENAME", "/etc/passwd"],
    ["ZFILENAME", ".."],
    ["ZFILENAME", "a\0.jpeg"],
    ["ZUUID", "../../../../secret"],
  ])("%s %s: reach nothing", async (column, value) => {
    const library = smallLibrary();
    writeFileSync(join(dirname(library.libraryPath), "secret.jpeg"), "not in the library");
    run(library, `UPDATE ZASSET SET ${column} = ? WHERE ZUUID = ?`, value, library.uuids["0001"] ?? "");
    const { found, items, totals } = await readWhole(library.libraryPath);
    expect(totals.items).toBe(6);
    const bad = [...found.values()].filter(({ verdict }) => verdict !== "ok");
    expect(bad).toMatchObject([{ name: "IMG_0001.JPG" }]);
    for (const { resources } of items.values())
      for (const { path } of resources)
        expect(path ?? "originals/none").toMatch(/^(originals|resources)\/[^.]/);
  });

  it("a path given to checkItem itself may not lead out either", async () => {
    const library = smallLibrary();
    const { items } = await readWhole(library.libraryPath);
    const item = items.get(library.uuids["0001"] ?? "");
    writeFileSync(join(dirname(library.libraryPath), "secret.jpeg"), "not in the library");
    const forged = { ...item!, resources: [{ ...item!.resources[0]!, path: "../secret.jpeg" }] };
    expect(await checkItem(library.libraryPath, forged)).toMatchObject({ verdict: "missing" });
  });

  it("links are not followed: of a file, of a folder, of the whole of originals", async () => {
    for (const what of ["file", "folder", "originals"]) {
      const library = smallLibrary();
      const { items } = await readWhole(library.libraryPath);
      const uuid = library.uuids["0001"] ?? "";
      const file = fileOf(library.libraryPath, items.get(uuid)!, "primary");
      const place = what === "file" ? file : what === "folder" ? dirname(file) : dirname(dirname(file));
      const elsewhere = join(temporaryFolder(), "elsewhere");
      renameSync(place, elsewhere);
      symlinkSync(elsewhere, place);
      const { found } = await readWhole(library.libraryPath);
      expect(found.get(uuid)).toMatchObject({ verdict: "missing" });
    }
  });

  it("a named pipe in the place of a photo keeps nobody waiting", async () => {
    const library = smallLibrary();
    const { items } = await readWhole(library.libraryPath);
    const uuid = library.uuids["0001"] ?? "";
    const file = fileOf(library.libraryPath, items.get(uuid)!, "primary");
    rmSync(file);
    execFileSync("mkfifo", [file]);
    const { found } = await readWhole(library.libraryPath);
    expect(found.get(uuid)).toMatchObject({ verdict: "missing" });
  });

  it("values of the wrong kind and of absurd size are read past", async () => {
    const library = smallLibrary();
    const { database } = library.photos.library;
    database.exec(`UPDATE ZASSET SET ZDATECREATED = 123456789012345, ZADDEDDATE = 9e300, ZKIND = 'x',
      ZVISIBILITYSTATE = 9223372036854775807, ZIMPORTSESSION = 9223372036854775807, ZMEDIAGROUPUUID = zeroblob(5000)`);
    database.exec(`UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALFILENAME = printf('%.9000c', 'x'),
      ZORIGINALFILESIZE = 9223372036854775807, ZORIGINALSTABLEHASH = 'nonsense'`);
    database.exec("UPDATE ZINTERNALRESOURCE SET ZRECIPEID = 'x', ZCOMPACTUTI = zeroblob(9000)");
    const { items, totals } = await readWhole(library.libraryPath);
    expect(totals.items).toBe(6);
    for (const item of items.values())
      expect(item).toMatchObject({
        createdAt: null,
        addedAt: null,
        name: null,
        kind: null,
        fingerprint: null,
      });
  });
});

describe("a library that may not be read", () => {
  const isRoot = process.getuid?.() === 0;

  it("for want of an ordinary right is told apart from a damaged one", async () => {
    // Where anybody may look: the folder for temporary files may be this user's alone.
    if (isRoot) vi.stubEnv("TMPDIR", "/tmp");
    onTestFinished(() => void vi.unstubAllEnvs());
    const library = smallLibrary();
    const path = closed(library);
    const folder = join(path, "database");
    chmodSync(folder, 0o000);
    chmodSync(library.folder, 0o755);
    const workFolder = temporaryFolder();
    chmodSync(workFolder, 0o777);
    // Root may read everything: for a moment we are nobody.
    if (isRoot) process.seteuid?.(65_534);
    onTestFinished(() => chmodSync(folder, 0o700));
    let error: unknown;
    try {
      error = await troubleWith(path, workFolder);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect(error).toMatchObject({
      code: "LIBRARY_NOT_PERMITTED",
      why: expect.stringContaining("another user"),
      remedy: doesNotSay("System Settings"),
    });
    expect(isLibraryNotPermitted(error)).toBe(true);
  });

  it("by macOS itself (EPERM), is told which switch lifts it: Photos first, then Full Disk Access", () => {
    const refused = Object.assign(new Error("EPERM: operation not permitted"), { code: "EPERM" });
    const error = readingFailed("/Users/me/A.photoslibrary", refused);
    expect(isLibraryNotPermitted(error)).toBe(true);
    expect(inCommandWords(error.remedy ?? "")).toMatch(
      /Photos.*\?Privacy_Photos.*Full Disk Access.*\?Privacy_AllFiles/,
    );
  });
});

describe("a library that Photos is writing to", () => {
  it("shows what is only in the write-ahead log, and nothing in the package changes", async () => {
    const library = smallLibrary();
    const before = imageOf(library.libraryPath);
    expect(existsSync(join(library.libraryPath, "database", "Photos.sqlite-wal"))).toBe(true);
    const { totals } = await readWhole(library.libraryPath);
    expect(totals.byVerdict.ok).toBe(6);
    expect(imageOf(library.libraryPath)).toEqual(before);
    rmSync(join(library.libraryPath, "database", "Photos.sqlite-wal"));
    expect(await troubleWith(library.libraryPath)).toMatchObject({ code: "LIBRARY_UNREADABLE" });
  });

  it("is read as it was at one moment, or refused", async () => {
    const library = smallLibrary();
    const { database } = library.photos.library;
    const live = library.uuids["0002"] ?? "";
    const pk = `(SELECT Z_PK FROM ZASSET WHERE ZUUID = '${live}')`;
    // Three purses on three pages of the file. Each transaction touches two of them, and their sum stays.
    const purses = [
      { table: "ZASSET", column: "ZKINDSUBTYPE", which: `Z_PK = ${pk}` },
      { table: "ZADDITIONALASSETATTRIBUTES", column: "ZIMPORTEDBYBUNDLEIDENTIFIER", which: `ZASSET = ${pk}` },
      {
        table: "ZINTERNALRESOURCE",
        column: "ZDATALENGTH",
        which: `ZASSET = ${pk} AND ZDATASTORESUBTYPE = 18`,
      },
    ].map(
      ({ table, column, which }) =>
        (change: string) =>
          `UPDATE ${table} SET ${column} = ${change.replace("it", column)} WHERE ${which};`,
    );
    for (const purse of purses) database.exec(purse("10000"));
    let round = 0;
    let isWriting = true;
    const write = () => {
      if (!isWriting) return;
      const [from, to] = [purses[round % 3], purses[(round + 1) % 3]];
      database.exec(`BEGIN; ${from?.("it - 1")} ${to?.("it + 1")} COMMIT`);
      if (++round % 2 === 0) database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      setTimeout(write, 0);
    };
    write();
    const workFolder = temporaryFolder();
    const sums: number[] = [];
    for (let tries = 0; tries < 24; tries++) {
      // Now and then nobody writes for the length of a reading, as in life.
      isWriting = tries % 3 !== 0;
      if (isWriting) write();
      try {
        await using copy = await openLibraryDatabase(library.libraryPath, { workFolder });
        const item = copy.item(live);
        const video = item?.resources.find(({ role }) => role === "live-video");
        sums.push((item?.kindSubtype ?? 0) + Number(item?.importedBy) + (video?.expectedBytes ?? 0));
      } catch (error) {
        expect(error).toMatchObject({ code: "LIBRARY_UNREADABLE" });
      }
    }
    isWriting = false;
    expect(sums.length).toBeGreaterThanOrEqual(3);
    expect(new Set(sums)).toEqual(new Set([30_000]));
    expect(round).toBeGreaterThan(40);
    expect(readdirSync(workFolder)).toEqual([]);
  });
});

describe("stopping", () => {
  it("before, while opening, and in the middle of a check-up", async () => {
    const library = smallLibrary();
    const workFolder = temporaryFolder();
    const signal = AbortSignal.abort();
    await expect(openLibraryDatabase(library.libraryPath, { workFolder, signal })).rejects.toMatchObject({
      code: "STOPPED",
    });
    expect(readdirSync(workFolder)).toEqual([]);
    await using database = await openLibraryDatabase(library.libraryPath, { workFolder });
    const controller = new AbortController();
    let seen = 0;
    const whole = (async () => {
      for await (const _found of checkUp(database, { signal: controller.signal })) {
        seen++;
        controller.abort();
      }
    })();
    await expect(whole).rejects.toMatchObject({ code: "STOPPED" });
    expect(seen).toBe(1);
    for await (const _found of checkUp(database)) break;
    expect([...database.items()]).toHaveLength(6);
  });

  it("twice closed is closed", async () => {
    const workFolder = temporaryFolder();
    const database = await openLibraryDatabase(smallLibrary().libraryPath, { workFolder });
    for (const _item of database.items()) break;
    await database[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    expect(readdirSync(workFolder)).toEqual([]);
  });
});
