import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeVersion, project, rollcallVersion, script, scriptText, top } from "./mac-installer.js";

describe("the installer for a Mac", () => {
  test("installs this version of Rollcall, and a Node that it runs on", () => {
    expect(rollcallVersion).toBe(project.version);
    const [, least = ""] = /^>=([\d.]+)$/.exec(project.engines.node) ?? [];
    const [wanted, taken] = [least, nodeVersion].map((version) => version.split(".").map(Number));
    expect(taken).toHaveLength(3);
    const [major = 0, minor = 0] = wanted!;
    expect(taken![0]! > major || (taken![0] === major && taken![1]! >= minor)).toBe(true);
    // One place for each version.
    expect(scriptText.split(nodeVersion)).toHaveLength(2);
    expect(scriptText.split(rollcallVersion)).toHaveLength(2);
  });

  test("names no public place as long as there is none", () => {
    expect(scriptText).toMatch(/^PACKAGE_ADDRESS=\nPACKAGE_SHA256=$/m);
  });

  test("uses nothing that the bash 3.2 of macOS does not know, and no option that only GNU's programs have", () => {
    expect(() => execFileSync("bash", ["-n", script])).not.toThrow();
    const code = scriptText.replaceAll(/^ *#.*$/gm, "");
    const newer =
      /declare -[Ag]|\bmapfile\b|\breadarray\b|\$\{\w+(?:,,?|\^\^?|@\w)\}|\|&|&>>|\[\[? -v |\bcoproc\b/;
    expect(newer.exec(code)?.[0]).toBeUndefined();
    expect(
      /\breadlink -|\bsed -[riE]|\bmv -T|\bcp --|\\\||\bsha256sum\b|\bgrep -P|\bstat -c/.exec(code)?.[0],
    ).toBeUndefined();
  });

  test.skipIf(spawnSync("shellcheck", ["--version"]).error !== undefined)(
    "has nothing that shellcheck finds fault with (shellcheck needed)",
    () => {
      const { stdout, status } = spawnSync("shellcheck", [script], { encoding: "utf8" });
      expect([stdout, status]).toEqual(["", 0]);
    },
  );

  test("says no word of npm", () => {
    const said = [
      ...scriptText.matchAll(/^ *(?:.*\b(?:fail|misused|printf)) (?:'[^'\n]*'|"[^"\n]*").*$/gm),
    ].map(([line]) => line);
    expect(said.length).toBeGreaterThan(30);
    expect(said.filter((line) => /\bnpm\b/i.test(line))).toEqual([]);
  });

  test.each([
    ["http://example.org/rollcall", "no address"],
    ["https://example.org/$(rm)", "no address"],
    ["https://example.org/a b", "no address"],
  ])("is not filled in with %s", (address, message) => {
    const words = [join(top, "scripts/write-installer.mjs"), "rollcall.tgz", address];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });
});
