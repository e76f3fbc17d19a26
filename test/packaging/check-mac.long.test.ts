import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { MacProgram } from "../../src/integrations/mac-programs.js";
import { FakeMac, type ProgramFault } from "../integrations/fake-mac.js";

/** Several programs one after another, on a machine that may do other things as well. */
const SLOW_MS = 120_000;
const script = join(import.meta.dirname, "../../scripts/check-mac.mjs");

test(
  "what a Mac is asked of the generated files: each property list, each script, and the bundle",
  () => {
    using mac = new FakeMac();
    const { stdout, stderr, status } = check(mac, "files", "scripts", "workflow");
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^files: [1-9] looked at, 0 wrong\nscripts: \d{2} looked at, 0 wrong\nworkflow: 1 looked at, 0 wrong\n$/,
    );
    expect(status).toBe(0);
    const asked = mac.calls().map(([program, first]) => `${program} ${first}`);
    expect([...new Set(asked)].sort()).toEqual([
      "osacompile -l",
      "pbs -read_bundle",
      "plutil -convert", // the metadata of Automator's own action
      "plutil -lint",
    ]);
    expect(mac.files()).toEqual({});
  },
  SLOW_MS,
);

test(
  "an app is built as the set-up builds it, opened, stays open until it has answered, and is gone",
  () => {
    using mac = new FakeMac();
    const { stdout, stderr, status } = check(mac, "app");
    expect([stderr, stdout, status]).toEqual(["", "app: 1 looked at, 0 wrong\n", 0]);
    expect(mac.calls().map(([program, first]) => `${program} ${first}`)).toEqual([
      "osacompile -l",
      ...mac.callsOf("plutil").map(() => "plutil -replace"),
      ...["codesign --force", "codesign --verify", "lsregister -f", "open -g", "open -g", "lsregister -u"],
    ]);
    expect(mac.callsOf("plutil").map((call) => call[2])).toContain("LSAppNapIsDisabled");
    // No right of anybody's is touched, and nobody is asked.
    expect(mac.callsOf("tccutil")).toEqual([]);
    expect(mac.questions()).toBe(0);
    expect(mac.appsGone()).toBe(1);
    expect(mac.files()).toEqual({});
  },
  SLOW_MS,
);

test.each([
  ["osacompile", "writes nothing", "Rollcall.app could not be built. osacompile said that it compiled it"],
  ["plutil", "writes nothing", "plutil said that it changed CFBundleIdentifier, and did not."],
  ["codesign", "exits 5", "codesign ended with status 5: it did not work"],
  ["codesign", "writes nothing", "open ended with 9"],
  ["open", "writes nothing", 'it was to answer "one" once it is idle, and answered: nothing'],
] satisfies [MacProgram, ProgramFault, string][])(
  "an app that %s (%s) spoils fails the check",
  (program, how, words) => {
    using mac = new FakeMac({ [program]: how });
    const { stderr, status } = check(mac, "app");
    expect(stderr).toContain(`wrong: the app: `);
    expect(stderr).toContain(words);
    expect(status).toBe(1);
  },
  SLOW_MS,
);

test(
  "what a Mac refuses is named, and fails the check",
  () => {
    using mac = new FakeMac({ plutil: "exits 5", osacompile: "writes nothing", pbs: "absent" });
    const { stderr, status } = check(mac, "files", "scripts", "workflow");
    expect(status).toBe(1);
    expect(stderr).toContain("wrong: agent: local.rollcall.watch.plist: plutil ended with 5");
    expect(stderr).toContain("wrong: launch-photos.js: osacompile wrote nothing");
    expect(stderr).toContain("wrong: Import from iPhone.workflow: pbs: absent");
  },
  SLOW_MS,
);

test(
  "the agent is started, imports from the virtual iPhone, and is gone with all its files",
  () => {
    using mac = new FakeMac();
    startForReal(mac);
    const { stdout, stderr, status } = check(mac, "agent");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^launchd ran it, and it imported \d+ items\nagent: 1 looked at, 0 wrong\n$/);
    expect(status).toBe(0);
    expect(mac.files()).toEqual({});
  },
  SLOW_MS,
);

test("words of macOS that doctor does not understand fail the check; shortcuts that cannot run do not", () => {
  using mac = new FakeMac({ shortcuts: "killed" });
  const good = check(mac, "doctor");
  expect([good.stderr, good.status]).toEqual(["", 0]);
  expect(good.stdout).toBe("shortcuts list: shortcuts was ended by SIGKILL.\ndoctor: 2 looked at, 0 wrong\n");
  mac.pmsetSays("other words\n");
  const bad = check(mac, "doctor");
  expect([bad.stderr, bad.status]).toEqual(["wrong: pmset -g: no line says when this Mac sleeps\n", 1]);
});

test("an agent that a person has is left alone", () => {
  using mac = new FakeMac();
  const path = join(mac.home, "Library/LaunchAgents/local.rollcall.watch.plist");
  spawnSync("mkdir", ["-p", join(path, "..")]);
  writeFileSync(path, "theirs");
  const { stderr, status } = check(mac, "agent");
  expect([stderr, status]).toEqual([expect.stringContaining("is there already"), 1]);
  expect(mac.calls()).toEqual([]);
  expect(mac.files()).toEqual({ "Library/LaunchAgents/local.rollcall.watch.plist": "644" });
});

function check(mac: FakeMac, ...steps: string[]) {
  return spawnSync(process.execPath, [script, ...steps], {
    env: { PATH: process.env.PATH, TMPDIR: mac.folder, HOME: mac.home, ROLLCALL_MAC_PROGRAMS: mac.programs },
    encoding: "utf8",
  });
}

/** Puts a launchctl there that does start what it is told to, as launchd would: a bare environment, a log, no terminal. */
function startForReal(mac: FakeMac): void {
  const program = join(mac.folder, "launchctl.cjs");
  writeFileSync(program, LAUNCHCTL);
  const path = join(mac.programs, "launchctl");
  writeFileSync(
    path,
    `#!/bin/sh\nexec '${process.execPath}' '${program}' '${join(mac.folder, "pid")}' "$@"\n`,
  );
  chmodSync(path, 0o755);
}

const LAUNCHCTL = `
const { spawn } = require("node:child_process");
const { existsSync, openSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const [note, verb, , file] = process.argv.slice(2);
const plain = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");
const strings = (text) => [...text.matchAll(/<(?:key|string)>([^<]*)</g)].map(([, one]) => plain(one));
const within = (text, key, tag) => strings(new RegExp("<key>" + key + "</key>\\\\s*<" + tag + ">([\\\\s\\\\S]*?)</" + tag + ">").exec(text)[1]);
if (verb === "bootstrap") {
  const text = readFileSync(file, "utf8");
  const [node, ...args] = within(text, "ProgramArguments", "array");
  const pairs = within(text, "EnvironmentVariables", "dict");
  const env = { HOME: process.env.HOME, PATH: "/usr/bin:/bin:/usr/sbin:/sbin" };
  for (let at = 0; at < pairs.length; at += 2) env[pairs[at]] = pairs[at + 1];
  const log = openSync(/StandardErrorPath<.key>\\s*<string>([^<]*)/.exec(text)[1].replaceAll("&apos;", "'"), "a");
  const child = spawn(node, args, { env, cwd: "/", detached: true, stdio: ["ignore", log, log] });
  writeFileSync(note, JSON.stringify({ pid: child.pid, file, args: [node, ...args] }));
  child.unref();
} else if (!existsSync(note)) {
  process.exitCode = verb === "bootout" ? 3 : 113;
} else if (verb === "bootout") {
  process.kill(JSON.parse(readFileSync(note, "utf8")).pid, "SIGTERM");
  rmSync(note);
} else {
  const { pid, file, args } = JSON.parse(readFileSync(note, "utf8"));
  const lines = ["path = " + file, "arguments = {", ...args.map((arg) => "\\t" + arg), "}", "pid = " + pid];
  console.log("gui/501/local.rollcall.watch = {\\n\\t" + lines.join("\\n\\t") + "\\n}");
}
`;
