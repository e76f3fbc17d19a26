import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isBuilt } from "../transcripts/command.js";

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
  const build = () => execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: project, stdio: "pipe" });
  build();
  const built = readdirSync(join(project, "dist"), { recursive: true, encoding: "utf8" }).sort();
  expect(built).toContain("main.js");
  for (const lost of ["main.js", "cli/two.d.ts"]) {
    rmSync(join(project, "dist", lost));
    build();
    expect(existsSync(join(project, "dist", lost))).toBe(true);
  }
  expect(readdirSync(join(project, "dist"), { recursive: true, encoding: "utf8" }).sort()).toEqual(built);
  rmSync(project, { recursive: true });
});

test.skipIf(!isBuilt)("the package holds the command and no note of the compiler's own", async () => {
  const { stdout } = await promisify(execFile)(
    "npm",
    ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"],
    { cwd: top },
  );
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toContain("dist/main.js");
  expect(paths).toContain("dist/jxa/scripts/launch-photos.js");
  expect(paths.filter((path) => path.endsWith(".tsbuildinfo"))).toEqual([]);
});
