import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, vi } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { runEventWith } from "../../src/jxa/run-event.js";
import { type Script, ScriptDeadlineError } from "../../src/jxa/run-script.js";
import { oneTestIn } from "../sampled.js";
import { says } from "../says.js";
import { handClock, honest, LifeLine, standIn, temporaryFolder } from "./stand-in-osascript.js";

const it = oneTestIn(2);

const echo: Script<unknown, unknown> = function echo(input) {
  return { ok: true, value: input };
};
const inTime = { deadlineMs: 60_000 };

async function folderForTest(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder.path;
}

async function runnerOver(program: string) {
  const folder = await folderForTest();
  return runEventWith({ osascript: await standIn(folder, program) });
}

describe("a script run through osascript", () => {
  it("gets its input and gives its value back", async () => {
    const runScript = await runnerOver(honest);
    expect(await runScript(echo, { name: "IMG_0001.HEIC", n: 3 }, inTime)).toEqual({
      ok: true,
      value: { name: "IMG_0001.HEIC", n: 3 },
    });
  });

  it("gets no input as null", async () => {
    const runScript = await runnerOver(honest);
    expect(await runScript(echo, undefined, inTime)).toEqual({ ok: true, value: null });
  });

  it("receives non-ASCII names, quotes, line ends and lone surrogates unchanged, sent as ASCII only", async () => {
    const runScript = await runnerOver(honest);
    const names = ["Ünïcode é/é.jpg", "日本.mov", "😀", "a\"b'c\\d\n\u2028$(x)`y`", "\ud800"];
    expect(await runScript(echo, names, inTime)).toEqual({ ok: true, value: names });
  });

  it("gets an input of 3 MB through a private file that is gone afterwards", async () => {
    const folder = await folderForTest();
    vi.stubEnv("TMPDIR", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const osascript = await standIn(
      folder,
      `const files = require("node:fs"), read = files.readFileSync;
       files.readFileSync = (path, ...rest) => {
         if (path !== 0) files.writeFileSync(__dirname + "/seen", (files.statSync(path).mode & 0o777).toString(8));
         return read(path, ...rest);
       };${honest}`,
    );
    const paths = Array.from({ length: 30_000 }, (_, i) => `${"/Ordner/".repeat(12)}é${i}.HEIC`);
    const envelope = await runEventWith({ osascript })(echo, paths, inTime);
    expect(envelope).toEqual({ ok: true, value: paths });
    expect(await readdir(folder)).toEqual(["osascript", "seen"]);
    expect(await readFile(join(folder, "seen"), "utf8")).toBe("600");
  });

  it.each([
    ["short", { name: "Anna's birthday", paths: ["/Users/anna/IMG_0001.HEIC"] }],
    [
      "of 3 MB",
      { name: "Anna's birthday", paths: Array.from({ length: 30_000 }, (_, i) => `/Users/anna/${i}`) },
    ],
  ])("shows nothing of a %s input in the list of processes", async (_size, input) => {
    const folder = await folderForTest();
    const program = `require("node:fs").writeFileSync(__dirname + "/seen", process.argv.slice(2).join(" "));${honest}`;
    const runScript = runEventWith({ osascript: await standIn(folder, program) });
    expect(await runScript(echo, input, inTime)).toEqual({ ok: true, value: input });
    expect(await readFile(join(folder, "seen"), "utf8")).toBe("-l JavaScript -");
  });

  it("takes hostile names for names, never for a part of its program", async () => {
    const runScript = await runnerOver(honest);
    const marks = [
      '");throw 1;//',
      "\\",
      '\\"',
      "'+x+'",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what a careless program would take for its own text
      "${x}",
      "`",
      "\0",
      "\u2028",
      "\u2029",
      "</script>",
      "*/",
    ];
    const input = Object.fromEntries(marks.map((mark) => [mark, mark]));
    expect(await runScript(echo, input, inTime)).toEqual({ ok: true, value: input });
  });

  it("sends the environment along, so that HOME is known", async () => {
    vi.stubEnv("ROLLCALL_TEST_MARK", "seen");
    onTestFinished(() => void vi.unstubAllEnvs());
    const runScript = await runnerOver(
      `console.log(JSON.stringify({ ok: true, value: process.env.ROLLCALL_TEST_MARK + (process.env.HOME === undefined) }))`,
    );
    expect(await runScript(echo, null, inTime)).toEqual({ ok: true, value: "seenfalse" });
  });

  it("that throws past its own catch is an envelope with the number", async () => {
    const runScript = await runnerOver(honest);
    const careless: Script<null, null> = () => {
      throw new Error("careless (-5)");
    };
    expect(await runScript(careless, null, inTime)).toEqual({
      ok: false,
      number: -2700,
      message: "0:1: execution error: Error: careless (-5) (-2700)",
      step: "osascript",
    });
  });
});

describe("osascript's error line", () => {
  it.each([
    ["English", "32:49: execution error: Not authorized to send Apple events to Photos. (-1743)", -1743],
    [
      "German",
      "execution error: Fehler: Photos hat einen Fehler erhalten: AppleEvent-Timeout (-10) (-1712)",
      -1712,
    ],
    ["French", "0:4: execution error: Erreur : L’opération n’a pas pu s’achever. (-600)", -600],
    ["Japanese", "0:4: execution error: エラー: オブジェクトを取り出せません。 (-1728)", -1728],
  ])("in %s is understood by its last number", async (_language, line, number) => {
    const runScript = await runnerOver(
      `console.error("log line (-1)"); console.error(${JSON.stringify(line)}); process.exitCode = 1;`,
    );
    expect(await runScript(echo, null, inTime)).toEqual({
      ok: false,
      number,
      message: line,
      step: "osascript",
    });
  });

  it("is understood although the child ended without reading its program", async () => {
    const runScript = await runnerOver(
      `require("node:fs").closeSync(0); require("node:fs").writeSync(2, "execution error: no (-1743)\\n"); process.exit(1);`,
    );
    const large: Script<null, null> = () => ({ ok: true, value: null });
    large.toString = () => `function () { /* ${"x".repeat(1_000_000)} */ }`;
    expect(await runScript(large, null, inTime)).toMatchObject({ ok: false, number: -1743 });
  });
});

describe("what is no answer", () => {
  it.each([
    ["nothing on stdout", ""],
    ["text on stdout", `console.log("Launching Photos...")`],
    ["JSON of another shape", `console.log('{"ok":"yes"}')`],
    ["half an envelope", `console.log('{"ok":true}')`],
    ["a number in place of an envelope", `console.log(7)`],
    ["an exit without a number", `console.error("Killed"); process.exitCode = 1`],
    ["a child that a signal ends", `process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)`],
  ])("%s is SCRIPT_FAILED", async (_what, program) => {
    const runScript = await runnerOver(program);
    await expect(runScript(echo, null, inTime)).rejects.toMatchObject({ code: "SCRIPT_FAILED" });
  });

  it("an endless stream on stdout is cut off, and the child is killed", async () => {
    const folder = await folderForTest();
    await using line = await LifeLine.listen(folder);
    const osascript = await standIn(
      folder,
      `require("node:net").connect(${JSON.stringify(line.path)}, () => { for (;;) try { require("node:fs").writeSync(1, "x".repeat(1 << 20)); } catch {} });`,
    );
    const answer = expect(runEventWith({ osascript })(echo, null, inTime)).rejects.toMatchObject({
      code: "SCRIPT_FAILED",
    });
    const { ended } = await line.held(1);
    await answer;
    await ended;
  });
});

describe("an osascript that cannot be started", () => {
  it("is OSASCRIPT_ABSENT when there is no such file", async () => {
    const osascript = join(await folderForTest(), "nowhere");
    await expect(runEventWith({ osascript })(echo, null, inTime)).rejects.toMatchObject({
      code: "OSASCRIPT_ABSENT",
      remedy: says("ROLLCALL_OSASCRIPT"),
    });
  });

  it("is OSASCRIPT_ABSENT when the file is not executable", async () => {
    const folder = await folderForTest();
    const osascript = await standIn(folder, honest);
    await (await import("node:fs/promises")).chmod(osascript, 0o600);
    await expect(runEventWith({ osascript })(echo, null, inTime)).rejects.toMatchObject({
      code: "OSASCRIPT_ABSENT",
    });
  });

  it.skipIf(process.platform === "darwin")(
    "is NOT_MACOS when none is named and this is not a Mac",
    async () => {
      const refusal: unknown = await runEventWith()(echo, null, inTime).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(RollcallError);
      expect(refusal).toMatchObject({
        code: "NOT_MACOS",
        remedy: says(/rollcall demo.*rollcall copy/),
      });
    },
  );
});

describe("a script that does not end", () => {
  // It does not heed SIGTERM, and it has a child of its own that holds the same pipes.
  const stubborn = (line: LifeLine) =>
    `process.on("SIGTERM", () => {}); ${line.hold}
     require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(line.hold)}], { stdio: "inherit" });`;

  it("is killed with all its children at the deadline", async () => {
    const folder = await folderForTest();
    await using line = await LifeLine.listen(folder);
    const clock = handClock();
    const runScript = runEventWith({ osascript: await standIn(folder, stubborn(line)), clock });
    const answer = runScript(echo, null, { deadlineMs: 90_000 }).catch((error: unknown) => error);
    const { ended } = await line.held(2);
    expect(clock.waits).toEqual([90_000]);
    clock.ringAll();
    expect(await answer).toBeInstanceOf(ScriptDeadlineError);
    await ended;
  });

  it("is killed with all its children when the caller stops, and the reason is kept", async () => {
    const folder = await folderForTest();
    await using line = await LifeLine.listen(folder);
    const controller = new AbortController();
    const runScript = runEventWith({ osascript: await standIn(folder, stubborn(line)) });
    const answer = runScript(echo, null, { ...inTime, signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    const { ended } = await line.held(2);
    const reason = new Error("Ctrl-C");
    controller.abort(reason);
    expect(await answer).toMatchObject({ code: "STOPPED", cause: reason });
    await ended;
  });

  it("is never started when the caller had stopped already", async () => {
    const signal = AbortSignal.abort();
    const runScript = runEventWith({ osascript: join(await folderForTest(), "nowhere") });
    await expect(runScript(echo, null, { ...inTime, signal })).rejects.toMatchObject({ code: "STOPPED" });
  });

  it("that ends in time leaves no listener and no timer behind", async () => {
    const folder = await folderForTest();
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const added = vi.spyOn(controller.signal, "addEventListener");
    const clock = handClock();
    const signals: (AbortSignal | undefined)[] = [];
    const wait = clock.wait;
    clock.wait = (ms, signal) => {
      signals.push(signal);
      return wait(ms, signal);
    };
    const runScript = runEventWith({ osascript: await standIn(folder, honest), clock });
    await runScript(echo, 1, { ...inTime, signal: controller.signal });
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledTimes(1);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });
});
