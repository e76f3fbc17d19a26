import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { watchLines } from "../src/cli/commands/watch/lines.js";
import { inCommandWords } from "../src/cli/terminal/command-words.js";
import { severalPhones } from "../src/phone/choose-phone.js";
import type { SeenPhone } from "../src/phone/phone-watch.js";
import { notApproved } from "../src/run/not-approved.js";
import { nameForShell, pathForShell, quoted } from "../src/shell-word.js";

const NAMES = [
  "Anna's iPhone",
  "Anna\u2019s iPhone",
  "$(printf hacked)",
  "`printf hacked`",
  "$HOME",
  '"; printf hacked; "',
  "'; printf hacked; '",
  "a\\",
  "\\$(printf hacked)",
  "!! history",
  "a && printf hacked",
  "*",
  "~root",
  "two\nlines",
  "\u00fc\u00e9\ud83d\ude00",
  "\u2026$(printf hacked)\u2026",
  "#",
  "-n",
  "",
];

/** What a shell makes of the last word of a command, in brackets. */
function asTheShellHasIt(word: string): string {
  return execFileSync("/bin/sh", ["-c", `printf '[%s]' ${word}`], { encoding: "utf8" });
}

describe.each([
  ["quoted", quoted],
  ["nameForShell", nameForShell],
  ["pathForShell", pathForShell],
])("%s", (_name, wordOf) => {
  test.each(NAMES)("a shell has %j back as one word, and runs nothing of it", (name) => {
    expect(asTheShellHasIt(wordOf(name))).toBe(`[${name}]`);
  });
});

const UDID = "00008030-001122334455667A";
const phoneCalled = (name: string) =>
  ({
    udid: UDID,
    identity: { udid: UDID, name, productType: "iPhone1,1" },
    state: "ready",
    reason: null,
  }) as unknown as SeenPhone;

/** A person sees it and types the same. */
const TYPABLE = new Set(["Anna's iPhone", "Anna\u2019s iPhone"]);

test.each(NAMES)(
  "a command that approves the phone %j has its name as one word, or its UDID if it cannot be typed",
  (name) => {
    const remedies = [
      notApproved({ udid: UDID, name }).remedy,
      watchLines({ type: "not-approved", phone: phoneCalled(name) } as never)[1]!,
    ];
    for (const remedy of remedies) {
      const word = /^rollcall watch --approve (.*) approves it; /.exec(inCommandWords(remedy))![1]!;
      expect(asTheShellHasIt(word)).toBe(`[${TYPABLE.has(name) ? name : UDID}]`);
    }
  },
);

test.each(NAMES)("of two phones, one of them called %j, each is named by one word", (name) => {
  const other = { ...phoneCalled("Other"), udid: "b" } as SeenPhone;
  const seen = [phoneCalled(name), other];
  const words = /^Say which: --phone (.*), or --phone "Other"\.$/.exec(
    inCommandWords(severalPhones(seen, seen).remedy),
  );
  expect([`[${name}]`, `[${UDID}]`]).toContain(asTheShellHasIt(words![1]!));
});
