import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { MARKER } from "../../src/owned-folder.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { Home, isRoot, snapshot } from "../provenance/strangers.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "../transcripts/command.js";

const test = oneTestIn(5);

/** ROLLCALL_HOME names a folder of the person's. */

const SLOW_MS = 180_000;
let home: Home;
let documents: string;
beforeEach(() => {
  home = new Home();
  documents = home.path("Documents");
  mkdirSync(join(documents, "work"), { recursive: true });
  writeFileSync(join(documents, "work", "thesis.txt"), "a year of work");
  for (const path of [documents, join(documents, "work")]) chmodSync(path, 0o755);
});
afterEach(() => home[Symbol.dispose]());

const envOf = (data: string) => ({
  HOME: home.path("home"),
  ROLLCALL_HOME: data,
  USBMUXD_SOCKET_ADDRESS: `UNIX:${home.path("nobody")}`,
});
const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

describe.skipIf(!isBuilt)("a data folder that is a person's (built command needed: npm run build)", () => {
  test(
    "every command leaves it as it was, and what links in it lead to; plan says why, and its remedy works",
    async () => {
      using mac = new FakeMac();
      symlinkSync(home.own, join(documents, "rollcall-work"));
      symlinkSync(home.own, join(documents, "logs"));
      const before = snapshot(home.folder);
      const env = { ...envOf(documents), HOME: home.path("home"), ROLLCALL_MAC_PROGRAMS: mac.programs };
      mkdirSync(env.HOME);
      const commands = [
        ...[
          ["plan", "--wait", "0"],
          ["import", "--wait", "0"],
          ["copy", home.path("copy"), "--wait", "0"],
        ],
        ...[
          ["verify"],
          ["staging"],
          ["staging", "clear", "--yes"],
          ["receipts"],
          ["receipts", "safe-to-remove"],
        ],
        ...[["watch", "--approve", "Anna"], ["watch"], ["doctor"], ["eject"], ["config"]],
        ...["shortcuts", "agent", "automator"].map((what) => ["setup", what, "--remove"]),
        ["setup", "shortcuts", "--yes"],
      ];
      const ends = await Promise.all(commands.map((args) => rollcall(args, env)));
      for (const [at, { stderr }] of ends.entries())
        expect(stderr, commands[at]!.join(" ")).not.toMatch(/bug| {4}at /);
      expect(snapshot(home.folder)).toEqual({ ...before, ...snapshot(env.HOME) });

      const [plan] = ends;
      expect(plan!.status).toBe(1);
      expect(plan!.stderr).toMatch(
        /^error: Rollcall's data folder cannot be .*Documents\. It holds "\w[\w-]*" and 2 more, .*ROLLCALL_HOME=[^\n]*\n$/,
      );
      const [, named] = /ROLLCALL_HOME=(\S+)\n$/.exec(plan!.stderr)!;
      const again = await rollcall(["plan", "--wait", "0"], { ...env, ROLLCALL_HOME: named! });
      expect(again.status, again.stderr).toBe(5); // there is no phone
      expect(existsSync(join(named!, MARKER))).toBe(true);
    },
    SLOW_MS,
  );

  test(
    "that an earlier version used stays in use: neither marked nor closed, and nothing in it is removed",
    async () => {
      (await LedgerDatabase.open(join(documents, "ledger.sqlite")))[Symbol.dispose]();
      mkdirSync(join(documents, "receipts"));
      const work = snapshot(join(documents, "work"));
      for (const _again of [1, 2])
        expect((await rollcall(["plan", "--wait", "0"], envOf(documents))).status).toBe(5);
      expect(snapshot(join(documents, "work"))).toEqual(work);
      expect(modeOf(documents)).toBe("755");
      expect(existsSync(join(documents, MARKER))).toBe(false);
    },
    SLOW_MS,
  );

  test("of an earlier version, with nothing else in it, is marked, and closed to others", async () => {
    const data = home.path("data");
    (await LedgerDatabase.open(join(data, "ledger.sqlite")))[Symbol.dispose]();
    for (const name of ["receipts", "work", "staging"]) mkdirSync(join(data, name));
    writeFileSync(join(data, "config.json"), "{}");
    writeFileSync(join(data, "at-work.lock"), "");
    chmodSync(data, 0o755);
    expect((await rollcall(["plan", "--wait", "0"], envOf(data))).status).toBe(5);
    expect(existsSync(join(data, MARKER))).toBe(true);
    expect(modeOf(data)).toBe("700");
  });

  test(
    "of an earlier version that was killed: what its run left in work goes, and a person's work stays",
    async () => {
      for (const [name, left] of [
        ["data", "phone-library-aB3xY9/Photos.sqlite"],
        ["other", "phone-library-aB3xY9/thesis.txt"],
      ] as const) {
        const data = home.path(name);
        (await LedgerDatabase.open(join(data, "ledger.sqlite")))[Symbol.dispose]();
        for (const path of ["receipts", "work/library-Qq0Zz1", dirname(join("work", left))])
          mkdirSync(join(data, path), { recursive: true });
        writeFileSync(join(data, "work", "library-Qq0Zz1", "Photos.sqlite-wal"), "");
        writeFileSync(join(data, "work", `answers-${randomUUID()}`), "");
        writeFileSync(join(data, "work", left), "");
        const before = snapshot(join(data, "work"));
        expect((await rollcall(["plan", "--wait", "0"], envOf(data))).status).toBe(5);
        const isOurs = name === "data";
        expect(existsSync(join(data, MARKER))).toBe(isOurs);
        expect(existsSync(join(data, "work"))).toBe(!isOurs);
        if (!isOurs) expect(snapshot(join(data, "work"))).toEqual(before);
      }
    },
    SLOW_MS,
  );

  test("that is empty is taken as it is: its mode stays", async () => {
    const data = home.path("data");
    mkdirSync(data);
    chmodSync(data, 0o755);
    for (const _again of [1, 2])
      expect((await rollcall(["plan", "--wait", "0"], envOf(data))).status).toBe(5);
    expect(readFileSync(join(data, MARKER), "utf8")).toMatch(/^Rollcall uses this folder/);
    expect(modeOf(data)).toBe("755");
  });

  test("whose name begins with ~ is one line about that, status 2, and no folder called ~", async () => {
    for (const name of ["ROLLCALL_HOME", "ROLLCALL_STAGING"]) {
      const { status, stderr } = await rollcall(["plan"], { ...envOf(home.path("data")), [name]: "~/x" });
      expect(status).toBe(2);
      expect(stderr).toMatch(new RegExp(`^error: ${name}: ~/x begins with ~, .*\\$HOME/x[^\\n]*\\n$`));
    }
    expect(existsSync("~")).toBe(false);
  });

  test.each([
    ["DIR", ["copy", "~/x"]],
    ["--file", ["report", "--file", "~/x.json"]],
    ["PATH", ["library", "~/x.photoslibrary"]],
    ["--library", ["plan", "--library", "~/x.photoslibrary"]],
    ["--library", ["demo", "photos", "--library", "~/x.photoslibrary"]],
    ["--media", ["demo", "phone", "--media", "~/x", "--socket", "s"]],
    ["--keep", ["demo", "--keep", "~/x"]],
  ])("a ~ that no shell has read is told after %s, status 2: %j", async (what, args) => {
    const { status, stderr } = await rollcall(args, envOf(home.path("data")));
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(new RegExp(`^error: ${what}: ~/x.* begins with ~`)),
    ]);
    expect(existsSync("~")).toBe(false);
  });

  test("is never below the folder of the moment: with an empty HOME it is asked for, status 2", async () => {
    const { status, stderr } = await rollcall(["plan", "--wait", "0"], { HOME: "", XDG_DATA_HOME: "" });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: .*HOME.*ROLLCALL_HOME\.\n$/)]);
  });

  test.skipIf(!isRoot)("of another user is refused with whose it is, and nothing in it changes", async () => {
    const data = home.path("data");
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, 54_321, 54_321);
    const before = snapshot(data);
    for (const args of [["plan"], ["watch"], ["staging"]]) {
      const { status, stderr } = await rollcall(args, envOf(data));
      expect(status).toBe(1);
      expect(stderr).toMatch(/^error: Rollcall's data folder is user 54321's: .*without sudo\.\n$/);
    }
    expect(snapshot(data)).toEqual(before);
  });

  test.skipIf(!isRoot)(
    "of root, for whom one sudo made it: the line that gives it back, not a word about config.json",
    async () => {
      const data = home.path("data");
      mkdirSync(data, { mode: 0o700 });
      chmodSync(home.folder, 0o755);
      const { status, stderr } = await rollcall(["plan"], envOf(data), { uid: 54_321 });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^error: Rollcall's data folder is root's: .* sudo chown -R 54321 [^\n]*\n$/);
      expect(stderr).not.toContain("config.json");
    },
  );
});
