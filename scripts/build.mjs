// Builds dist/: tsc alone compiles; this only removes what no longer has a source (a renamed
// file would stay importable) and sets the executable bit, which tsc does not.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(top, "dist");

compile();
// tsc goes by what it noted of its last build, and does not look whether that is still there.
if (missing().length > 0) compile("--force");
const stillMissing = missing();
if (stillMissing.length > 0) {
  console.error(`tsc did not write ${stillMissing.join(", ")}`);
  process.exit(1);
}

for (const built of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const stem = /^(.*?)(\.d\.ts|\.js)$/.exec(built)?.[1];
  if (stem !== undefined && !existsSync(join(top, "src", `${stem}.ts`))) rmSync(join(dist, built));
}
// The page's own files that no compiler touches.
for (const name of ["index.html", "style.css", "icon.svg"])
  copyFileSync(join(top, "src/gui/page", name), join(dist, "gui/page", name));
chmodSync(join(dist, "main.js"), 0o755);
// npm leaves the lock at the top out of a package; scripts/install-mac.sh installs exactly what it names.
copyFileSync(join(top, "package-lock.json"), join(dist, "package-lock.json"));

function compile(...flags) {
  const tscPackage = createRequire(import.meta.url).resolve("typescript/package.json");
  const tsc = join(dirname(tscPackage), "bin", "tsc");
  try {
    execFileSync(process.execPath, [tsc, "-b", top, ...flags], { stdio: "inherit" });
  } catch {
    process.exit(1); // tsc has said why
  }
}

/** What every source file should have become, and has not; below dist. */
function missing() {
  return readdirSync(join(top, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .flatMap((stem) => [`${stem}.js`, `${stem}.d.ts`])
    .filter((name) => !existsSync(join(dist, name)));
}
