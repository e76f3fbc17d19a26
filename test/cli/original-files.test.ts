import { createHash } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OriginalFiles } from "../../src/originals/original-files.js";

const uuid = "7A3C0F4E-1B2C-4D5E-8F90-0123456789AB";
const photosId = `${uuid}/L0/001`;
const bytes = "the bytes of a photo";
const sha256 = createHash("sha256").update(bytes).digest("hex");

let library: string;
let copyPath: string;
const inOriginals = (name: string) => join(library, "originals", "7", name);
const find = () => new OriginalFiles(library).find({ photosId, sha256, sizeBytes: bytes.length, copyPath });

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-originals-"));
  library = join(folder, "A.photoslibrary");
  copyPath = join(folder, "IMG_0001.JPG");
  mkdirSync(join(library, "originals", "7"), { recursive: true });
  writeFileSync(copyPath, bytes);
});
afterEach(() => rmSync(join(library, ".."), { recursive: true }));

test.each([`${uuid}.jpeg`, `${uuid}_3.mov`, `${uuid}_4.dng`])(
  "%s with equal bytes is a witness",
  async (name) => {
    writeFileSync(inOriginals(name), bytes);
    expect(await find()).toBe(inOriginals(name));
  },
);

test("a file of the same length with other bytes is none", async () => {
  writeFileSync(inOriginals(`${uuid}.jpeg`), "THE bytes of a photo");
  expect(await find()).toBeNull();
});

test("equal bytes under another id are none", async () => {
  writeFileSync(inOriginals(`7${uuid.slice(1, -1)}C.jpeg`), bytes);
  expect(await find()).toBeNull();
});

test("the copy itself, linked into the library by symbolic or by hard link, is none", async () => {
  symlinkSync(copyPath, inOriginals(`${uuid}.jpeg`));
  linkSync(copyPath, inOriginals(`${uuid}_3.mov`));
  expect(await find()).toBeNull();
});

test("a library that is not there has no witness, and an id that is none is not looked for", async () => {
  expect(
    await new OriginalFiles("/not/there").find({ photosId, sha256, sizeBytes: 20, copyPath }),
  ).toBeNull();
  const wanted = { photosId: "../../etc", sha256, sizeBytes: bytes.length, copyPath };
  expect(await new OriginalFiles(library).find(wanted)).toBeNull();
});
