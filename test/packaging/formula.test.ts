import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";

const top = join(import.meta.dirname, "../..");
const script = join(top, "scripts/write-formula.mjs");
const formula = readFileSync(join(top, "packaging/homebrew/rollcall.rb"), "utf8");
const project = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "rollcall-formula-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the Homebrew formula in the repository", () => {
  test("is in step with the version (after a change: npm run formula)", () => {
    expect(formula).toContain(`\n  version "${project.version}"\n`);
    expect(formula).toContain(`\n  license "${project.license}"\n`);
    expect(formula).toContain(project.engines.node);
  });

  test("names no place and no hash as long as there are none", () => {
    expect(formula).not.toMatch(/^ *(url|sha256|homepage|head)\b|example\.(com|org)|TODO|0{16}/m);
    expect(formula).toContain("It has no source");
  });

  test("is what the script makes when it is handed a package, but for where that lies and its hash", () => {
    const { path, bytes } = packageOf({ name: project.name, version: project.version });
    const made = execFileSync(process.execPath, [script, path], { encoding: "utf8" });
    expect(made).toContain(`\n  url "file://${path}"\n`);
    expect(made).toContain(`\n  sha256 "${createHash("sha256").update(bytes).digest("hex")}"\n`);
    const sourceless = (text: string) => text.replaceAll(/^(?:# .*| {2}(?:version|url|sha256) .*)\n/gm, "");
    expect(sourceless(made)).toBe(sourceless(formula));
  });

  test.skipIf(spawnSync("ruby", ["--version"]).error !== undefined)("is Ruby (ruby needed)", () => {
    expect(execFileSync("ruby", ["-c"], { input: formula, encoding: "utf8" })).toBe("Syntax OK\n");
  });
});

describe("the script that fills it in refuses", () => {
  test.each([
    [
      "a package of another version",
      { name: "rollcall", version: "9.9.9" },
      "https://a.test/9.9.9.tgz",
      "holds rollcall 9.9.9",
    ],
    ["a URL without the version", null, "https://a.test/rollcall-latest.tgz", "does not name version"],
    ["a URL that anybody could change on its way", null, `http://a.test/${project.version}.tgz`, "no URL"],
    ["a URL that is more than one", null, `https://a.test/${project.version}"\n  system "x`, "no URL"],
  ])("%s", (_what, manifest, url, message) => {
    const { path } = packageOf(manifest ?? { name: project.name, version: project.version });
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, path, url], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
  });

  test("what is no package", () => {
    const path = join(folder, "text.tgz");
    writeFileSync(path, "text");
    const { status, stderr } = spawnSync(process.execPath, [script, path], { encoding: "utf8" });
    expect([status, stderr]).toEqual([1, `error: ${path} is no npm package\nhint:  npm pack makes one\n`]);
  });
});

/** As npm packs one: a gzipped tar whose folder is called `package`. */
function packageOf(manifest: object): { path: string; bytes: Buffer } {
  const entry = (name: string, text: string) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(text.length.toString(8).padStart(11, "0"), 124);
    return Buffer.concat([header, Buffer.from(text), Buffer.alloc(-text.length & 511)]);
  };
  const first = entry("package/LICENSE", "MIT");
  const tar = Buffer.concat([
    first,
    entry("package/package.json", JSON.stringify(manifest)),
    Buffer.alloc(1024),
  ]);
  const path = join(folder, `rollcall-${project.version}.tgz`);
  const bytes = gzipSync(tar);
  writeFileSync(path, bytes);
  return { path, bytes };
}
