import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { CommandHarness } from "./command-harness.js";

function photosIn(libraryPath: string): number {
  const database = new DatabaseSync(join(libraryPath, "database/Photos.sqlite"), { readOnly: true });
  const count = Number(database.prepare("SELECT count(*) AS count FROM ZASSET").get()?.count);
  database.close();
  return count;
}

/** On a Mac lsof names the open library; here ROLLCALL_PHOTOS_LIBRARY does, or nobody. */
test.each([{ isNamed: true }, { isNamed: false }])(
  "--library X while Photos has Y open, named: $isNamed: nothing comes, and its remedy helps either way",
  async ({ isNamed }) => {
    await using harness = new CommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder });
    await harness.plugIn();
    const usual = harness.photos.library.path;
    const other = join(harness.folder, "Other.photoslibrary");
    openVirtualPhotos(other).close();
    const rollcall = (...args: string[]) =>
      harness.rollcall(args, {
        ROLLCALL_PHOTOS_LIBRARY: isNamed ? harness.photos.openLibraryPath() : undefined,
      });
    const first = await rollcall("import", "--limit", "2", "--library", usual);
    expect(first.exitCode, first.stderr).toBe(0);
    harness.photos.openLibrary(other);

    const refused = await rollcall("import", "--library", usual);
    expect(refused.exitCode, refused.stdout).toBe(7);
    expect(refused.stderr).toContain("error: Photos has another library open than the one this is about.\n");
    expect(refused.stderr).toMatch(
      /\ndo: {4}.*[Oo]pen .* \(hold Option while Photos starts\), then run the same command/,
    );
    expect(refused.stderr).not.toMatch(/\ndo:.*--library/);
    expect([photosIn(usual), photosIn(other)]).toEqual([2, 0]);

    // What only reads answers for the one that was named.
    const plan = await rollcall("plan", "--library", usual);
    expect(plan).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/already in Photos +2\n/) });
    const verify = await rollcall("verify", "--library", usual);
    expect(verify).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("2 photos") });

    const named = await rollcall("import", "--library", other, "--limit", "1");
    expect(named.exitCode, named.stderr).toBe(0);
    expect([photosIn(usual), photosIn(other)]).toEqual([2, 1]);

    harness.photos.openLibrary(usual);
    const opened = await rollcall("import", "--library", usual);
    expect(opened.exitCode, opened.stderr).toBe(0);
    expect(photosIn(usual)).toBeGreaterThan(10);
    expect(photosIn(other)).toBe(1);
  },
  180_000,
);
