import fc from "fast-check";
import { expect, test } from "vitest";
import { betweenWords } from "../../src/cli/output/between-words.js";

test.each([
  ["fits as it is", ["fits as it is"]],
  [
    "why:   It does not let this computer in while it is locked.",
    ["why:   It does not let this", "       computer in while it is", "       locked."],
  ],
  ["  hidden  1   --include-hidden brings them", ["  hidden  1   --include-hidden", "  brings them"]],
  ["2 new photos.   Not brought: 1 hidden.", ["2 new photos.   Not brought: 1", "hidden."]],
  ["  Averyveryverylongwordthatisnotbroken it is", ["  Averyveryverylongwordthatisnotbroken", "  it is"]],
])("%j at 30 columns", (line, lines) => {
  expect(betweenWords(line, 30)).toEqual(lines);
});

test("the last column of a table goes on in that column, where it has room", () => {
  expect(betweenWords("  in iCloud only   1   until Download and Keep Originals is switched on", 60)).toEqual(
    ["  in iCloud only   1   until Download and Keep Originals is", "                       switched on"],
  );
});

test("no word is lost, split or moved, and no line is wider than the terminal but for a long word", () => {
  const word = fc.string({ minLength: 1, maxLength: 12 }).map((text) => text.replaceAll(/\s/gu, "x"));
  const line = fc
    .tuple(
      fc.constantFrom("", "  ", "error: ", "  label   "),
      fc.array(word, { minLength: 1, maxLength: 30 }),
    )
    .map(([start, words]) => start + words.join(" "));
  fc.assert(
    fc.property(line, fc.integer({ min: 10, max: 100 }), (whole, columns) => {
      const lines = betweenWords(whole, columns);
      expect(lines.join(" ").split(/ +/)).toEqual(
        whole.split(/ +/).filter((part, at) => part !== "" || at === 0),
      );
      for (const part of lines) {
        const isOneWord = part.trimStart().split(" ").length <= 2;
        expect(isOneWord || [...part].length <= columns).toBe(true);
      }
    }),
  );
});
