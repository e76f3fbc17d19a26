import { expect, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import type { ReasonCode } from "../../src/reason-codes.js";
import { ANSWERS, type Answer } from "../../src/receipt/answer.js";
import { WIDEST_NAME, wordsOf } from "../../src/receipt/answer-words.js";
import { receiptHtml } from "../../src/receipt/receipt-html.js";
import { receiptText } from "../../src/receipt/receipt-text.js";
import { safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { safeToRemoveHtml } from "../../src/receipt/safe-to-remove-html.js";
import { answer, headOf, manyAnswers } from "./some-answers.js";

const CODES = {
  "set-aside": [
    "UNKNOWN_KIND",
    "HIDDEN_BY_NAME",
    "EMPTY_FILE",
    "EDIT_NOT_CARRIED",
    "EDIT_RECORD",
    "ADJUSTMENTS_WITHOUT_ORIGINAL",
  ],
  "not-chosen": ["NOT_SELECTED", "MARKED_BY_YOU", "EDITED_SINCE"],
} as Record<string, ReasonCode[]>;

/** Each answer with no reason, and with each of the reasons that have words of their own. */
const EACH: Answer[] = ANSWERS.flatMap((word) =>
  [null, ...(CODES[word] ?? [])].map((code, at) =>
    answer(`/DCIM/100APPLE/${word.toUpperCase().replaceAll("-", "")}${at}.JPG`, {
      answer: word,
      reason: code === null ? null : { code, message: "It is so.", remedy: "Nothing to do." },
      ...(at === 0 && { notInPhoneLibrary: true as const }),
    }),
  ),
);
const PLACES = [...EACH, ...manyAnswers(600)];

/** What a browser shows of it: no script, no style, no tag; what is read aloud in place of a drawing, too. */
const shownOf = (page: string) => {
  const labels = [...page.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
  const text = page.replaceAll(/<(style|script)(?![^>]*data-photos)[^>]*>[\s\S]*?<\/\1>/g, "");
  return [...labels, text.replaceAll(/<[^>]*>/g, " ")].join("\n");
};

const TOKENS = /\b(?:not-chosen|in-trash|in-icloud|in-icloud-only|set-aside)\b/;

test.each([
  ["the text", () => [...receiptText(headOf(PLACES), () => PLACES, commandWords)].join("")],
  [
    "the page",
    () => shownOf([...receiptHtml(headOf(PLACES), () => PLACES, { words: commandWords })].join("")),
  ],
  [
    "the page whose photos are kept as data",
    () => {
      const answers = [...manyAnswers(600), ...EACH];
      return shownOf([...receiptHtml(headOf(answers), () => answers, { words: commandWords })].join(""));
    },
  ],
  [
    "the page of what may leave",
    () => {
      const known = {
        checkedFrom: new Date(0),
        isAsLastSeen: () => true,
        later: [],
        cloud: "unused",
      } as const;
      return shownOf(
        [...safeToRemoveHtml(headOf(EACH), safeToRemove(EACH, known), { words: commandWords })].join(""),
      );
    },
  ],
])("%s has words for each answer, and no word for programs", (_what, textOf) => {
  const text = textOf();
  expect(text).not.toMatch(TOKENS);
  expect(text).toContain("Recently Deleted");
});

test("a text is not a photo, and an edit that was left is never called that", () => {
  const named = (word: Answer["answer"], code: ReasonCode) =>
    wordsOf({ answer: word, reason: { code, message: "", remedy: "" } }).name;
  expect(named("set-aside", "UNKNOWN_KIND")).toBe("not a photo");
  expect(named("set-aside", "EDIT_NOT_CARRIED")).toBe("edit left");
  expect(named("not-chosen", "EDITED_SINCE")).toBe("edit left");
  expect(named("not-chosen", "NOT_SELECTED")).toBe("left out by you");
  expect(wordsOf({ answer: "in-trash", reason: null }).name).toBe("Recently Deleted");
});

test("the names stand in a column of the text, and no path runs into one", () => {
  const lines = [...receiptText(headOf(EACH), () => EACH, commandWords)].join("").split("\n");
  const paths = lines.filter((line) => line.includes("/DCIM/")).map((line) => line.indexOf("/DCIM/"));
  expect(paths).toHaveLength(EACH.length);
  expect(new Set(paths)).toEqual(new Set([WIDEST_NAME + 1]));
});

test("what the phone's library does not know is listed on the page, at most a hundred one by one", () => {
  const strangers = Array.from({ length: 103 }, (_, at) =>
    answer(`/DCIM/100APPLE/IMG_${1000 + at}.JPG`, { notInPhoneLibrary: true }),
  );
  const answers = [answer("/DCIM/100APPLE/IMG_0001.JPG"), ...strangers];
  const page = [...receiptHtml(headOf(answers), () => answers, { words: commandWords })].join("");
  const section = /<section aria-labelledby="strangers">[\s\S]*?<\/section>/.exec(page)?.[0] ?? "";
  expect(section).toContain("103 photos are unknown to the phone&#39;s photo library");
  expect(section).toContain("/DCIM/100APPLE/IMG_1000.JPG");
  expect(section).not.toContain("IMG_0001");
  expect(section).toContain("And 3 more.");
  expect(page.match(/the phone&#39;s photo library does not know it/g)).toHaveLength(103);
});
