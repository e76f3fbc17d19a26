import { execFile, fork } from "node:child_process";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Script, ScriptDeadlineError } from "../../src/jxa/run-script.js";
import { shortQuestionWith } from "../../src/jxa/short-question.js";
import { says } from "../says.js";
import { handClock, LifeLine, temporaryFolder } from "./stand-in-osascript.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const echo: Script<unknown, unknown> = function echo(input) {
  return { ok: true, value: input };
};
const inTime = { deadlineMs: 60_000 };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let compiledChild: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  // The child is a program of its own, so Node must be given JavaScript.
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const types = ["--typeRoots", join(repository, "node_modules", "@types"), "--types", "node"];
  const flags = [
    "--ignoreConfig",
    "--target",
    "ES2022",
    "--module",
    "NodeNext",
    "--skipLibCheck",
    "--strict",
  ];
  const source = join(repository, "src", "jxa", "short-question-child.ts");
  const outDir = join(folder.path, "compiled");
  await promisify(execFile)(process.execPath, [
    tsc,
    ...flags,
    ...types,
    "--rootDir",
    join(repository, "src"),
    "--outDir",
    outDir,
    source,
  ]);
  await writeFile(join(folder.path, "package.json"), `{"type":"module"}`);
  compiledChild = join(outDir, "jxa", "short-question-child.js");
});

afterAll(() => folder[Symbol.asyncDispose]());

/** The compiled child, with `node_modules` as given: the real packages, or a package that acts as `@jxa/run`. */
async function childWith(name: string, jxaRun: "real" | string): Promise<string> {
  const home = join(folder.path, name);
  await mkdir(home);
  await writeFile(join(home, "package.json"), `{"type":"module"}`);
  await copyFile(compiledChild, join(home, "child.js"));
  if (jxaRun === "real") await symlink(join(repository, "node_modules"), join(home, "node_modules"));
  else {
    const fake = join(home, "node_modules", "@jxa", "run");
    await mkdir(fake, { recursive: true });
    await writeFile(join(fake, "package.json"), `{"name":"@jxa/run","main":"run.js"}`);
    await writeFile(join(fake, "run.js"), `exports.run = async function (fn, ...args) { ${jxaRun} };`);
  }
  return join(home, "child.js");
}

/** What osascript would do with the text, inside the process; environment variables only carry ASCII. */
const runText = `
  if (/[^\\x00-\\x7f]/.test(fn.toString() + JSON.stringify(args))) throw new Error("not ASCII (-1)");
  const context = require("node:vm").createContext({
    ObjC: { import() {} },
    $: { NSString: { stringWithContentsOfFileEncodingError: (path) =>
      ({ isNil: () => false, js: require("node:fs").readFileSync(path, "utf8") }) } },
  });
  return require("node:vm").runInContext("(" + fn.toString() + ")", context)(...args);
`;

describe("a short question through @jxa/run", () => {
  it("gets its input and gives its value back, whatever the characters", async () => {
    const runScript = shortQuestionWith({ childFile: await childWith("echo", runText) });
    const input = { names: ["é 日本 😀 \u2028", "\ud800"] };
    expect(await runScript(echo, input, inTime)).toEqual({ ok: true, value: input });
  });

  it("may have an input of 3 MB", async () => {
    const runScript = shortQuestionWith({ childFile: await childWith("large", runText) });
    const input = Array.from({ length: 100_000 }, (_, i) => `${i}: twenty-five characters`);
    expect(await runScript(echo, input, inTime)).toEqual({ ok: true, value: input });
  });

  it.skipIf(process.platform === "darwin")("is NOT_MACOS with the real package elsewhere", async () => {
    const runScript = shortQuestionWith({ childFile: await childWith("real", "real") });
    await expect(runScript(echo, null, inTime)).rejects.toMatchObject({
      code: "NOT_MACOS",
      remedy: says("rollcall demo"),
    });
  });

  it("has the number of an error that escaped the script", async () => {
    const fails = `Object.defineProperty(process, "platform", { value: "darwin" });
      throw new Error("Command failed: /usr/bin/osascript -l JavaScript\\n0:1: execution error: Fehler (-1743)\\n");`;
    const runScript = shortQuestionWith({ childFile: await childWith("number", fails) });
    expect(await runScript(echo, null, inTime)).toMatchObject({
      ok: false,
      number: -1743,
      step: "osascript",
    });
  });

  it("is OSASCRIPT_ABSENT on a Mac without osascript", async () => {
    const fails = `Object.defineProperty(process, "platform", { value: "darwin" });
      throw Object.assign(new Error("spawn"), { code: "ENOENT" });`;
    const runScript = shortQuestionWith({ childFile: await childWith("absent", fails) });
    await expect(runScript(echo, null, inTime)).rejects.toMatchObject({ code: "OSASCRIPT_ABSENT" });
  });

  it.each([
    ["no output", "return undefined;"],
    ["raw text", `return "Launching";`],
    ["an answer without bound", `return "x".repeat(20_000_000);`],
    [
      "a broken pipe that ends the process",
      `process.nextTick(() => { throw new Error("EPIPE"); }); await new Promise(() => {});`,
    ],
    ["a child that just ends", "process.exit(0);"],
  ])("is SCRIPT_FAILED after %s", async (what, program) => {
    const childFile = await childWith(what.replaceAll(" ", "-"), program);
    await expect(shortQuestionWith({ childFile })(echo, null, inTime)).rejects.toMatchObject({
      code: "SCRIPT_FAILED",
    });
  });

  it("is SCRIPT_FAILED when the child's module is not there", async () => {
    const childFile = join(folder.path, "nowhere.js");
    await expect(shortQuestionWith({ childFile })(echo, null, inTime)).rejects.toMatchObject({
      code: "SCRIPT_FAILED",
    });
  });
});

describe("a short question that gets no answer", () => {
  const hangs = (line: LifeLine) =>
    `${line.hold} require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(line.hold)}]);
     await new Promise(() => {});`;

  it("is killed at the deadline, together with the osascript that @jxa/run started", async () => {
    await using line = await LifeLine.listen(folder.path);
    const clock = handClock();
    const runScript = shortQuestionWith({ clock, childFile: await childWith("deadline", hangs(line)) });
    const answer = runScript(echo, null, { deadlineMs: 5_000 }).catch((error: unknown) => error);
    const { ended } = await line.held(2);
    clock.ringAll();
    expect(await answer).toBeInstanceOf(ScriptDeadlineError);
    await ended;
  });

  it("is killed when the caller stops", async () => {
    await using line = await LifeLine.listen(folder.path);
    const controller = new AbortController();
    const runScript = shortQuestionWith({ childFile: await childWith("abort", hangs(line)) });
    const answer = runScript(echo, null, { ...inTime, signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    const { ended } = await line.held(2);
    controller.abort("Ctrl-C");
    expect(await answer).toMatchObject({ code: "STOPPED", cause: "Ctrl-C" });
    await ended;
  });

  it("ends with all it started when the process that asked is gone", async () => {
    await using line = await LifeLine.listen(folder.path);
    const child = fork(await childWith("orphan", hangs(line)), [], { detached: true, execArgv: [] });
    child.send({ text: "", argument: "" });
    const { ended } = await line.held(2);
    child.disconnect();
    await ended;
    expect(child.connected).toBe(false);
  });
});
