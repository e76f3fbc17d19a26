import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const top = join(import.meta.dirname, "../..");

test("a build notices that something of dist was removed, and makes it again", () => {
  const project = mkdtempSync(join(tmpdir(), "rollcall-build-"));
  mkdirSync(join(project, "scripts"));
  mkdirSync(join(project, "src", "cli"), { recursive: true });
  cpSync(join(top, "scripts", "build.mjs"), join(project, "scripts", "build.mjs"));
  symlinkSync(join(top, "node_modules"), join(project, "node_modules"));
  const compilerOptions = {
    target: "ES2022",
    module: "NodeNext",
    types: [],
    lib: ["ES2022"],
    skipLibCheck: true,
    rootDir: "src",
    outDir: "dist",
    tsBuildInfoFile: "dist/.tsbuildinfo",
    incremental: true,
    declaration: true,
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
  writeFileSync(join(project, "package.json"), '{"type": "module"}');
  writeFileSync(join(project, "src", "main.ts"), "export const one: number = 1;\n");
  writeFileSync(join(project, "src", "cli", "two.ts"), "export const two: number = 2;\n");
  mkdirSync(join(project, "src", "gui", "page"), { recursive: true });
  writeFileSync(join(project, "src", "gui", "page", "page.ts"), "export {};\n");
  for (const name of ["index.html", "style.css", "icon.svg"])
    writeFileSync(join(project, "src", "gui", "page", name), "");
  writeFileSync(join(project, "package-lock.json"), "{}");
  const build = () => execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: project, stdio: "pipe" });
  build();
  const built = readdirSync(join(project, "dist"), { recursive: true, encoding: "utf8" }).sort();
  expect(built).toContain("main.js");
  // By it the installer for a Mac installs exactly what was tested.
  expect(built).toContain("package-lock.json");
  for (const lost of ["main.js", "cli/two.d.ts"]) {
    rmSync(join(project, "dist", lost));
    build();
    expect(existsSync(join(project, "dist", lost))).toBe(true);
  }
  expect(readdirSync(join(project, "dist"), { recursive: true, encoding: "utf8" }).sort()).toEqual(built);
  rmSync(project, { recursive: true });
});

describe("what comes along with the package", () => {
  const lock = JSON.parse(readFileSync(join(top, "package-lock.json"), "utf8")) as {
    packages: Record<string, { hasInstallScript?: boolean; dev?: boolean; version?: string }>;
  };
  const { allowScripts, scripts } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));

  test("runs nothing when it is installed, and needs nothing to be run", () => {
    const withScript = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    // It would only look whether one of the binaries it ships can be loaded, and compile where none can.
    expect(withScript.map(([path]) => path)).toEqual(["node_modules/@photostructure/sqlite"]);
    expect(allowScripts).toEqual({ "@photostructure/sqlite": false });
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });

  test("has its binaries for both kinds of Mac in it", () => {
    const prebuilds = join(top, "node_modules/@photostructure/sqlite/prebuilds");
    for (const kind of ["darwin-arm64", "darwin-x64"]) {
      expect(readdirSync(join(prebuilds, kind)).filter((name) => name.endsWith(".node"))).toHaveLength(1);
      expect(lock.packages).toHaveProperty([`node_modules/@node-usb/usb-${kind}`]);
    }
  });

  test("lies at the versions that package.json says, the package itself too", () => {
    const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    expect(lock.packages[""]?.version).toBe(version);
  });
});
