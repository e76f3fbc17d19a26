import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig } from "../../src/cli/process/config-file.js";
import { readSettings } from "../../src/cli/process/settings.js";

describe("the environment", () => {
  test("with ROLLCALL_HOME and no ROLLCALL_STAGING, staging lies inside the data folder", async () => {
    const settings = await readSettings({ ROLLCALL_HOME: "/data/rollcall" });
    expect(settings.dataFolder).toBe("/data/rollcall");
    expect(settings.stagingFolder).toBe("/data/rollcall/staging");
  });

  test.each(["ROLLCALL_HOME", "ROLLCALL_STAGING", "ROLLCALL_PHOTOS_LIBRARY"])(
    "a %s that begins with ~ is refused: only a shell knows whose home that is",
    async (name) => {
      await expect(readSettings({ [name]: "~/x" })).rejects.toMatchObject({
        code: "BAD_USAGE",
        message: expect.stringContaining(`${name}: ~/x begins with ~`),
        remedy: expect.stringContaining("$HOME/x"),
      });
    },
  );

  test("ROLLCALL_STAGING counts before everything else", async () => {
    const settings = await readSettings({
      ROLLCALL_HOME: "/data/rollcall",
      ROLLCALL_STAGING: "/big/staging",
    });
    expect(settings.stagingFolder).toBe("/big/staging");
  });

  test("with nothing set, staging is ~/Pictures/Rollcall and the data is in another folder named Rollcall", async () => {
    const settings = await readSettings({});
    expect(settings.stagingFolder).toBe(join(homedir(), "Pictures", "Rollcall"));
    expect(settings.dataFolder).toMatch(/\/Rollcall$/);
    expect(settings.dataFolder).not.toBe(settings.stagingFolder);
    expect(settings).toMatchObject({
      usbmuxdAddress: undefined,
      osascript: undefined,
      photosLibrary: undefined,
    });
  });

  test("relative paths are made absolute, and an empty variable is one that is not set", async () => {
    const settings = await readSettings({
      ROLLCALL_HOME: "here",
      ROLLCALL_STAGING: "",
      ROLLCALL_PHOTOS_LIBRARY: "a.photoslibrary",
    });
    expect(settings.dataFolder).toBe(resolve("here"));
    expect(settings.stagingFolder).toBe(resolve("here/staging"));
    expect(settings.photosLibrary).toBe(resolve("a.photoslibrary"));
  });
});

describe("the config file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rollcall-config-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const config = (text: string) => writeFileSync(join(folder, "config.json"), text);

  test("without one nothing is configured", async () => {
    expect(await readConfig(folder)).toEqual({});
    expect(await readConfig(join(folder, "not", "there"))).toEqual({});
  });

  test("holds flags under their own names", async () => {
    config('{"phone": "Anna\'s iPhone", "keep-albums": true, "kind": ["photo", "live"], "limit": 5}');
    expect(await readConfig(folder)).toEqual({
      phone: "Anna's iPhone",
      "keep-albums": true,
      kind: ["photo", "live"],
      limit: 5,
    });
  });

  test.each([
    ['{"keepAlbums": true}', /"keepAlbums" is not a name that it may hold/],
    ['{"limit": "many"}', /limit: .*number/],
    ['{"icloud": "both"}', /icloud: /],
    ["[]", /the whole: /],
    ["{", /it is not JSON/],
  ])("%s is refused in one line that names the file", async (text, message) => {
    config(text);
    const error = await readConfig(folder).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "BAD_CONFIG" });
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(join(folder, "config.json"));
    expect(String(error)).not.toContain("\n");
  });
});
