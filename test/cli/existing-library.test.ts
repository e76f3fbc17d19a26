import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { existingLibrary } from "../../src/cli/compose/existing-library.js";
import { directAccess } from "../direct-access.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-named-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a library that a person names", () => {
  test("is taken as it is named, also behind a link: where that leads may change", async () => {
    const path = join(folder, "Fotos.photoslibrary");
    mkdirSync(path);
    symlinkSync(path, join(folder, "link"));
    for (const named of [path, join(folder, "link")])
      expect(await existingLibrary("--library", named, directAccess)).toBe(named);
  });

  test("is refused where there is none, or a file", async () => {
    writeFileSync(join(folder, "file"), "");
    for (const name of ["file", "nowhere"])
      await expect(existingLibrary("--library", join(folder, name), directAccess)).rejects.toMatchObject({
        code: "BAD_USAGE",
        message: expect.stringContaining("--library: there is no library package at"),
      });
  });

  test('is refused where it is "Shared with You", however it is spelled: all photos would come again', async () => {
    const shared = join(folder, "library/Photos/Libraries/Syndication.photoslibrary");
    mkdirSync(shared, { recursive: true });
    symlinkSync(shared, join(folder, "Mine.photoslibrary"));
    for (const named of [shared, join(folder, "Mine.photoslibrary")])
      await expect(existingLibrary("ROLLCALL_PHOTOS_LIBRARY", named, directAccess)).rejects.toMatchObject({
        code: "BAD_USAGE",
        message: expect.stringContaining('"Shared with You"'),
      });
  });

  test("is believed to be there where its disk does not answer", async () => {
    const access = { locate: async (path: string) => ({ kind: "silent" as const, path }) };
    expect(await existingLibrary("--library", "/Volumes/Slow/X.photoslibrary", access)).toBe(
      "/Volumes/Slow/X.photoslibrary",
    );
  });
});
