import { expect, test } from "vitest";
import { statusOfError } from "../../src/cli/process/exit-status.js";
import { statusOfAnswers } from "../../src/cli/process/status-of-answers.js";
import { type ErrorCode, RollcallError } from "../../src/errors.js";
import { ANSWERS, type AnswerWord } from "../../src/receipt/answer.js";

/** Every code has its status here, too: one that is added does not compile without. */
const STATUSES = {
  NO_PHONE: 5,
  PHONE_NOT_FOUND: 5,
  SEVERAL_PHONES: 5,
  USBMUXD_ABSENT: 5,
  USBMUXD_TROUBLE: 5,
  PHONE_LOCKED: 5,
  PHONE_NOT_TRUSTED: 5,
  PHONE_TRUST_PENDING: 5,
  PHONE_TRUST_REFUSED: 5,
  PHONE_TRUST_LOST: 5,
  PHONE_NOT_PROVED: 5,
  PHONE_CABLE_ONLY: 5,
  PHONE_NETWORK_ONLY: 5,
  PHONE_BUSY: 5,
  PHONE_SILENT: 5,
  PHONE_REFUSED: 5,
  PHONE_GONE: 5,
  PHONE_PROTOCOL: 5,
  PHONE_LIBRARY_UNREADABLE: 5,
  PHONE_NOT_APPROVED: 5,
  NOT_MACOS: 7,
  PHOTOS_NOT_PERMITTED: 4,
  PHOTOS_UNAVAILABLE: 7,
  PHOTOS_LIBRARY_SWITCHED: 7,
  LIBRARY_UNREADABLE: 7,
  LIBRARY_NOT_PERMITTED: 4,
  OSASCRIPT_ABSENT: 7,
  SCRIPT_FAILED: 7,
  NOT_ENOUGH_SPACE: 6,
  DISK_FULL: 6,
  FOLDER_NOT_WRITABLE: 1,
  FOLDER_NOT_OURS: 1,
  FOLDER_OF_OTHER_PHONE: 2,
  SETUP_FAILED: 1,
  LEDGER_DAMAGED: 1,
  LEDGER_FROM_THE_FUTURE: 1,
  ANOTHER_ROLLCALL: 8,
  BAD_USAGE: 2,
  BAD_CONFIG: 2,
  NO_SUCH_ALBUM: 2,
  NO_SUCH_FOLDER: 2,
  RECEIPT_NOT_FOUND: 2,
  RECEIPT_UNREADABLE: 2,
  RECEIPT_FROM_THE_FUTURE: 2,
  DECLINED: 1,
  BUG: 1,
  STOPPED: 130,
} as const satisfies Record<ErrorCode, number>;

test.each(Object.entries(STATUSES) as [ErrorCode, number][])(
  "%s ends a command with status %i",
  (code, status) => {
    expect(statusOfError(new RollcallError(code, { message: "m", remedy: "r" }), null)).toBe(status);
  },
);

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
