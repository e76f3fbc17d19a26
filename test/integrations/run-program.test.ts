import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAC_PROGRAMS, macProgramsIn } from "../../src/integrations/mac-programs.js";
import { programRunner, whyNot } from "../../src/integrations/run-program.js";
import { handClock, LifeLine, standIn } from "../jxa/stand-in-osascript.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-run-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (clock = handClock()) => programRunner({ programs: macProgramsIn(folder), clock });

test("every program of macOS is named by its whole path", () => {
  for (const path of Object.values(MAC_PROGRAMS)) expect(path).toMatch(/^\/(usr\/bin|bin|System\/Library)\//);
});

test("a program that ended says with which status, and what it printed", async () => {
  await standIn(folder, 'console.log(process.argv[2]); console.error("hm"); process.exit(5);', "plutil");
  const end = await run()("plutil", ["-lint"]);
  expect(end).toEqual({ kind: "ended", status: 5, stdout: "-lint", stderr: "hm" });
  expect(whyNot("plutil", end)).toBe("plutil ended with status 5: hm");
});

test("one that is not there, or may not be executed, is absent", async () => {
  expect(await run()("shortcuts", [])).toEqual({ kind: "absent" });
  writeFileSync(join(folder, "codesign"), "");
  expect(await run()("codesign", [])).toEqual({ kind: "absent" });
});

test("one that macOS kills at its start is killed, not failed", async () => {
  await standIn(folder, 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);', "open");
  const end = await run()("open", []);
  expect(end).toEqual({ kind: "killed", signal: "SIGKILL" });
});

test("at the deadline it is ended, with everything that it started, and is called too slow", async () => {
  await using line = await LifeLine.listen(folder);
  const child = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(line.hold)}]);`;
  await standIn(folder, `${line.hold}${child}process.on("SIGTERM", () => {});`, "launchctl");
  const clock = handClock();
  const ending = run(clock)("launchctl", [], { deadlineMs: 5000 });
  const { ended } = await line.held(2);
  expect(clock.waits).toEqual([5000]);
  clock.ringAll();
  const end = await ending;
  expect(whyNot("launchctl", end)).toBe("launchctl did not end within 5 s, and was ended.");
  await ended;
});

test("when the run is stopped it is ended too, and the stop is what is told", async () => {
  await using line = await LifeLine.listen(folder);
  await standIn(folder, line.hold, "osacompile");
  const controller = new AbortController();
  const ending = run()("osacompile", [], { signal: controller.signal });
  const { ended } = await line.held(1);
  controller.abort();
  await expect(ending).rejects.toMatchObject({ code: "STOPPED" });
  await ended;
  await expect(run()("osacompile", [], { signal: controller.signal })).rejects.toMatchObject({
    code: "STOPPED",
  });
});
