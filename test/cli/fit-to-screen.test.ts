import { expect, test } from "vitest";
import { fitToScreen, linesFor } from "../../src/cli/terminal/fit-to-screen.js";

const SENTENCE = "It imports from iPhones that you approved: by a first rollcall import, or rollcall watch.";

test("a line that fits, or goes into a pipe, is as it was", () => {
  expect(fitToScreen("  import   412   3.1 GB", 80)).toEqual(["  import   412   3.1 GB"]);
  expect(linesFor({}, [SENTENCE])).toBe(`${SENTENCE}\n`);
  expect(linesFor({ isTTY: true, columns: 0 }, [SENTENCE])).toBe(`${SENTENCE}\n`);
});

test("a longer one is broken between words, and nothing of it is lost", () => {
  expect(fitToScreen(SENTENCE, 45)).toEqual([
    "It imports from iPhones that you approved: by",
    "a first rollcall import, or rollcall watch.",
  ]);
  for (let columns = 30; columns < 100; columns += 1) {
    const lines = fitToScreen(SENTENCE, columns);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.join(" ")).toBe(SENTENCE);
  }
});

test("what follows stands below the text, or below the last column of a row", () => {
  expect(fitToScreen("      what Rollcall.app starts when you log in", 36)).toEqual([
    "      what Rollcall.app starts when",
    "      you log in",
  ]);
  expect(fitToScreen("ok   space   staging 212 GB free, library 212 GB free", 40)).toEqual([
    "ok   space   staging 212 GB free,",
    "             library 212 GB free",
  ]);
  expect(fitToScreen("do:    Unlock it, and tap Trust when it asks.", 30, 7)).toEqual([
    "do:    Unlock it, and tap",
    "       Trust when it asks.",
  ]);
});

test("sentences that are set apart are no columns", () => {
  expect(fitToScreen('They are in "Last Import".   31 are in iCloud only.   Safe to unplug.', 40)).toEqual([
    'They are in "Last Import".   31 are in',
    "iCloud only.   Safe to unplug.",
  ]);
});

test("a path stays whole, with the spaces in it, also where it is longer than the screen", () => {
  const path = "~/Library/Application Support/Rollcall/receipts/2026-11-22 18.40 Anna's iPhone.html";
  expect(fitToScreen(`Receipt: ${path}`, 60)).toEqual(["Receipt:", path]);
  expect(fitToScreen("and ~/Applications/My Rollcall.app, which this Mac's osacompile makes", 40)).toEqual([
    "and ~/Applications/My Rollcall.app,",
    "which this Mac's osacompile makes",
  ]);
});

test("a row of a Markdown table stays whole, as the one that rollcall report prints", () => {
  const row = `| ${Array(20).fill("iPhone17,3").join(" | ")} |`;
  expect(fitToScreen(row, 80)).toEqual([row]);
});

test("words after a path that has no spaces are words", () => {
  expect(fitToScreen("not asked: ~/s is another usbmuxd than this computer's", 40)).toEqual([
    "not asked: ~/s is another usbmuxd than",
    "this computer's",
  ]);
});

test("letters that take two columns count as two", () => {
  expect(fitToScreen(`${"写真 ".repeat(8).trim()}`, 30)).toEqual([
    "写真 写真 写真 写真 写真 写真",
    "写真 写真",
  ]);
});
