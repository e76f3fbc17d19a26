import { expect, test } from "vitest";
import { runScriptText } from "../../../src/virtual/photos/script-context.js";

const nothing = () => '{"ok":true,"value":null}';

function printed(scriptText: string): string {
  const outcome = runScriptText(scriptText, [], nothing);
  return outcome.ok ? outcome.output : outcome.message;
}

const look = `[typeof left, typeof run, typeof Application, typeof Map, [].added, JSON.stringify([]), Math.max(1, 2), typeof Atomics].join(" ")`;
const untouched = "undefined undefined function function  [] 2 undefined";

test.each([
  ["a global", "var left = 1; function run() { return 'ran'; }", "ran"],
  [
    "a global that cannot be deleted",
    "Object.defineProperty(globalThis, 'left', { value: 1 }); 'done'",
    "done",
  ],
  ["another JXA", "Application = 'mine'; delete globalThis.Path; 'done'", "done"],
  ["a language without Map", "delete globalThis.Map; 'done'", "done"],
  ["another maximum", "Math.max = Math.min; 'done'", "done"],
  ["another Math", "Math = { max: function () { return 7; } }; 'done'", "done"],
  ["an addition to all arrays", "Array.prototype.added = 1; 'done'", "done"],
  [
    "a hidden addition to all iterators",
    "Object.getPrototypeOf([][Symbol.iterator]()).added = 1; 'done'",
    "done",
  ],
  [
    "an error in the middle",
    "left = 1; Array.prototype.added = 1; throw new Error('enough')",
    "Error: enough",
  ],
])("a script that leaves %s behind leaves nothing to the next", (_what, scriptText, output) => {
  expect(printed(look)).toBe(untouched);
  expect(printed(scriptText)).toBe(output);
  expect(printed(look)).toBe(untouched);
});
