import { expect, test } from "vitest";
import { statusOfError } from "../../src/cli/exit-status.js";
import { statusOfAnswers } from "../../src/cli/status-of-answers.js";
import { type ErrorCode, RollcallError } from "../../src/errors.js";
import { ANSWERS, type AnswerWord } from "../../src/receipt/answer.js";

test.each<[ErrorCode, number]>([
  ["BAD_USAGE", 2],
  ["BAD_CONFIG", 2],
  ["RECEIPT_NOT_FOUND", 2],
  ["RECEIPT_UNREADABLE", 2],
  ["RECEIPT_FROM_THE_FUTURE", 2],
  ["PHOTOS_NOT_PERMITTED", 4],
  ["LIBRARY_NOT_PERMITTED", 4],
  ["LIBRARY_UNREADABLE", 7],
  ["NO_PHONE", 5],
  ["SEVERAL_PHONES", 5],
  ["USBMUXD_ABSENT", 5],
  ["PHONE_LOCKED", 5],
  ["PHONE_NOT_TRUSTED", 5],
  ["PHONE_GONE", 5],
  ["PHONE_LIBRARY_UNREADABLE", 5],
  ["NOT_ENOUGH_SPACE", 6],
  ["DISK_FULL", 6],
  ["NOT_MACOS", 7],
  ["OSASCRIPT_ABSENT", 7],
  ["PHOTOS_LIBRARY_SWITCHED", 7],
  ["SCRIPT_FAILED", 7],
  ["ANOTHER_ROLLCALL", 8],
  ["LEDGER_DAMAGED", 1],
  ["FOLDER_NOT_WRITABLE", 1],
  ["FOLDER_NOT_OURS", 1],
  ["FOLDER_OF_OTHER_PHONE", 2],
  ["DECLINED", 1],
  ["BUG", 1],
])("%s ends a command with status %i", (code, status) => {
  expect(statusOfError(new RollcallError(code, { message: "m", remedy: "r" }), null)).toBe(status);
});

test("a stop ends with 130 after Ctrl-C and with 143 after SIGTERM", () => {
  const error = new RollcallError("STOPPED", { message: "m", remedy: "r" });
  expect(statusOfError(error, "SIGINT")).toBe(130);
  expect(statusOfError(error, "SIGTERM")).toBe(143);
});

test.each(ANSWERS)("one file that answers %s ends a run with 3 only if it is wrong", (word) => {
  const byAnswer = Object.fromEntries(ANSWERS.map((one) => [one, one === word ? 1 : 0])) as Record<
    AnswerWord,
    number
  >;
  const wrong: readonly AnswerWord[] = ["failed", "differs", "missing", "unknown"];
  expect(statusOfAnswers({ byAnswer })).toBe(wrong.includes(word) ? 3 : 0);
});

test("what Photos refused in earlier runs, and this one left alone, is said and is no news", () => {
  const none = Object.fromEntries(ANSWERS.map((one) => [one, 0])) as Record<AnswerWord, number>;
  expect(statusOfAnswers({ byAnswer: { ...none, failed: 2 }, refusedBefore: 2 })).toBe(0);
  expect(statusOfAnswers({ byAnswer: { ...none, failed: 3 }, refusedBefore: 2 })).toBe(3);
  expect(statusOfAnswers({ byAnswer: { ...none, failed: 2, missing: 1 }, refusedBefore: 2 })).toBe(3);
});
