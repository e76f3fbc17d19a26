// Builds dist/: tsc alone compiles; this only removes what no longer has a source (a renamed
// file would stay importable) and sets the executable bit, which tsc does not.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(top, "dist");

const tscPackage = createRequire(import.meta.url).resolve("typescript/package.json");
try {
  execFileSync(process.execPath, [join(dirname(tscPackage), "bin", "tsc"), "-b", top], { stdio: "inherit" });
} catch {
  process.exit(1); // tsc has said why
}

for (const built of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const stem = /^(.*?)(\.d\.ts|\.js)$/.exec(built)?.[1];
  if (stem !== undefined && !existsSync(join(top, "src", `${stem}.ts`))) rmSync(join(dist, built));
}
chmodSync(join(dist, "main.js"), 0o755);
