import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../src");

/** They word things for people who type, or for programs; or they write what the system runs. */
const MAY_HOLD_COMMANDS = [
  ...["cli/", "gui/", "virtual/", "main.ts", "library-words.ts"],
  ...["integrations/unattended-import.ts", "integrations/app/start-file.ts"],
  ...["integrations/automator/workflow-bundle.ts", "integrations/launchd/agent-plist.ts"],
  "integrations/shortcuts/shortcut-definition.ts",
];
/** Names of its own begin with two dashes. */
const STYLE_SHEETS = ["receipt/html/style.ts"];

/** A flag that is an argument of another program stands alone in its quotes. */
const ARGUMENT = /(["'])--[\w-]+(=[^"'\s]*)?\1/g;
const COMMENT = /^\s*(\/\/|\/\*|\*).*|\s\/\/ .*$/;
const OF_THE_COMMAND = /\brollcall [a-z]|(?:^|[\s("'`])--[a-z]/;

/** The lines of code with words of the command line in them. */
function commandWordsIn(code: string): string[] {
  return code
    .split("\n")
    .map((line) => line.replace(COMMENT, "").replaceAll(ARGUMENT, ""))
    .filter((line) => OF_THE_COMMAND.test(line));
}

test.each([
  ['remedy: "rollcall verify says why.",', true],
  ['"Then run rollcall setup agent again."', true],
  ['message: "--limit was reached before it",', true],
  ["`Say which: --phone X`", true],
  ["remedy: advise`$" + "{VERIFY} says why.`,", false],
  ['const args = ["sign", "--mode", "anyone"]; // as rollcall setup does', false],
  ["  // rollcall verify reads it", false],
  ["for (let left = 3; left > 0; left--) look(left);", false],
])("a text below the command, %s: %s", (line, isFound) => {
  expect(commandWordsIn(line)).toHaveLength(isFound ? 1 : 0);
});

test("only the command knows what people type: below it a remedy names an action, and a message no flag", () => {
  const found = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts"))
    .filter((path) => ![...MAY_HOLD_COMMANDS, ...STYLE_SHEETS].some((place) => path.startsWith(place)))
    .flatMap((path) =>
      commandWordsIn(readFileSync(join(src, path), "utf8")).map((line) => `${path}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});
