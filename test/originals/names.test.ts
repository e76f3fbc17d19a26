import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isSameName } from "../../src/originals/library-item.js";
import { modelVersionIn } from "../../src/originals/model-version.js";
import { FolderNames, PackageFiles, plainPath } from "../../src/originals/package-files.js";
import { modelPlist } from "../../src/virtual/photos/model-plist.js";
import { temporaryFolder } from "./small-library.js";

it.each([
  ["PUMKINS1.JPG", "Pumkins1.jpg", true],
  ["Frítest.jpg".normalize("NFC"), "FRÍTEST.JPG".normalize("NFD"), true],
  ["Frítest.jpg", "Fritest.jpg", false],
  ["[2020-08-29] AAF035.jpg", "[2020-08-29] AAF035.jpg", true],
  ["IMG_1234.JPG", "IMG_E1234.JPG", false],
])("%j and %j are one name to a person: %s", (one, other, isSame) => {
  expect(isSameName(one, other)).toBe(isSame);
  expect(isSameName(other, one)).toBe(isSame);
});

const id = "EC19EA1A-FC91-449C-8925-B13D863E2EDB";

it("finds files by id, whatever the case, with each of their extensions", () => {
  const names = new FolderNames([
    `${id}.heic`,
    `${id}_3.mov`,
    `${id}_5.aae`,
    `${id}_5.xmp`,
    "Frítest.jpg".normalize("NFD"),
  ]);
  expect(names.find(`${id}.heic`)).toBe(`${id}.heic`);
  expect(names.find(`${id.toLowerCase()}.HEIC`)).toBe(`${id}.heic`);
  expect(names.find(`${id}.jpeg`)).toBeNull();
  expect(names.find("frítest.JPG".normalize("NFC"))).toBe("Frítest.jpg".normalize("NFD"));
  expect(names.withStem(id)).toEqual([`${id}.heic`]);
  expect(names.withStem(`${id}_5`)).toEqual([`${id}_5.aae`, `${id}_5.xmp`]);
  expect(names.withStem(`${id}_4`)).toEqual([]);
  expect(names.countOf(id)).toBe(4);
  expect([...names.all()]).toHaveLength(5);
});

it("lists a folder that is not there as empty, and a file as none", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "originals"));
  writeFileSync(join(folder, "originals", "E"), "");
  const files = new PackageFiles(folder);
  expect([...files.namesIn("originals/E").all()]).toEqual([]);
  expect([...files.namesIn("originals/F").all()]).toEqual([]);
  expect([...files.namesIn("originals").all()]).toEqual(["E"]);
});

it.each(["", "/", "/etc", "a//b", "a/../b", "..", ".", "a/.", "a\0b"])("%j is no plain path", (path) => {
  expect(plainPath(path)).toBeNull();
});

it("reads the version of the model, and takes anything else for silence", () => {
  const list = modelPlist(18_600);
  expect(modelVersionIn(list)).toBe(18_600);
  for (let length = 0; length < list.length; length++)
    expect(modelVersionIn(list.subarray(0, length))).toBeNull();
  for (let at = 0; at < list.length; at++) {
    const broken = Buffer.from(list);
    broken[at] = 0xff;
    expect([null, "number"]).toContain(
      modelVersionIn(broken) === null ? null : typeof modelVersionIn(broken),
    );
  }
});
