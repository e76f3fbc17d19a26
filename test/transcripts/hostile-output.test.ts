import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { harmless } from "../../src/cli/terminal/harmless.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { listsAlso } from "../../src/virtual/iphone/iphone-fault.js";
import { answer, failed, headOf, proved } from "../receipt/some-answers.js";
import { jpeg } from "../run/small-phones.js";
import { oneTestIn } from "../sampled.js";
import { atTerminal, hasTerminal } from "../stories/at-terminal.js";
import { CommandHarness, main } from "../stories/command-harness.js";
import { rollcall } from "./command.js";

const test = oneTestIn(10);

/** Each does something to a terminal, or ends a line for somebody. */
const MARKS = [
  ...["\u0000", "\u0007", "\u0008", "\u000b", "\u000c", "\r", "\u001b", "\u007f", "\u0085", "\u009b"],
  ...["\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"],
];
// What a file may be called on the disk of a test: no NUL, and no slash.
const HOSTILE = `a${MARKS.slice(1).join("b")}\u001b[2Jc`;
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe("what is written to a terminal or a line reader", () => {
  test.each(MARKS)("%j is an escape in it", (mark) => {
    expect(harmless(`x${mark}y`)).not.toMatch(RAW);
    expect(harmless(`x${mark}y`, "drawing")).not.toMatch(RAW);
  });

  test("line ends, tabs and colours of ours stay; progress may move about, text may not", () => {
    const coloured = "\u001b[1;31merror:\u001b[0m x\ty\n";
    expect(harmless(coloured)).toBe(coloured);
    const drawn = "\u001b[3A\u001b[0Jx\n";
    expect(harmless(drawn, "drawing")).toBe(drawn);
    expect(harmless(drawn)).not.toMatch(RAW);
  });

  test("JSON says the same as before", () => {
    const texts = fc.string({ unit: fc.oneof(fc.constantFrom(...MARKS), fc.string({ unit: "binary" })) });
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 2 }), (text, indent) => {
        const json = JSON.stringify({ [text]: [text] }, null, indent);
        expect(JSON.parse(harmless(json))).toEqual({ [text]: [text] });
      }),
    );
  });
});

test("nothing in the command writes to stdout or stderr but by the one file that makes it harmless", () => {
  const cli = join(import.meta.dirname, "../../src/cli");
  const writers = readdirSync(cli, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .filter((name) =>
      /process\.std(out|err)\.(write|end)|console\.|writeSync\([12]\b|std(out|err)\b.*\bfd\b/.test(
        readFileSync(join(cli, name), "utf8"),
      ),
    );
  expect(writers).toEqual(["terminal/standard-output.ts"]);
  const pagers = readdirSync(cli, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => /\bshowIn\(/.test(readFileSync(join(cli, name), "utf8")));
  expect(pagers.sort()).toEqual(["terminal/pager.ts", "terminal/standard-output.ts"]);
});

describe("a phone, its files and a receipt with hostile names", () => {
  let home: string;
  let path: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "rc-hostile-"));
    const folder = join(home, "receipts");
    mkdirSync(folder, { mode: 0o700 });
    const item = `/DCIM/100APPLE/${HOSTILE}.JPG`;
    const reason = { code: "PHOTOS_LEFT_OUT" as const, message: HOSTILE, remedy: HOSTILE };
    const answers = [answer(item, { ...failed, reason }), answer("/DCIM/100APPLE/IMG_0002.JPG", proved)];
    const { phone } = headOf(answers);
    const head = headOf(answers, {
      phone: { ...phone, name: HOSTILE, productType: HOSTILE, iosVersion: HOSTILE },
      destination: { kind: "folder", path: `/nowhere/${HOSTILE}` },
    });
    const kept = await new ReceiptFolder(folder, commandWords).write(head, () => answers);
    expect(kept).not.toMatch(RAW);
    path = join(folder, `${HOSTILE}.json`);
    renameSync(kept, path);
    return () => rmSync(home, { recursive: true });
  });

  const COMMANDS = [
    ["receipts"],
    ["receipts", "--json"],
    ["receipts", "show"],
    ["receipts", "show", "--json"],
    ["receipts", "show", HOSTILE.replaceAll("\u001b", "")],
    ["receipts", "path", "--json"],
    ["receipts", "open", "--json"],
    ["verify"],
    ["verify", "--json"],
    ["copy", `/nowhere/${HOSTILE}`, "--events", "--phone", HOSTILE, "--wait", "0"],
  ];

  test.each(COMMANDS.map((command) => [command.slice(0, 2).join(" "), command] as const))(
    "are escapes in what %s says",
    async (_what, command) => {
      const { stdout, stderr } = await rollcall(command, { ROLLCALL_HOME: home });
      expect(stdout + stderr).not.toBe("");
      expect(stdout + stderr).not.toMatch(RAW);
    },
  );

  test("are escapes in a stack trace, too", () => {
    const command = ["receipts", "show", "--verbose", `x${HOSTILE}`];
    const { stderr } = spawnSync(process.execPath, [main, ...command], { env: { ROLLCALL_HOME: home } });
    expect(String(stderr)).toContain("    at ");
    expect(String(stderr)).not.toMatch(RAW);
  });

  test("a path that a program takes is given as it is, and a person's terminal gets escapes", async () => {
    const { stdout } = await rollcall(["receipts", "path"], { ROLLCALL_HOME: home });
    expect(stdout).toBe(`${path}\n`);
    if (!hasTerminal) return;
    const environment = { ...process.env, ROLLCALL_HOME: home } as Record<string, string>;
    for (const what of ["path", "open"]) {
      const { screen } = await atTerminal({ environment }, ["receipts", what], []);
      expect(screen.replaceAll("\r\n", "\n")).not.toMatch(RAW);
      expect(screen).toContain("\\u202e");
    }
  });
});

describe("a phone on the cable whose own name and files are hostile", () => {
  // A property list in XML carries no other control characters.
  const NAMED = HOSTILE.replaceAll(/[\u0000-\u001f]/g, "");
  const UDID = "00008140-000C0FFEE0DDF00D";
  let harness: CommandHarness;
  beforeAll(async () => {
    harness = new CommandHarness();
    const folder = join(harness.mediaFolder, "DCIM/100APPLE");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "IMG_0001.JPG"), jpeg(1));
    writeFileSync(join(folder, `${HOSTILE}.JPG`), jpeg(2));
    writeFileSync(join(folder, `${"\u202e".repeat(80)}.JPG`), jpeg(3));
    // No picture, so that its answer names it.
    writeFileSync(join(folder, `${HOSTILE}.txt`), "text");
    await harness.plugIn({
      udid: UDID,
      name: NAMED,
      faults: [listsAlso("/DCIM/100APPLE", [`${HOSTILE.repeat(200)}.JPG`])],
    });
    return () => harness[Symbol.asyncDispose]();
  });

  const PLAIN = ["--without-phone-library", "--wait", "0"];
  const COMMANDS: readonly (readonly string[])[] = [
    ["phones"],
    ["phones", "--json"],
    ["plan", ...PLAIN],
    ["plan", "--list", ...PLAIN],
    ["plan", "--json", ...PLAIN],
    ["plan", "--events", ...PLAIN],
    ["plan", "--phone", `${NAMED}x`, ...PLAIN],
    ["plan", "--folder", HOSTILE, ...PLAIN],
    ["import", "--yes", "--limit", "1", ...PLAIN],
    ["import", "--yes", "--events", ...PLAIN],
    ["import", "--yes", "--json", ...PLAIN],
    ["watch", "--approve", UDID],
    ["watch", "--disapprove", UDID],
    ["receipts", "safe-to-remove"],
    ["status"],
  ];

  test.each(
    COMMANDS.map(
      (command) => [command.join(" ").replace(NAMED, "NAME").replace(HOSTILE, "NAME"), command] as const,
    ),
  )("is shown in escapes by %s", async (_what, command) => {
    const { stdout, stderr } = await harness.rollcall(command);
    expect(stdout + stderr).not.toBe("");
    expect(stdout + stderr).not.toMatch(RAW);
    if (command.includes("--events"))
      for (const line of stdout.trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("type");
  });

  test.each([
    ["text", []],
    ["JSON lines", ["--json"]],
  ] as const)("is shown in escapes by watch, as %s", async (_what, flags) => {
    const watch = harness.start(["watch", ...flags]);
    let said = "";
    const heard = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        said += String(chunk);
        if (/not.approved/.test(said)) resolve();
      };
      watch.stdout.on("data", hear);
      watch.stderr.on("data", hear);
      watch.stdout.on("end", resolve);
    });
    await heard;
    watch.kill("SIGTERM");
    await watch;
    expect(said).toMatch(/not.approved/);
    // What is shown in escapes cannot be typed.
    if (flags.length === 0) expect(said).toContain(`rollcall watch --approve "${UDID}" approves it`);
    expect(said).not.toMatch(RAW);
    const log = readFileSync(join(harness.folder, "data/logs/watch.log"), "utf8");
    expect(log).toContain("\\u202e");
    expect(log).not.toMatch(RAW);
  });
});
