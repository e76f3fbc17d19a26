#!/usr/bin/env node
// Breaks one rule at a time in a copy of the tree and runs the tests that ought to notice. The list is mutants.mjs.
//   node test/mutants/run.mjs [--list] [NAME...]
// Exit 1 where a mutant lives, or where an entry says nothing: its text is not there exactly once, the mutated file
// does not compile or breaks down by itself, or its tests fail without any change.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants.mjs";
import { errorsOfTypes } from "./types-of-mutants.mjs";

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

const running = new Set();
let isStopping = false;

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
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])
    process.once(signal, () => void stopAll().then(() => process.exit(status)));
  const trees = Array.from({ length: AT_ONCE }, (_, at) => join(folder, `tree-${at}`));
  for (const tree of trees) copyTree(tree);
  const types = join(folder, "types");
  copyTree(types);
  const [unchanged, doesNotCompile] = await Promise.all([
    playUnchanged(mutants, trees),
    errorsOfTypes(mutants, types, run),
  ]);
  const waiting = [...mutants];
  let failures = 0;
  const work = async (tree) => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const why = whyNotPlayed(mutant, unchanged, doesNotCompile);
      const { isNoticed, line } = why === null ? await play(mutant, tree) : didNotRun(why);
      if (!isNoticed) failures += 1;
      console.log(`${isNoticed ? "noticed" : "FAILED "} ${mutant.name}: ${line}`);
    }
  };
  await Promise.all(trees.map(work));
  return failures;
}

/** Why a mutant would say nothing of its rule; null where it can be played. */
function whyNotPlayed({ name, file, text, tests, title }, unchanged, doesNotCompile) {
  const times = readFileSync(join(root, file), "utf8").split(text).length - 1;
  if (times !== 1) return `its text is ${times} times in ${file}`;
  if (doesNotCompile.has(name)) return `it does not compile: ${doesNotCompile.get(name)}`;
  const results = tests.flatMap((path) => unchanged.get(path) ?? []);
  const own = results.filter(({ fullName }) => title === undefined || new RegExp(title).test(fullName));
  const bad = own.find(({ status }) => status === "failed")?.fullName;
  if (bad !== undefined) return `its tests do not pass without it: ${bad}`;
  return own.some(({ status }) => status === "passed") ? null : "no test was run without it";
}

/**
 * All tests without any change: whole files in one process, tests chosen by their titles in another.
 * @returns the results of each file, by its path
 */
async function playUnchanged(mutants, trees) {
  const whole = new Set(mutants.filter(({ title }) => title === undefined).flatMap(({ tests }) => tests));
  const titled = mutants.filter(
    ({ title, tests }) => title !== undefined && tests.some((path) => !whole.has(path)),
  );
  const chosen = new Set(titled.flatMap(({ tests }) => tests).filter((path) => !whole.has(path)));
  const results = new Map();
  const playSome = async (tests, tree, title) => {
    if (tests.size === 0) return;
    const { said, testResults } = await runVitest(tree, [...tests], title, []);
    if (testResults === null) throw new Error(`vitest did not run: ${said.trim().slice(-300)}`);
    for (const { name, assertionResults } of testResults) results.set(relative(tree, name), assertionResults);
  };
  const anyTitle = titled.map(({ title }) => `(?:${title})`).join("|");
  await Promise.all([playSome(whole, trees[0]), playSome(chosen, trees[1], anyTitle)]);
  return results;
}

function copyTree(tree) {
  for (const name of COPIED)
    if (existsSync(join(root, name))) cpSync(join(root, name), join(tree, name), { recursive: true });
  for (const name of ["node_modules", "dist"])
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(tree, name));
}

function failed(line) {
  return { isNoticed: false, line };
}

function didNotRun(line) {
  return failed(`DID NOT RUN. ${line}`);
}

async function play({ file, text, replacement, breaks, tests, title }, tree) {
  const path = join(tree, file);
  const source = readFileSync(path, "utf8");
  writeFileSync(path, source.split(text).join(replacement));
  try {
    const { failed: noticedBy, isAssertion, messages } = await runTests(tree, tests, title);
    if (noticedBy === null) return failed(`LIVES. ${breaks} (${tests.join(", ")})`);
    if (!isAssertion) return didNotRun(`no test judged it: ${noticedBy}`);
    const breakdown = messages.find((message) => isOwnBreakdown(message, path));
    if (breakdown !== undefined) return didNotRun(`it breaks down by itself: ${breakdown.split("\n")[0]}`);
    return { isNoticed: true, line: noticedBy };
  } finally {
    writeFileSync(path, source);
  }
}

/** A fault that JavaScript found in the mutated file itself says nothing of the rule. */
function isOwnBreakdown(message, path) {
  if (!/^(?:TypeError|ReferenceError|SyntaxError)\b/.test(message)) return false;
  const [first] = message.split("\n").filter((line) => /^\s+at /.test(line));
  return first?.includes(path) ?? false;
}

/** @returns the title of the first test that failed, or what kept tests from running; null where all passed */
async function runTests(tree, tests, title) {
  const { said, testResults } = await runVitest(tree, tests, title, ["--bail", "1"]);
  if (testResults === null) return { failed: said.trim().slice(-300), isAssertion: false };
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed");
  if (failed !== undefined)
    return { failed: failed.fullName.trim(), isAssertion: true, messages: failed.failureMessages };
  const broken = testResults.find(({ status }) => status === "failed");
  return { failed: broken === undefined ? null : broken.message, isAssertion: false };
}

/** @returns what it printed, and the results by file; null where it did not come so far */
async function runVitest(tree, tests, title, options) {
  const output = join(tree, "vitest.json");
  rmSync(output, { force: true });
  const filter = title === undefined ? [] : ["--testNamePattern", title];
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const reporter = ["--reporter=json", `--outputFile=${output}`];
  // What was transformed once is kept by its content.
  const cache = [
    "--experimental.fsModuleCache",
    `--experimental.fsModuleCachePath=${join(tree, "transformed")}`,
  ];
  const said = await run(
    process.execPath,
    [vitest, "run", ...tests, "--maxWorkers", "1", ...options, ...filter, ...reporter, ...cache],
    tree,
  );
  return {
    said,
    testResults: existsSync(output) ? JSON.parse(readFileSync(output, "utf8")).testResults : null,
  };
}

/** @returns what it printed; one that hangs is ended, with the processes that it started */
function run(command, words, cwd) {
  return new Promise((resolve, reject) => {
    if (isStopping) return; // nobody waits for it
    const child = spawn(command, words, { cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const deadline = setTimeout(() => endGroup(child), MOST_MS);
    const closed = new Promise((over) => child.once("close", over));
    const entry = { child, closed };
    running.add(entry);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
    child.once("error", reject);
    void closed.then(() => {
      clearTimeout(deadline);
      running.delete(entry);
      if (!isStopping) resolve(said); // else nobody asks any more
    });
  });
}

/** Ends all children, with theirs, before their folder is removed. */
async function stopAll() {
  isStopping = true;
  for (const { child } of running) endGroup(child);
  await Promise.all([...running].map(({ closed }) => closed));
}

function endGroup({ pid }) {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {} // it has ended by now
}
