import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Answer } from "../../src/receipt/answer.js";
import { readAnswerLines, writeAnswerLines } from "../../src/receipt/answer-lines.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-answers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function answer(path: string): Answer {
  return {
    path,
    sizeBytes: 1,
    modifiedAt: null,
    item: path,
    answer: "set-aside",
    thisRun: false,
    sha256: null,
    photosId: null,
    checkedAt: null,
    evidence: [],
    reason: null,
  };
}

test("answers come back as they were called, whatever their names, and wherever a letter is cut in two", () => {
  const names = [
    "plain",
    "two\nlines",
    '    {"path": "no answer"},',
    "ends in a comma,",
    "\u2028",
    "🏔️".repeat(99),
  ];
  // Some 200 KB, so that several pieces are read, each beginning at another byte of a letter.
  const answers = Array.from({ length: 600 }, (_, at) =>
    answer(`/DCIM/${"é".repeat(at % 7)}${names[at % 6]}`),
  );
  const path = join(folder, "answers");
  writeAnswerLines(path, answers);
  expect(statSync(path).size).toBeGreaterThan(2 * 65_536);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect([...readAnswerLines(path)]).toEqual(answers);
});

test("no answer is no line, and a file that is there already is not written over", () => {
  const path = join(folder, "answers");
  writeAnswerLines(path, []);
  expect([...readAnswerLines(path)]).toEqual([]);
  writeFileSync(join(folder, "somebody's"), "text");
  expect(() => writeAnswerLines(join(folder, "somebody's"), [])).toThrow(/EEXIST/);
});
