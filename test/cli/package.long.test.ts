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
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import { Table } from "../stories/built-command.js";

const top = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "rollcall-package-"));
/** Where it is installed to; empty before. */
const prefix = join(folder, "prefix");
const installed = join(prefix, "lib/node_modules/rollcall");
/** All that is on the PATH: no compiler, no make, no python, no shell. */
const onlyNode = join(folder, "bin");

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}
let packed: Packed;
/** Why it could not be installed, where that is for want of a registry. */
let noRegistry: string | null = null;

beforeAll(async () => {
  for (const name of [prefix, onlyNode]) mkdirSync(name);
  symlinkSync(process.execPath, join(onlyNode, "node"));
  const pack = ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", folder];
  [packed] = JSON.parse(execFileSync("npm", pack, { cwd: top, encoding: "utf8", stdio: "pipe" }));
  const { stderr, exitCode } = await execa(
    process.execPath,
    [
      ...[npmProgram(), "install", "--global", "--prefix", prefix, "--ignore-scripts", "--prefer-offline"],
      // Homebrew gives this one, too: it must not lead to a compiler.
      ...[
        "--build-from-source",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=0",
        join(folder, packed.filename),
      ],
    ],
    { cwd: folder, env: { PATH: onlyNode }, reject: false, timeout: 240_000 },
  );
  if (exitCode === 0) return;
  const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;
  noRegistry = unreachable.exec(stderr)?.[0] ?? null;
  if (noRegistry === null) throw new Error(`npm install ended with ${exitCode}:\n${stderr}`);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds the command, its types, what people read, and nothing else", () => {
  const paths = packed.files.map(({ path }) => path);
  const outside = paths.filter((path) => !path.startsWith("dist/"));
  expect(outside.sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "package.json",
    "schemas/receipt-1.schema.json",
  ]);
  expect(paths.filter((path) => path.startsWith("dist/") && !/\.(js|d\.ts)$/.test(path))).toEqual([]);
  expect(paths).toContain("dist/jxa/scripts/launch-photos.js");
  expect(paths).toContain("dist/index.d.ts");
  expect(packed.files.find(({ path }) => path === "dist/main.js")?.mode).toBe(0o755);
});

test("the script that writes the Homebrew formula finds its version and hash", () => {
  const path = join(folder, packed.filename);
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

test("installed so, the demo does the whole job", async (context) => {
  context.skip(noRegistry !== null, `no registry and not all in npm's cache: ${noRegistry}`);
  const { stdout, exitCode } = await execa(join(prefix, "bin/rollcall"), ["demo"], {
    env: { PATH: onlyNode, HOME: folder, TMPDIR: folder },
    extendEnv: false,
    reject: false,
  });
  expect(stdout).toMatch(/\d+ new photos, all proved/);
  expect(exitCode).toBe(0);
}, 60_000);

test("installed so, a program in TypeScript is compiled against its types, and runs", async (context) => {
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
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const compiled = await execa(process.execPath, [tsc, "-p", project], { reject: false });
  expect(compiled.stdout).toBe("");
  expect(compiled.exitCode).toBe(0);

  await using table = new Table();
  await writePhoneDatabase(table.mediaFolder, []);
  await table.plugIn();
  const ended = await execa(join(onlyNode, "node"), [join(project, "import-from-phone.js")], {
    env: table.environment,
    extendEnv: false,
    reject: false,
  });
  expect(ended.stderr).toBe("");
  expect(ended.stdout).toMatch(/^0 of 0 files are proved, 0 present\.\nReceipt: .*\.json$/);
}, 60_000);

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

/** npm's program itself, to be run by node: the \`npm\` on the PATH may be a shell script. */
function npmProgram(): string {
  const onPath = execFileSync("/bin/sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  const real = realpathSync(onPath);
  const beside = [real, join(dirname(real), "../lib/node_modules/npm/bin/npm-cli.js")];
  const program = beside.find((path) => path.endsWith(".js") && existsSync(path));
  if (program === undefined) throw new Error(`where is npm's program? ${onPath} is ${real}`);
  return program;
}
