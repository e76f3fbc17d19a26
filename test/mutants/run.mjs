#!/usr/bin/env node
// Breaks one rule at a time in a copy of the tree and runs the tests that ought to notice. The list is mutants.mjs.
//   node test/mutants/run.mjs [--list] [NAME...]
// Exit 1 where a mutant lives, or where an entry says nothing: its text is not there exactly once, the mutated file
// does not load, or its tests fail without any change.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseSync } from "vite";
import { MUTANTS } from "./mutants.mjs";

const AT_ONCE = 2;
const MOST_MS = 300_000;
const root = fileURLToPath(new URL("../..", import.meta.url));
const COPIED = [
  "src",
  "test",
  "schemas",
  "scripts",
  "docs",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

const { values, positionals } = parseArgs({
  options: { list: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
if (unknown.length > 0) {
  console.error(`There is no mutant named ${unknown.join(", ")}. --list shows all of them.`);
  process.exit(2);
}
const chosen = MUTANTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

if (values.list) {
  for (const { name, file, breaks } of chosen) console.log(`${name}\n  ${file}\n  ${breaks}`);
} else {
  const began = Date.now();
  const failures = await playAll(chosen);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`\n${chosen.length} mutants, ${failures} not noticed, ${seconds} s`);
  process.exitCode = failures === 0 ? 0 : 1;
}

/** @returns how many were not noticed, whatever the reason */
async function playAll(mutants) {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-mutants-"));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const waiting = [...mutants];
  /** By the tests that are run: what they say without any change. */
  const unchanged = new Map();
  let failures = 0;
  const work = async (tree) => {
    copyTree(tree);
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const { isNoticed, line } = await play(mutant, tree, unchanged);
      if (!isNoticed) failures += 1;
      console.log(`${isNoticed ? "noticed" : "FAILED "} ${mutant.name}: ${line}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => work(join(folder, `tree-${at}`))));
  return failures;
}

function copyTree(tree) {
  for (const name of COPIED)
    if (existsSync(join(root, name))) cpSync(join(root, name), join(tree, name), { recursive: true });
  for (const name of ["node_modules", "dist"])
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(tree, name));
}

async function play(mutant, tree, unchanged) {
  const { file, text, replacement, breaks, tests, title } = mutant;
  const failed = (line) => ({ isNoticed: false, line });
  const path = join(tree, file);
  const source = readFileSync(path, "utf8");
  const parts = source.split(text);
  if (parts.length !== 2) return failed(`its text is ${parts.length - 1} times in ${file}`);
  const mutated = parts.join(replacement);
  const { errors } = parseSync(path, mutated);
  if (errors.length > 0) return failed(`${file} does not parse: ${errors[0].message}`);

  const key = JSON.stringify([tests, title]);
  if (!unchanged.has(key)) unchanged.set(key, runTests(tree, tests, title));
  const before = await unchanged.get(key);
  if (before.failed !== null || before.passed === 0)
    return failed(`its tests do not pass without it: ${before.failed ?? "none was run"}`);

  writeFileSync(path, mutated);
  try {
    const { failed: noticedBy, isAssertion } = await runTests(tree, tests, title);
    if (noticedBy === null) return failed(`LIVES. ${breaks} (${tests.join(", ")})`);
    return isAssertion ? { isNoticed: true, line: noticedBy } : failed(`no test judged it: ${noticedBy}`);
  } finally {
    writeFileSync(path, source);
  }
}

/** @returns the title of the first test that failed, or what kept tests from running; null where all passed */
async function runTests(tree, tests, title) {
  const output = join(tree, "vitest.json");
  rmSync(output, { force: true });
  const filter = title === undefined ? [] : ["--testNamePattern", title];
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const reporter = ["--reporter=json", `--outputFile=${output}`];
  const said = await run(
    process.execPath,
    [vitest, "run", ...tests, "--bail", "1", "--maxWorkers", "1", ...filter, ...reporter],
    tree,
  );
  if (!existsSync(output)) return { failed: said.trim().slice(-300), isAssertion: false, passed: 0 };
  const { testResults, numPassedTests: passed } = JSON.parse(readFileSync(output, "utf8"));
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed");
  if (failed !== undefined) return { failed: failed.fullName.trim(), isAssertion: true, passed };
  const broken = testResults.find(({ status }) => status === "failed");
  return { failed: broken === undefined ? null : broken.message, isAssertion: false, passed };
}

/** @returns what it printed; one that hangs is ended */
function run(command, words, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: MOST_MS });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
    child.once("error", reject);
    child.once("close", () => resolve(said));
  });
}
