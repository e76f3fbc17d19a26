import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { CommandHarness } from "../stories/command-harness.js";

const top = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "rollcall-package-"));
/** Where the README has it installed to, below the home folder; not there before. */
const prefix = join(folder, ".rollcall");
const installed = join(prefix, "lib/node_modules/rollcall");
/** All that is on the PATH, beside npm: no compiler, no make, no python, no shell. */
const onlyNode = join(folder, "bin");

/** Whole runs, on a machine that may do other things as well. */
const SLOW_MS = 180_000;

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}
let packed: Packed;
/** Why it could not be installed, where that is for want of a registry. */
let noRegistry: string | null = null;

const readme = readFileSync(join(top, "README.md"), "utf8");
/** The lines that the guides have people paste. */
const linesOf = (guide: string) => {
  const text = readFileSync(join(top, "docs/guides", guide), "utf8");
  return [...text.matchAll(/^ *```sh\n *(.*)\n/gm)].map(([, line = ""]) => line);
};
const [installLine = ""] = linesOf("installing.md");
const [setUpLine = ""] = linesOf("shortcuts.md");

beforeAll(async () => {
  for (const name of ["bin", "Downloads"]) mkdirSync(join(folder, name));
  symlinkSync(process.execPath, join(onlyNode, "node"));
  const npm = `#!/bin/sh\nexec '${process.execPath}' '${npmProgram()}' "$@"\n`;
  writeFileSync(join(onlyNode, "npm"), npm, { mode: 0o755 });
  const downloads = join(folder, "Downloads");
  const pack = ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", downloads];
  [packed] = JSON.parse(execFileSync("npm", pack, { cwd: top, encoding: "utf8", stdio: "pipe" }));

  const { stderr, exitCode } = await paste(installLine, {
    // As this computer reaches its registry, and what it has of it already.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^npm_config_|_proxy$/i.test(name))),
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), ".npmrc"),
    npm_config_cache: execFileSync("npm", ["config", "get", "cache"], {
      encoding: "utf8",
      stdio: "pipe",
    }).trim(),
    npm_config_prefer_offline: "true",
    npm_config_fetch_retries: "0",
    // Homebrew says this, too: it must not lead to a compiler.
    npm_config_build_from_source: "true",
  });
  if (exitCode === 0) return;
  const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;
  noRegistry = unreachable.exec(stderr)?.[0] ?? null;
  if (noRegistry === null) throw new Error(`npm install ended with ${exitCode}:\n${stderr}`);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds the command, its types, what people read, and nothing else", () => {
  const paths = packed.files.map(({ path }) => path);
  const outside = paths.filter((path) => !/^(?:dist|docs\/decisions)\//.test(path));
  expect(outside.sort()).toEqual([
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "docs/architecture.md",
    "docs/benchmarks.md",
    "docs/gui.png",
    "docs/guides/automatic-import.md",
    "docs/guides/automator.md",
    "docs/guides/choosing.md",
    "docs/guides/commands.md",
    "docs/guides/first-steps.md",
    "docs/guides/installing.md",
    "docs/guides/library.md",
    "docs/guides/scripting.md",
    "docs/guides/shortcuts.md",
    "docs/guides/troubleshooting.md",
    "docs/guides/what-is-proved.md",
    "docs/receipt.png",
    "docs/reference/commands.md",
    "docs/reference/exit-status.md",
    "docs/reference/settings.md",
    "docs/tested-on.md",
    "docs/unverified-on-mac.md",
    "examples/import-from-phone.ts",
    "man/rollcall.1",
    "package.json",
    "schemas/receipt-1.schema.json",
  ]);
  expect(paths.filter((path) => path.startsWith("dist/") && !/\.(js|d\.ts)$/.test(path))).toEqual([
    "dist/gui/page/icon.svg",
    "dist/gui/page/index.html",
    "dist/gui/page/style.css",
    "dist/package-lock.json",
  ]);
  expect(paths).toContain("dist/jxa/scripts/launch-photos.js");
  expect(paths).toContain("dist/index.d.ts");
  expect(packed.files.find(({ path }) => path === "dist/main.js")?.mode).toBe(0o755);
});

test("the README points at no file that is not in the package", () => {
  const linked = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = ""]) => path);
  const paths = packed.files.map(({ path }) => path);
  expect(linked.length).toBeGreaterThan(3);
  expect(linked.filter((path) => !paths.includes(path))).toEqual([]);
});

test("the script that writes the Homebrew formula finds its version and hash", () => {
  const path = join(folder, "Downloads", packed.filename);
  const formula = execFileSync(process.execPath, [join(top, "scripts/write-formula.mjs"), path], {
    encoding: "utf8",
  });
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  expect(formula).toContain(`\n  sha256 "${sha256}"\n`);
});

test("it installs into an empty folder where there is no compiler and no script may run", (context) => {
  context.skip(noRegistry !== null, `no registry and not all in npm's cache: ${noRegistry}`);
  const env = { PATH: onlyNode, HOME: folder };
  const ended = execFileSync(join(prefix, "bin/rollcall"), ["--version"], { env, encoding: "utf8" });
  expect(ended.trim()).toBe(JSON.parse(readFileSync(join(top, "package.json"), "utf8")).version);
  // The build is nobody's but ours.
  expect(existsSync(join(installed, "dist/.tsbuildinfo"))).toBe(false);
  expect(existsSync(join(installed, "src"))).toBe(false);
});

test(
  "installed so, the demo does the whole job",
  async (context) => {
    context.skip(noRegistry !== null, `no registry and not all in npm's cache: ${noRegistry}`);
    const { stdout, exitCode } = await execa(join(prefix, "bin/rollcall"), ["demo"], {
      env: { PATH: onlyNode, HOME: folder, TMPDIR: folder },
      extendEnv: false,
      reject: false,
    });
    expect(stdout).toMatch(/\d+ new photos, all proved/);
    expect(exitCode).toBe(0);
  },
  SLOW_MS,
);

test(
  "the line that the guide to Shortcuts has people paste makes the shortcuts",
  async (context) => {
    context.skip(noRegistry !== null, `no registry and not all in npm's cache: ${noRegistry}`);
    using mac = new FakeMac();
    const { stdout, exitCode } = await paste(setUpLine, { ROLLCALL_MAC_PROGRAMS: mac.programs });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"Import from iPhone" is open in Shortcuts: press Add Shortcut.');
    expect(stdout).toContain('"iPhone: what is new?" is open in Shortcuts: press Add Shortcut.');
    expect(stdout).toContain('"Choose photos from iPhone" is open in Shortcuts: press Add Shortcut.');
    // What they start is the program as installed, at a place that stays.
    const print = await paste(`${setUpLine} --print`);
    expect(print.stdout).toContain(join(realpathSync(installed), "dist/main.js"));
  },
  SLOW_MS,
);

test(
  "installed so, a program in TypeScript is compiled against its types, and runs",
  async (context) => {
    context.skip(noRegistry !== null, `no registry and not all in npm's cache: ${noRegistry}`);
    const project = join(folder, "project");
    mkdirSync(join(project, "node_modules/@types"), { recursive: true });
    symlinkSync(installed, join(project, "node_modules/rollcall"));
    const nodeTypes = dirname(createRequire(import.meta.url).resolve("@types/node/package.json"));
    symlinkSync(nodeTypes, join(project, "node_modules/@types/node"));
    cpSync(join(top, "examples/import-from-phone.ts"), join(project, "import-from-phone.ts"));
    writeFileSync(join(project, "wrong.ts"), WRONG);
    writeFileSync(join(project, "package.json"), '{"type": "module"}');
    const compilerOptions = { target: "ES2022", module: "NodeNext", strict: true, types: ["node"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const tsc = join(
      dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
      "bin",
      "tsc",
    );
    const compiled = await execa(process.execPath, [tsc, "-p", project], { reject: false });
    expect(compiled.stdout).toBe("");
    expect(compiled.exitCode).toBe(0);

    await using harness = new CommandHarness();
    await writePhoneDatabase(harness.mediaFolder, []);
    await harness.plugIn();
    const ended = await execa(join(onlyNode, "node"), [join(project, "import-from-phone.js")], {
      env: harness.environment,
      extendEnv: false,
      reject: false,
    });
    expect(ended.stderr).toBe("");
    expect(ended.stdout).toMatch(/^0 of 0 files are proved, 0 present\.\nReceipt: .*\.json$/);
  },
  SLOW_MS,
);

/** What the types have to refuse. */
const WRONG = `import { type AnswerWord, importFromPhone, ORDINARY_IMPORT, withPhoneAndPhotos } from "rollcall";

// @ts-expect-error no such answer
export const answer: AnswerWord = "lost";

export const run = withPhoneAndPhotos({}, async (parts) => {
  // @ts-expect-error a request has to say more than this
  await importFromPhone(parts, { selection: {} });
  // @ts-expect-error no such kind
  await importFromPhone(parts, { ...ORDINARY_IMPORT, selection: { kinds: ["pictures"] } });
  const { head } = await importFromPhone(parts, ORDINARY_IMPORT);
  return head.totals.byAnswer.proved;
});
export const proved: Promise<number> = run;
`;

/** As in a new terminal window of somebody who has nothing but Node. */
function paste(line: string, env: Record<string, string | undefined> = {}) {
  return execa("/bin/sh", ["-c", line], {
    cwd: folder,
    env: { PATH: onlyNode, HOME: folder, ...env },
    extendEnv: false,
    reject: false,
    timeout: 240_000,
  });
}

/** npm's program itself, to be run by node: the \`npm\` on the PATH may be a shell script. */
function npmProgram(): string {
  const onPath = execFileSync("/bin/sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  const real = realpathSync(onPath);
  const beside = [real, join(dirname(real), "../lib/node_modules/npm/bin/npm-cli.js")];
  const program = beside.find((path) => path.endsWith(".js") && existsSync(path));
  if (program === undefined) throw new Error(`where is npm's program? ${onPath} is ${real}`);
  return program;
}
