import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { jpeg } from "../run/small-phones.js";
import { CommandHarness } from "./command-harness.js";

const ORIGINALS = 25;
const inCplAssets = Array.from(
  { length: ORIGINALS },
  (_, at) => `PhotoData/CPLAssets/group1/0A1B2C3D-0000-4000-8000-0000000000${10 + at}.JPG`,
);

/** An iPad, say: nearly all of its originals lie outside DCIM, and its database cannot be read. */
async function withIPad(): Promise<CommandHarness> {
  const harness = new CommandHarness();
  ["DCIM/100APPLE/IMG_0001.JPG", ...inCplAssets].forEach((path, at) => {
    const target = join(harness.mediaFolder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, jpeg(at + 1));
  });
  const database = join(harness.mediaFolder, "PhotoData/Photos.sqlite");
  writeFileSync(database, "no database");
  await harness.plugIn();
  return harness;
}

test("without its library, an import counts the originals that stay, in one sentence", async () => {
  await using harness = await withIPad();
  const { stdout, stderr, exitCode } = await harness.rollcall(["import", "--without-phone-library"]);
  const said = `${stdout}\n${stderr}`;
  expect(exitCode, said).toBe(3);
  expect(said).toMatch(/25 files, one is \/PhotoData\/CPLAssets\/\S+ {3}failed: It stays on the phone/);
  expect(said.match(/It stays on the phone/g)).toHaveLength(1);
  expect(harness.itemCount()).toBe(1);
});

test("told to import photos from iCloud, an import without the library imports them all", async () => {
  await using harness = await withIPad();
  const args = ["import", "--without-phone-library", "--icloud", "import"];
  const { stdout, stderr, exitCode } = await harness.rollcall(args);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  expect(harness.itemCount()).toBe(ORIGINALS + 1);
});

test("without its library, a copy takes the originals outside DCIM", async () => {
  await using harness = await withIPad();
  const target = join(harness.folder, "copy");
  const { stdout, stderr, exitCode } = await harness.rollcall(["copy", target, "--without-phone-library"]);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  for (const path of inCplAssets) expect(existsSync(join(target, path)), path).toBe(true);
});
