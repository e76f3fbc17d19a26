import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DiskNames } from "../../src/transfer/disk-names.js";
import { DistinctPlaces } from "../../src/transfer/safe-file-name.js";
import { isKeptTime } from "../../src/transfer/whole-copy.js";
import { memoryDisk } from "../memory-disk.js";

/** True for a disk on which macOS keeps a file's attributes in another one, `._` and its name. */
let hasAppleDouble = false;
vi.mock("node:fs/promises", async (load) => {
  const real = await load<typeof promises>();
  const open: typeof real.open = async (path, flags, mode) => {
    const file = await real.open(path, flags, mode);
    const [beside, name] = [dirname(String(path)), basename(String(path)).slice(0, 60)];
    if (hasAppleDouble && flags === "wx") writeFileSync(join(beside, `._${name}`), "");
    return file;
  };
  // A disk lists in any order.
  const readdir = async (path: string) => (await real.readdir(path)).sort();
  return { ...real, open, readdir };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(memoryDisk, "rc-names-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a disk that takes every name is given the phone's own, and nothing is left behind", async () => {
  const names = new DiskNames(folder);
  const path = '/DCIM/100APPLE/1034:4677447615184994?"<>|\\ .MP4';
  await names.learn([path, "/DCIM/100APPLE/caf\u00e9.JPG"]);
  expect(new DistinctPlaces(false, names).placeFor(path)).toBe(path.slice(1));
  expect(readdirSync(folder)).toEqual([]);
});

test("a disk where macOS writes a ._ file beside each is given the phone's own names, and is left clean", async () => {
  hasAppleDouble = true;
  const names = new DiskNames(folder);
  await names.learn(["/DCIM/100APPLE/caf\u00e9.JPG", "/DCIM/1034:46.MP4"]).finally(() => {
    hasAppleDouble = false;
  });
  expect(names.nameFor("caf\u00e9.JPG")).toBe("caf\u00e9.JPG");
  expect(names.nameFor("1034:46.MP4")).toBe("1034:46.MP4");
  expect(readdirSync(folder)).toEqual([]);
});

test("plain names are not tried at all", async () => {
  const names = new DiskNames(join(folder, "not there"));
  await names.learn(["/DCIM/100APPLE/IMG_0001 (1).HEIC", "/DCIM/.MISC/IMG~2.MOV"]);
  await expect(names.learn(["/DCIM/a:b"])).rejects.toMatchObject({ code: "ENOENT" });
});

test.each([
  ["stra\u00dfe.JPG", "STRASSE.JPG"],
  ["caf\u00e9.JPG", "cafe\u0301.JPG"],
  ["IMG_0001.JPG", "img_0001.jpg"],
  ["\u03c3.JPG", "\u03c2.JPG"],
])("on a disk that folds names %j and %j have a place each", (one, other) => {
  mkdirSync(join(folder, "DCIM"));
  const places = new DistinctPlaces(true);
  expect(places.placeFor(`/DCIM/${one}`)).toBe(`DCIM/${one}`);
  expect(places.placeFor(`/DCIM/${other}`)).toBe(`DCIM~2/${other}`);
});

const at = (text: string) => Date.parse(text);
test.each([
  ["to two seconds, as FAT keeps it", "2019-05-06T07:08:10Z", "2019-05-06T07:08:09Z", true],
  ["an hour apart, since it is summer now", "2019-05-06T08:08:10Z", "2019-05-06T07:08:09Z", true],
  ["half an hour apart, on a journey", "2019-05-06T06:38:08Z", "2019-05-06T07:08:09Z", true],
  ["the first day that FAT knows, of an older one", "1980-01-01T00:00:00Z", "1965-03-04T05:06:07Z", true],
  ["ten minutes apart", "2019-05-06T07:18:10Z", "2019-05-06T07:08:09Z", false],
  [
    "an hour apart, on a disk with finer times",
    "2019-05-06T08:08:09.500Z",
    "2019-05-06T07:08:09.500Z",
    false,
  ],
  ["the first day that FAT knows, of a later one", "1980-01-01T00:00:00Z", "2019-05-06T07:08:09Z", false],
])("a time that is shown %s", (_how, shown, given, isKept) => {
  expect(isKeptTime(at(shown), at(given))).toBe(isKept);
});
