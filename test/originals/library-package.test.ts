import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import { isLibraryNotPermitted, readingFailed, reasonOf } from "../../src/originals/library-trouble.js";
import type { LibraryPackage, LibraryPackageRecords } from "../../src/photos/library-package.js";
import { directAccess } from "../direct-access.js";
import { doesNotSay, says } from "../says.js";
import { allFacts, imageOf } from "./facts.js";
import { hasRealLibraries, needsRealLibraries, realLibraries } from "./shared-data.js";
import { smallLibrary, temporaryFolder } from "./small-library.js";

async function open(path: string | null) {
  return await libraryOriginals({ workFolder: temporaryFolder(), access: directAccess }).open(path);
}

async function opened(path: string): Promise<{ library: LibraryPackage; records: LibraryPackageRecords }> {
  const library = await open(path);
  if ("code" in library) throw new Error(library.message);
  const records = await library.openRecords();
  if ("code" in records) throw new Error(records.message);
  return { library, records };
}

it("finds all files of an item by its id alone, each with the part it plays", async () => {
  const { libraryPath, uuids } = smallLibrary();
  const { library, records } = await opened(libraryPath);
  await using _closed = records;
  const parts = (digits: string) =>
    library
      .filesOf([`${uuids[digits]}/L0/001`])
      .get(`${uuids[digits]}/L0/001`)!
      .map(({ part }) => part)
      .sort();
  expect(parts("0001")).toEqual(["original"]);
  expect(parts("0002")).toEqual(["live-movie", "original"]);
  expect(parts("0004")).toEqual(["original", "raw"]);
  expect(parts("0005")).toEqual(["edit", "edit", "original", "sidecar"]);
  expect(library.filesOf(["00000000-0000-4000-8000-000000000000/L0/001", "../../etc"])).toEqual(
    new Map([
      ["00000000-0000-4000-8000-000000000000/L0/001", []],
      ["../../etc", []],
    ]),
  );
});

it("finds items by the length of an original, of a Live video or of a RAW, and by no other", async () => {
  const { libraryPath, uuids } = smallLibrary();
  const { library, records } = await opened(libraryPath);
  await using _closed = records;
  const id = `${uuids["0002"]}/L0/001`;
  for (const { sizeBytes } of library.filesOf([id]).get(id)!)
    expect(records.idsWithSize(sizeBytes)).toContain(id);
  expect(records.idsWithSize(7)).toEqual([]);
  expect(records.unsizedItems).toBe(0);
  expect(records.find("00000000-0000-4000-8000-000000000000/L0/001")).toBeNull();
  expect(records.find(id)).toMatchObject({
    savedType: "copied",
    isTrashed: false,
    isComplete: true,
    isDamaged: false,
  });
});

it("finds items by when they came into the library", async () => {
  const { libraryPath, uuids } = smallLibrary();
  const { records } = await opened(libraryPath);
  await using _closed = records;
  const id = `${uuids["0002"]}/L0/001`;
  const { addedAt } = records.find(id)!;
  const at = (ms: number) => new Date(addedAt!.getTime() + ms);
  expect(records.idsAddedBetween(at(-1), at(1))).toContain(id);
  expect(records.idsAddedBetween(at(1), at(1_000_000_000))).not.toContain(id);
  expect(records.idsAddedBetween(at(-1_000_000_000), at(-1))).not.toContain(id);
});

it("says why instead of throwing: no library known, none there, something else, a damaged database", async () => {
  expect(await open(null)).toMatchObject({
    code: "LIBRARY_NOT_KNOWN",
    remedy: says("--library"),
  });
  expect(await open("/not/there.photoslibrary")).toMatchObject({ code: "BAD_USAGE" });
  expect(await open(temporaryFolder())).toMatchObject({ code: "BAD_USAGE" });
  const { libraryPath, photos } = smallLibrary();
  photos.close();
  for (const side of ["-wal", "-shm"])
    rmSync(join(libraryPath, "database", `Photos.sqlite${side}`), { force: true });
  writeFileSync(join(libraryPath, "database", "Photos.sqlite"), "no database at all");
  const library = await open(libraryPath);
  if ("code" in library) throw new Error("files can be read without the database");
  expect(await library.openRecords()).toMatchObject({ code: "LIBRARY_UNREADABLE" });
});

it("names the switches in System Settings where the right is missing, the smaller first", () => {
  const refused = (code: string) => readingFailed("/L", Object.assign(new Error(code), { code }));
  expect(isLibraryNotPermitted(refused("EPERM"))).toBe(true);
  const { code, ...reason } = reasonOf(refused("EPERM"));
  const remedy = inCommandWords(reason.remedy);
  expect(code).toBe("LIBRARY_NOT_PERMITTED");
  expect(remedy.indexOf("Privacy_Photos")).toBeGreaterThan(0);
  expect(remedy.indexOf("Privacy_Photos")).toBeLessThan(remedy.indexOf("Privacy_AllFiles"));
  expect(remedy).toContain("x-apple.systempreferences:");
  // An ordinary right of the file system is lifted by no switch.
  expect(reasonOf(refused("EACCES"))).toMatchObject({
    code,
    remedy: doesNotSay("Privacy_"),
  });
});

it.skipIf(!hasRealLibraries)(
  `agrees with real libraries about every kept file, by its id alone${needsRealLibraries}`,
  async () => {
    const roles = { primary: "original", "live-video": "live-movie", "raw-alternate": "raw" } as const;
    let compared = 0;
    for (const facts of allFacts) {
      const path = join(realLibraries, facts.library);
      const before = imageOf(path);
      const { library, records } = await opened(path);
      await using _closed = records;
      for (const { uuid, files, trashed } of facts.assets) {
        const id = `${uuid}/L0/001`;
        expect(records.find(id)?.isTrashed, uuid).toBe(trashed === 1);
        const kept = library.filesOf([id]).get(id)!;
        for (const [role, part] of Object.entries(roles)) {
          const told = files.filter((file) => file.role === role && file.present).map(({ sha256 }) => sha256);
          const found = kept.filter((file) => file.part === part);
          expect(await Promise.all(found.map((file) => library.sha256Of(file))), `${uuid} ${role}`).toEqual(
            told,
          );
          compared += told.length;
        }
      }
      expect(imageOf(path)).toEqual(before);
    }
    expect(compared).toBeGreaterThan(20);
  },
);
