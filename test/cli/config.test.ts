import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "../transcripts/command.js";

const test = oneTestIn(4);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isBuilt)("config (built command needed: npm run build)", () => {
  test("says of each setting which variable it is from, and of each flag which commands take it", async () => {
    writeFileSync(
      join(folder, "config.json"),
      '{"keep-albums": true, "kind": ["photo", "live"], "yes": true}',
    );
    const env = { ROLLCALL_HOME: folder, USBMUXD_SOCKET_ADDRESS: "/s" };
    const { status, stdout, stderr } = await rollcall(["config", "--json"], env);
    expect([status, stderr]).toEqual([0, ""]);
    const { settings, flags, configFile } = JSON.parse(stdout) as {
      settings: { name: string; value: string | null; variable: string | null }[];
      flags: { name: string; value: unknown; commands: string[] }[];
      configFile: string;
    };
    expect(configFile).toBe(join(folder, "config.json"));
    expect(settings.map(({ value, variable }) => [value, variable])).toEqual([
      [folder, "ROLLCALL_HOME"],
      [join(folder, "staging"), "ROLLCALL_HOME"],
      [null, null],
      ["/s", "USBMUXD_SOCKET_ADDRESS"],
      [null, null],
      [null, null],
    ]);
    expect(flags).toEqual([
      { name: "kind", value: ["photo", "live"], commands: ["plan", "import", "copy"] },
      { name: "keep-albums", value: true, commands: ["import"] },
      { name: "yes", value: true, commands: ["import"] },
    ]);
  });

  test("says how many edited photos go in one event, by library and version, and what ended it", async () => {
    const home = join(folder, "edited");
    {
      using ledgerDatabase = await LedgerDatabase.open(join(home, "ledger.sqlite"));
      const phone = { udid: "A".repeat(40), name: "", productType: "", iosVersion: "" };
      const { editedBatches } = ledgerDatabase.ledgerFor(phone, {
        kind: "photos",
        key: "/Pictures/A.photoslibrary",
      });
      editedBatches.recordProved("11.0, Darwin 25.0.0", 50, new Date(2026, 10, 20));
      const message = "Photos made an item of its own of IMG_E0003.JPG";
      editedBatches.recordEnded("11.0, Darwin 25.1.0", { items: 4, message, at: new Date(2026, 10, 22) });
    }
    writeFileSync(join(home, "config.json"), '{"edited-batch-items": 8}');
    const { stdout } = await rollcall(["config"], { ROLLCALL_HOME: home });
    expect(stdout).toContain("--edited-batch-items 8   for import");
    expect(stdout).toContain(
      "  up to 50 into /Pictures/A.photoslibrary, Photos 11.0, Darwin 25.0.0 (50 photos came in right, 20 Nov 2026)",
    );
    expect(stdout).toContain(
      "  1 into /Pictures/A.photoslibrary, Photos 11.0, Darwin 25.1.0: a batch of 4 came out differently on " +
        "22 Nov 2026 (Photos made an item of its own of IMG_E0003.JPG)",
    );
    const { editedBatches } = JSON.parse(
      (await rollcall(["config", "--json"], { ROLLCALL_HOME: home })).stdout,
    ) as { editedBatches: unknown[] };
    expect(editedBatches).toMatchObject([
      { provedItems: 50, ended: null },
      { provedItems: 0, ended: { items: 4 } },
    ]);
    writeFileSync(join(home, "config.json"), '{"edited-batch-items": 0}');
    expect((await rollcall(["config"], { ROLLCALL_HOME: home })).status).toBe(2);
  });

  test("says what was answered about iCloud Photos, by phone and library, unless it is set for all", async () => {
    const home = join(folder, "icloud");
    const none = await rollcall(["config"], { ROLLCALL_HOME: home });
    expect(none.stdout).toContain(
      "New photos that an iPhone keeps in iCloud Photos are left there. To change that: rollcall config set icloud import.",
    );
    {
      using ledgerDatabase = await LedgerDatabase.open(join(home, "ledger.sqlite"));
      const phone = { udid: "A".repeat(40), name: "Anna", productType: "", iosVersion: "" };
      for (const [key, choice] of [
        ["/Pictures/A.photoslibrary", "import"],
        ["/Pictures/B.photoslibrary", "skip"],
      ] as const)
        ledgerDatabase.ledgerFor(phone, { kind: "photos", key }).choices.record("icloud", choice);
    }
    const answered = await rollcall(["config"], { ROLLCALL_HOME: home });
    expect(answered.stdout).toContain("  are imported   Anna, into /Pictures/A.photoslibrary\n");
    expect(answered.stdout).toContain("  are left there   Anna, into /Pictures/B.photoslibrary\n");
    expect(JSON.parse((await rollcall(["config", "--json"], { ROLLCALL_HOME: home })).stdout)).toMatchObject({
      iCloudAnswers: [
        { phone: "Anna", library: "/Pictures/A.photoslibrary", choice: "import" },
        { phone: "Anna", library: "/Pictures/B.photoslibrary", choice: "skip" },
      ],
    });
    writeFileSync(join(home, "config.json"), '{"icloud": "import"}');
    const set = await rollcall(["config"], { ROLLCALL_HOME: home });
    expect(set.stdout).toContain(
      "New photos that an iPhone keeps in iCloud Photos are imported. To change that: rollcall config set icloud skip.",
    );
    expect(set.stdout).not.toContain("B.photoslibrary");
  });

  test("reads well on a screen, and a file that cannot be used is told in one line", async () => {
    const home = join(folder, "other");
    const { stdout } = await rollcall(["config"], { ROLLCALL_HOME: home });
    expect(stdout).toMatch(/^data folder +~? ?\S*\/other +\(ROLLCALL_HOME\)\nstaging folder/m);
    expect(stdout).toMatch(/^usbmuxd +the system's own +\(usual\)$/m);
    expect(stdout).toMatch(/^No flags are set in .*config\.json\.$/m);
    writeFileSync(join(folder, "config.json"), '{"kinds": 1}');
    const bad = await rollcall(["config"], { ROLLCALL_HOME: folder });
    expect(bad.status).toBe(2);
    expect(bad.stderr).toMatch(
      /^error: .*"kinds" is not a name that it may hold; did you mean "kind"\?[^\n]*\n$/,
    );
  });

  test("what is no file, or far too long to be one of settings, is refused unread", async () => {
    const home = join(folder, "no-file");
    mkdirSync(join(home, "config.json"), { recursive: true });
    const isFolder = await rollcall(["config"], { ROLLCALL_HOME: home });
    expect([isFolder.status, isFolder.stderr]).toEqual([
      2,
      expect.stringMatching(/^error: .*config\.json: it is not a file of a few lines\.[^\n]*\n$/),
    ]);
    writeFileSync(join(folder, "config.json"), `{${" ".repeat(1024 * 1024)}}`);
    const isLong = await rollcall(["config"], { ROLLCALL_HOME: folder });
    expect([isLong.status, isLong.stderr]).toEqual([2, expect.stringContaining("a few lines")]);
  });
});

describe.skipIf(!isBuilt)("config set (built command needed: npm run build)", () => {
  const home = () => join(folder, "set");
  const config = async (...words: string[]) =>
    await rollcall(["config", ...words], { ROLLCALL_HOME: home() });
  const onDisk = () => JSON.parse(readFileSync(join(home(), "config.json"), "utf8")) as unknown;

  test("keeps what a flag takes, and unset takes it away again", async () => {
    expect((await config("set", "kind", "photo,live")).stdout).toMatch(
      /^Set --kind photo,live for plan, import, copy, in .*config\.json\.\n$/,
    );
    await config("set", "limit", "20");
    await config("set", "keep-albums");
    await config("set", "icloud", "import");
    expect(onDisk()).toEqual({ kind: "photo,live", limit: 20, "keep-albums": true, icloud: "import" });
    expect((await config("unset", "limit")).stdout).toMatch(/^--limit is no longer set, in /);
    expect(onDisk()).toEqual({ kind: "photo,live", "keep-albums": true, icloud: "import" });
    expect((await config()).stdout).toContain("  --icloud import   for plan, import\n");
  });

  test.each([
    [["kind", "foto"], '--kind: "foto" is not a kind. Did you mean photo?'],
    [["since", "soon"], '--since: "soon" is not a date.'],
    [["limit", "0"], 'limit takes a whole number of 1 or more, not "0". Nothing was changed.'],
    [["wait", "-1"], 'wait takes a whole number of 0 or more, not "-1". Nothing was changed.'],
    [["favorites", "maybe"], 'favorites takes yes or no, not "maybe". Nothing was changed.'],
    [["icloud", "copy"], 'icloud takes skip or import, not "copy". Nothing was changed.'],
    [["kidn", "photo"], '"kidn" is not a setting. Did you mean kind?'],
    [["colour", "red"], '"colour" is not a setting. Use one of phone, library, '],
    [["album", ""], "VALUE: it is empty."],
    [["__proto__", "1"], '"__proto__" is not a setting.'],
  ])("%j is refused in one line, and changes nothing", async (words, said) => {
    await config("set", "name", "IMG*");
    const before = onDisk();
    const { status, stderr } = await config("set", ...words);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: [^\n]*\n$/)]);
    expect(stderr).toContain(said);
    expect(onDisk()).toEqual(before);
  });

  test("a file that cannot be understood is not written over", async () => {
    writeFileSync(join(home(), "config.json"), "{ kind: photo }");
    expect((await config("set", "kind", "photo")).status).toBe(2);
    expect(readFileSync(join(home(), "config.json"), "utf8")).toBe("{ kind: photo }");
  });

  test("a value written by hand is judged by its flag, before a command uses it", async () => {
    writeFileSync(join(home(), "config.json"), '{"kind": "foto"}');
    const { status, stderr } = await config();
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('"foto" is not a kind. Did you mean photo?'),
    ]);
  });
});
