import { expect, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { REASONS } from "../../src/plan/decision.js";
import type { Answer } from "../../src/receipt/answer.js";
import { receiptHtml } from "../../src/receipt/receipt-html.js";
import { receiptText } from "../../src/receipt/receipt-text.js";
import { answer, failed, headOf, proved } from "./some-answers.js";

const photo = (number: number, changes: Partial<Answer> = {}) =>
  answer(`/DCIM/100APPLE/IMG_000${number}.JPG`, changes);
const before = { thisRun: false } as const;
const leftOut = { ...before, answer: "not-chosen", reason: REASONS.notSelected } as const;
const itProved = "proved: the bytes in Photos are the bytes from the phone.";
const refused = { ...failed, reason: { ...failed.reason, code: "REFUSED_BEFORE" as const } };

/** What came, as one sentence; and what is wrong, where something is. */
const SUMS: readonly [string, Answer[], string, string?][] = [
  ["one photo", [photo(1, proved)], `1 new photo, ${itProved}`],
  [
    "a proved one, where an earlier run imported one that is listed only",
    [photo(1, proved), photo(2, before)],
    `1 new photo, ${itProved}`,
  ],
  [
    "a listed one, where all of the earlier ones are proved",
    [photo(1), photo(2, { ...proved, ...before }), photo(3, { ...proved, ...before })],
    "1 new photo, read back: Photos lists it under its id with the name it was given.",
  ],
  [
    "one of each",
    [photo(1), photo(2, proved)],
    "2 new photos, 1 photo proved: the bytes in Photos are the bytes from the phone; 1 is listed by Photos",
  ],
  ["none", [photo(1, { ...proved, ...before })], "Nothing new on Anna's iPhone."],
  [
    "none that fits the selection",
    [photo(1, leftOut), photo(2, leftOut), photo(3, { ...proved, ...before })],
    "Nothing new on Anna's iPhone fits your selection; 2 photos are left out by it.",
  ],
  [
    "one, and one did not",
    [photo(1, proved), photo(2, failed)],
    `1 new photo, ${itProved}`,
    "1 photo did not arrive (1 file).",
  ],
  [
    "none, and one did not",
    [photo(2, failed)],
    "Nothing new came from Anna's iPhone.",
    "1 photo did not arrive (1 file).",
  ],
  ["none, and one was refused long ago", [photo(2, refused)], "Nothing new on Anna's iPhone."],
];

test.each(SUMS)(
  "screen, text and page say the same of a run that imported %s",
  (_what, answers, came, wrong) => {
    const head = headOf(answers);
    const screen = summaryLines(head, answers, null);
    const [text] = [...receiptText(head, () => answers, commandWords)].join("").split("\n");
    const page = [...receiptHtml(head, () => answers, { words: commandWords })].join("");
    const heading = /<h1>(.*)<\/h1>/.exec(page)?.[1]?.replaceAll("&#39;", "'");
    expect(screen.find((line) => line.includes(came))).toBeDefined();
    expect(screen.find((line) => line.startsWith("error: "))).toBe(wrong && `error: ${wrong}`);
    expect(text).toContain(came);
    expect(text!.indexOf(wrong ?? came)).toBe(0);
    expect(heading).toBe(text);
  },
);
