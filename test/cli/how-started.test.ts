import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { howStarted } from "../../src/cli/process/how-started.js";
import { makeProgram } from "../../src/cli/program.js";
import { inTheirWords } from "../../src/cli/terminal/in-their-words.js";
import { painted } from "../../src/cli/terminal/paint.js";

/** As npm installs with `--prefix`: bin/rollcall leads to lib/node_modules/rollcall/dist/main.js. */
let prefix: string;
let main: string;
beforeAll(() => {
  prefix = realpathSync(mkdtempSync(join(tmpdir(), "rc-started-")));
  const dist = join(prefix, "lib/node_modules/rollcall/dist");
  for (const folder of [dist, join(prefix, "bin"), join(prefix, "other")])
    mkdirSync(folder, { recursive: true });
  main = join(dist, "main.js");
  writeFileSync(main, "", { mode: 0o755 });
  symlinkSync(main, join(prefix, "bin/rollcall"));
  writeFileSync(join(prefix, "other/rollcall"), "", { mode: 0o755 });
});
afterAll(() => rmSync(prefix, { recursive: true }));

function programOf(script: string, env: Record<string, string>, cwd = "/tmp"): string {
  const execPath = "/opt/homebrew/bin/node";
  return howStarted({ argv: [execPath, script], execPath, env, cwd: () => cwd }).program;
}

describe("the program is called", () => {
  const bin = () => join(prefix, "bin/rollcall");
  test.each<[said: string, program: () => string, expected: () => string]>([
    [
      "rollcall where that is on the PATH",
      () => programOf(main, { PATH: join(prefix, "bin") }),
      () => "rollcall",
    ],
    [
      "by its path where another program has the name",
      () => programOf(bin(), { PATH: `${join(prefix, "other")}:${join(prefix, "bin")}` }),
      bin,
    ],
    ["by the path it was typed with", () => programOf(bin(), { PATH: "/bin" }), bin],
    [
      "npx rollcall where npx started it",
      () => programOf(main, { npm_lifecycle_event: "npx" }),
      () => "npx rollcall",
    ],
    ["by the link beside it where its file was started", () => programOf(main, {}), bin],
    [
      "by the link, in a shortcut, whose PATH is not the terminal's",
      () => programOf(main, { PATH: join(prefix, "bin"), ROLLCALL_STARTED_FROM: "shortcuts" }),
      bin,
    ],
    [
      "rollcall where another program uses the library",
      () => programOf("/app/server.js", {}),
      () => "rollcall",
    ],
    [
      "node dist/main.js in a checkout",
      () => programOf("/src/rollcall/dist/main.js", {}, "/src/rollcall"),
      () => "node dist/main.js",
    ],
    [
      "node and the whole path elsewhere",
      () => programOf("/src/it's/dist/main.js", {}, "/tmp"),
      () => `node '/src/it'\\''s/dist/main.js'`,
    ],
    [
      "with ~ for the home folder",
      () => programOf(join(homedir(), "r/dist/main.js"), {}),
      () => "node ~/r/dist/main.js",
    ],
  ])("%s", (_said, program, expected) => {
    expect(program()).toBe(expected());
  });
});

describe("a message names the commands", () => {
  const npx = { program: "npx rollcall", from: null };

  test.each([
    ["rollcall doctor shows more.", "npx rollcall doctor shows more."],
    [
      "Run rollcall import --again, or rollcall plan.",
      "Run npx rollcall import --again, or npx rollcall plan.",
    ],
    ["`rollcall --help` lists them.", "`npx rollcall --help` lists them."],
    ["Rollcall imports nothing.", "Rollcall imports nothing."],
    ["/Users/anna/rollcall import/IMG_1.JPG", "/Users/anna/rollcall import/IMG_1.JPG"],
    ["a rollcall of names", "a rollcall of names"],
  ])("%s", (text, expected) => {
    expect(inTheirWords(text, npx)).toBe(expected);
    expect(inTheirWords(text, { program: "rollcall", from: null })).toBe(text);
  });

  test("a program with a dollar sign in its path is named as it is", () => {
    expect(inTheirWords("rollcall plan", { program: "'/a/$&/rollcall'", from: null })).toBe(
      "'/a/$&/rollcall' plan",
    );
  });

  test.each([
    ["shortcuts", "Unlock it and start the shortcut again."],
    ["automator", "Unlock it and start the Quick Action again."],
    ["agent", "Unlock it and plug the iPhone in again."],
  ] as const)("started by %s, running it again is what that takes", (from, expected) => {
    expect(inTheirWords("Unlock it and run the same command again.", { program: "rollcall", from })).toBe(
      expected,
    );
  });

  const commands = makeProgram(() => {}).commands.filter(
    (command) => !(command as unknown as { _hidden: boolean })._hidden,
  );
  test.each(commands.map((command) => [command.name()]))("rollcall %s is one of them", (name) => {
    expect(inTheirWords(`rollcall ${name}`, npx)).toBe(`npx rollcall ${name}`);
  });
});

describe("on a terminal", () => {
  const text =
    "error: 1 photo did not arrive.\ntrouble  space\n229 new photos, all proved: fine.\nIMG_error: x\n";

  test("an error, trouble and proof are in colour, and nothing else", () => {
    expect(painted(text, { isTTY: true }, {})).toBe(
      "\u001b[31merror:\u001b[39m 1 photo did not arrive.\n\u001b[31mtrouble\u001b[39m  space\n" +
        "229 new photos, \u001b[32mall proved\u001b[39m: fine.\nIMG_error: x\n",
    );
  });

  test.each([
    [{ isTTY: false }, {}],
    [{ isTTY: true }, { NO_COLOR: "1" }],
    [{ isTTY: true }, { TERM: "dumb" }],
  ])("no colour: %j with %j", (screen, env) => {
    expect(painted(text, screen, env)).toBe(text);
  });
});
