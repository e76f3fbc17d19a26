import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { transformWithOxc } from "vite";
import type { CommandHarness } from "../stories/command-harness.js";

const top = join(import.meta.dirname, "../..");
export const exampleSource = readFileSync(join(top, "examples/import-from-phone.ts"), "utf8");

/** Runs the example in a project of its own that has the package, as built, in its node_modules. */
export async function startExample(harness: CommandHarness) {
  const project = join(harness.folder, "project");
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(top, join(project, "node_modules/rollcall"));
  const { code } = await transformWithOxc(exampleSource, "import-from-phone.ts");
  writeFileSync(join(project, "import-from-phone.mjs"), code);
  const child = execa(process.execPath, ["import-from-phone.mjs"], {
    cwd: project,
    env: harness.environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  const ended = child.then(({ stdout, stderr, exitCode }) => ({ stdout, stderr, exitCode }));
  return { child, ended };
}
