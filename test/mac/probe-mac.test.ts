import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProbeMac } from "./probe-stand-ins.js";

const repository = join(import.meta.dirname, "../..");

describe("probe:mac changes nothing", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(repository, "scripts/probe-mac.mjs"), ...args], {
      cwd: repository,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: "/nowhere" },
    });

  test("in a dry run, which shows every file, program and script on any computer", () => {
    const { status, stdout } = run("--dry-run");
    expect(status).toBe(0);
    for (const shown of [
      "from: terminal",
      "from: agent",
      "from: applet",
      "from: shortcut",
      "from: quick-action",
    ])
      expect(stdout).toContain(shown);
    for (const shown of [
      ...["responsibility_get_pid_responsible_for_pid", "AEDeterminePermissionToAutomateTarget", "sleep 150"],
      ...["launchctl bootout", "tccutil reset", "albums.length", "sw_vers -productVersion", "lsof -nP"],
    ])
      expect(stdout).toContain(shown);
    expect(existsSync("/nowhere")).toBe(false);
  });

  test("docs/unverified-on-mac.md names every step that a dry run shows, and no other", () => {
    const page = readFileSync(join(repository, "docs/unverified-on-mac.md"), "utf8");
    const part = page.slice(
      page.indexOf("## What `npm run probe:mac` settles"),
      page.indexOf("## What a person"),
    );
    const cells = [...part.matchAll(/^\| .* \| ([^|]*) \|$/gm)].map(([, cell = ""]) => cell).join();
    const named = [...cells.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = ""]) => name);
    const steps = [...run("--dry-run").stdout.matchAll(/^=== step: (\S+)$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...steps, "notice-of-the-applet", "sleep-150-in-the-applet"].sort());
  });

  test.each([
    [["--only", "moon"], 2, "stdout", "npm run probe:mac -- [--dry-run]"],
    [["--seconds", "0"], 2, "stdout", "npm run probe:mac -- [--dry-run]"],
    [["--yes"], 7, "stderr", "this asks macOS, and this computer runs linux"],
  ] as const)("for %j", (args, expected, where, words) => {
    const ended = run(...args);
    expect(ended.status).toBe(process.platform === "darwin" && expected === 7 ? ended.status : expected);
    if (process.platform !== "darwin") expect(ended[where]).toContain(words);
  });

  test("where nobody agrees to it", () => {
    using mac = new ProbeMac();
    const { status, stderr } = spawnSync(process.execPath, [join(repository, "scripts/probe-mac.mjs")], {
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        HOME: mac.home,
        TMPDIR: mac.folder,
        ROLLCALL_MAC_PROGRAMS: mac.programs,
      },
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining("nobody is there to agree")]);
    expect(mac.told()).toEqual([]);
  });
});
