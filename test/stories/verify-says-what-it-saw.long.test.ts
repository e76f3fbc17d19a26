import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { CommandHarness } from "./command-harness.js";

async function imported(): Promise<CommandHarness> {
  const harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder });
  await harness.plugIn();
  expect((await harness.rollcall(["import"])).exitCode).toBe(0);
  return harness;
}

test("verify of a part speaks of that part, and of nothing it is no success", async () => {
  await using harness = await imported();
  rmSync(join(harness.photos.library.path, "originals"), { recursive: true });

  const none = await harness.rollcall(["verify", "--since", "2099-01-01"]);
  expect(none.stdout).toMatch(/^Nothing was looked at: no photo of this run fits the selection\./);
  expect(none.stdout).not.toContain("proved to the byte");
  expect(none.exitCode).toBe(3);
  const asJson = JSON.parse((await harness.rollcall(["verify", "--since", "2099-01-01", "--json"])).stdout);
  expect(asJson.looked).toEqual({ items: 0, of: expect.any(Number) });
  expect(asJson.looked.of).toBeGreaterThan(10);
  expect(asJson.summary).toBe("Nothing was looked at");

  const one = await harness.rollcall(["verify", "--sample", "0.001%"]);
  expect(one.stdout).toMatch(/^error: 1 photo did not arrive, or could not be found/);
  expect(one.stdout).toContain(
    `Looked at 1 of ${asJson.looked.of} photos; the others keep what was found before.`,
  );
  expect(one.stdout).not.toContain("proved to the byte");
  expect(one.exitCode).toBe(3);
});

test("verify of photos that were all deleted says where they lie, and not that none were imported", async () => {
  await using harness = await imported();
  harness.photos.library.database.exec("UPDATE ZASSET SET ZTRASHEDSTATE = 1");
  const { stdout, exitCode } = await harness.rollcall(["verify"]);
  expect(stdout).toMatch(
    /^Looked for \d+ photos \(\d+ files\): all lie in Recently Deleted of the library\./,
  );
  expect(stdout).not.toContain("imported no file");
  expect(exitCode).toBe(0);
});

test("what only reads may be asked about one library while Photos has another open", async () => {
  await using harness = await imported();
  const ours = harness.photos.library.path;
  const other = join(harness.folder, "Other.photoslibrary");
  harness.photos.openLibrary(other);
  const open = { ROLLCALL_PHOTOS_LIBRARY: other };
  const audit = await harness.rollcall(["plan", "--audit", "--library", ours], open);
  expect(audit.stderr).not.toContain("error");
  expect(audit.exitCode).toBe(0);
  const verified = await harness.rollcall(["verify"], open);
  expect(verified.stdout).toMatch(/^\d+ photos \(\d+ files\) proved to the byte\./);
  expect(verified.exitCode).toBe(0);
  expect((await harness.rollcall(["receipts", "safe-to-remove"], open)).exitCode).toBe(0);
  // What writes may not.
  expect((await harness.rollcall(["plan", "--mark-known", "--library", ours], open)).exitCode).toBe(7);
  expect((await harness.rollcall(["import", "--library", ours], open)).exitCode).toBe(7);
});

test("a staged file that is the photo, and was deleted, is missing to verify and to library", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder });
  await harness.plugIn();
  harness.photos.faults({ name: "imports-references" });
  await harness.rollcall(["import"]);
  harness.photos.faults(null);
  expect((await harness.rollcall(["verify"])).exitCode).toBe(0);
  const before = await harness.rollcall(["library", harness.photos.library.path]);
  expect(before.exitCode).toBe(0);

  const staging = join(harness.folder, "data", "staging");
  const files = readdirSync(staging, { recursive: true, withFileTypes: true });
  const lost = files.find((entry) => entry.isFile() && entry.name === "IMG_0004.PNG")!;
  rmSync(join(lost.parentPath, lost.name));
  const { stdout, exitCode } = await harness.rollcall(["verify"]);
  expect(exitCode).toBe(3);
  expect(stdout).toContain(
    "IMG_0004.PNG   missing: Photos keeps no copy of it, and the staged file, which was the photo",
  );
  const library = await harness.rollcall(["library", harness.photos.library.path]);
  expect(library.exitCode).toBe(3);
  expect(library.stdout).toContain("it is not there any more");
  const noHash = await harness.rollcall(["library", harness.photos.library.path, "--no-hash"]);
  expect(noHash.exitCode).toBe(3);
});

test("doctor goes on where the library that is named is not there", async () => {
  await using harness = new CommandHarness();
  const { stdout, exitCode } = await harness.rollcall(["doctor"], {
    ROLLCALL_PHOTOS_LIBRARY: "/Volumes/Away/Photos.photoslibrary",
  });
  expect(stdout).toContain("there is no library package at /Volumes/Away/Photos.photoslibrary");
  expect(stdout).toContain("Connect the disk that it is on");
  expect(stdout.split("\n").length).toBeGreaterThan(10);
  expect(exitCode).not.toBe(2);
});
