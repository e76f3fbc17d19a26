import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastingPath, startOf, startScript } from "../../src/integrations/how-to-start.js";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-how-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, text = ""): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

describe("the path of a program that Homebrew installed", () => {
  test("is the one that an upgrade leaves, where it leads to the same file", () => {
    const cellar = put(join(folder, "brew/Cellar/node@22/22.11.0_1/bin/node"));
    mkdirSync(join(folder, "brew/opt"));
    symlinkSync("../Cellar/node@22/22.11.0_1", join(folder, "brew/opt/node@22"));
    expect(lastingPath(cellar)).toBe(join(folder, "brew/opt/node@22/bin/node"));
  });

  test("stays as it is where opt leads elsewhere, or is not there", () => {
    const old = put(join(folder, "brew/Cellar/node@22/22.9.0/bin/node"));
    expect(lastingPath(old)).toBe(old);
    const other = put(join(folder, "brew/Cellar/other/1/bin/node"));
    expect(lastingPath(other)).toBe(other);
  });

  test("is left alone where Homebrew has nothing to do with it", () => {
    expect(lastingPath("/Users/anna/.nvm/versions/node/v22.11.0/bin/node")).toBe(
      "/Users/anna/.nvm/versions/node/v22.11.0/bin/node",
    );
  });
});

describe("the path of a program that the installer for a Mac installed", () => {
  test("is the one that an upgrade leaves, and stays as it is where the current version is another", () => {
    const node = put(join(folder, "anna/.rollcall/versions/0.1.0-1/node/bin/node"));
    const old = put(join(folder, "anna/.rollcall/versions/0.0.9-1/node/bin/node"));
    symlinkSync("versions/0.1.0-1", join(folder, "anna/.rollcall/current"));
    expect(lastingPath(node)).toBe(join(folder, "anna/.rollcall/current/node/bin/node"));
    expect(lastingPath(old)).toBe(old);
    for (const other of [
      "/a/.rollcall/versions",
      "/a/.rollcall/versions/1",
      "/versions/1/node",
      "/a/versions/1/node",
    ])
      expect(lastingPath(other)).toBe(other);
  });
});

describe("the script that starts Rollcall, run by sh in an empty environment", () => {
  const sh = (script: string) => execFileSync("/bin/sh", ["-c", script], { env: {}, encoding: "utf8" });
  const odd = `it's "$HOME" \`x\` & <1>\\ é`;

  test("gives node, program, arguments and settings unchanged, whatever is in their names", () => {
    const node = put(join(folder, odd, "node"), '#!/bin/sh\nprintf "%s\\n" "$@" "$ROLLCALL_HOME"');
    const program = put(join(folder, odd, "main.js"));
    const script = startScript(
      { node, program, environment: { ROLLCALL_HOME: odd } },
      "shortcuts",
      ["import", "--json"],
      ["exit 9"],
    );
    expect(sh(script).split("\n")).toEqual([program, "import", "--json", odd, ""]);
  });

  test("says what it starts, whatever is in the names; changed by hand it says nothing", () => {
    const how = { node: `/${odd}/node`, program: `/${odd}/main.js`, environment: { ROLLCALL_HOME: odd } };
    for (const { script } of shortcutDefinitions(how)) {
      expect(startOf(script)).toEqual(how);
      expect(startOf(script.replace(/^node=.*$/m, "node=$(which node)"))).toBeNull();
    }
  });

  test("says so as a document where Rollcall has moved away, so that a shortcut can show it", () => {
    const how = { node: join(folder, "gone"), program: join(folder, "gone.js"), environment: {} };
    for (const { script } of shortcutDefinitions(how)) {
      const document = JSON.parse(sh(script)) as Record<string, unknown>;
      expect(document).toMatchObject({ status: 1, error: { code: "ROLLCALL_MOVED" } });
      expect(document.summary).toMatch(/no longer where it was/);
      expect(document.remedy).toMatch(/rollcall setup shortcuts/);
    }
  });
});
