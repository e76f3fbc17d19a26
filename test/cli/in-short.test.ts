import { describe, expect, test } from "vitest";
import type { PlanTotals } from "../../src/cli/commands/plan/lines.js";
import { recheckLines } from "../../src/cli/commands/verify/lines.js";
import { errorInShort } from "../../src/cli/terminal/error-lines.js";
import { folderInShort, planInShort, recheckInShort, runInShort } from "../../src/cli/terminal/in-short.js";
import { RollcallError } from "../../src/errors.js";
import type { Answer } from "../../src/receipt/answer.js";
import { answer, headOf } from "./answers.js";

const RECEIPT = "/data/receipt.txt";
const run = (...answers: readonly Answer[]) => runInShort(headOf(answers), answers, RECEIPT);
const many = (number: number, word: Answer["answer"], more: Partial<Answer> = {}) =>
  Array.from({ length: number }, (_, at) => answer(`/DCIM/${word}/${at}`, word, more));
const reason = {
  code: "PHOTOS_LEFT_OUT" as const,
  message: "the phone stopped sending",
  remedy: "Use another cable.",
};

describe("a run in one line", () => {
  test("is what came, how well that is known, and what is only in iCloud", () => {
    const inICloud = many(3, "in-icloud-only", { thisRun: false });
    expect(run(...many(412, "proved"), ...inICloud)).toEqual({
      summary: "412 new photos, all proved, 3 in iCloud only",
      receiptPath: RECEIPT,
    });
  });

  test("says why nothing came where iCloud Photos is to import it", () => {
    expect(run(...many(3, "in-icloud", { thisRun: false })).summary).toBe(
      "3 new photos were NOT imported: the phone keeps them in iCloud Photos",
    );
  });

  test("claims no proof where nothing was read, or not everything", () => {
    expect(run(...many(2, "present")).summary).toBe("2 new photos, all read back");
    expect(run(...many(2, "proved"), ...many(1, "present")).summary).toBe("3 new photos, all read back");
  });

  test("of one photo, and of none", () => {
    expect(run(answer("/DCIM/1", "proved")).summary).toBe("1 new photo, proved");
    expect(run(...many(2, "proved", { thisRun: false })).summary).toBe("Nothing new on Anna's iPhone");
  });

  test("says how many went wrong, and the remedy where one serves all", () => {
    expect(run(...many(4, "proved"), ...many(2, "failed", { reason }))).toEqual({
      summary: "4 new photos, all proved, 2 photos not as they should be",
      remedy: "Use another cable.",
      receiptPath: RECEIPT,
    });
  });

  test("leads to the receipt where the remedies differ, or not all of them were seen", () => {
    const other = answer("/DCIM/x", "unknown", { reason: { ...reason, remedy: "Look in Photos." } });
    const elsewhere = "The receipt names each of them, and says what to do.";
    expect(run(...many(1, "failed", { reason }), other).remedy).toBe(elsewhere);
    expect(run(...many(33, "failed", { reason })).remedy).toBe(elsewhere);
    expect(run(...many(2, "failed")).remedy).toBe(elsewhere);
  });

  test("is one line, whatever the phone is called", () => {
    const head = { ...headOf([]), phone: { ...headOf([]).phone, name: "An\nna\u001b[2J" } };
    const { summary } = runInShort(head, [], null);
    expect(summary).toBe("Nothing new on An\ufffdna\ufffd[2J");
    expect(JSON.stringify(summary), "no escape within an escape").not.toContain("\\");
  });
});

test("a roll that is called again says what is still there, and what is not", () => {
  const answers = [...many(3, "proved"), ...many(1, "present"), ...many(1, "missing", { reason })];
  const whole = { answers, lookedAt: answers, looked: { items: 5, of: 5 } };
  expect(recheckInShort(whole, RECEIPT)).toEqual({
    summary: "3 photos proved, 1 photo listed by Photos, 1 photo not as it should be",
    remedy: "Use another cable.",
    receiptPath: RECEIPT,
  });
  const none = { answers: [], lookedAt: [], looked: { items: 0, of: 0 } };
  expect(recheckInShort(none, RECEIPT).summary).toBe("Nothing of this run could be checked");
});

test("a part of a roll that is called again speaks of that part", () => {
  const answers = many(222, "proved");
  const part = { answers, lookedAt: answers.slice(0, 2), looked: { items: 2, of: 222 } };
  expect(recheckInShort(part, RECEIPT).summary).toBe("2 photos proved (looked at 2 of 222 photos)");
  const nothing = { answers, lookedAt: [], looked: { items: 0, of: 222 } };
  expect(recheckInShort(nothing, RECEIPT).summary).toBe("Nothing was looked at");
  const one = [answer("/a.JPG", "present")];
  const listed = { answers: one, lookedAt: one, looked: { items: 1, of: 1 } };
  expect(recheckInShort(listed, RECEIPT).summary).toBe("1 photo listed by Photos");
  expect(recheckInShort(listed, RECEIPT, "folder").summary).toBe("1 photo there, bytes not read");
  const copy = { ...headOf(one), destination: { kind: "folder", path: "/copies" } } as const;
  expect(recheckLines(copy, listed)[0]).toBe("1 photo there, bytes not read.");
});

test.each([
  [2, "Looked for 2 photos: all lie in Recently Deleted of the library."],
  [1, "Looked for 1 photo: it lies in Recently Deleted of the library."],
])("%i photos of a run that were deleted in Photos are said to lie in Recently Deleted", (number, said) => {
  const inTrash = { code: "TRASHED_IN_PHOTOS" as const, message: "in Recently Deleted", remedy: "" };
  const answers = many(number, "removed", { reason: inTrash });
  const looked = { answers, lookedAt: answers, looked: { items: number, of: number } };
  expect(recheckLines(headOf(answers), looked)[0]).toBe(said);
});

test("a folder without a receipt says how many of its files are as its list has them", () => {
  const fine = { ok: 283, missing: 0, changed: 0, unreadable: 0 };
  expect(folderInShort(fine)).toEqual({ summary: "283 files proved" });
  expect(folderInShort({ ...fine, missing: 1, changed: 2 })).toEqual({
    summary: "283 files proved, 3 not as they should be",
    remedy: expect.stringContaining("rollcall verify"),
  });
});

test("a plan says what would come, and from which phone", () => {
  const inICloud = 0;
  const totals = {
    toImport: { items: 215, files: 284, bytes: 750_000 },
    retried: 0,
    gone: 0,
    wrong: 0,
    inICloud,
    inICloudOnly: 1,
  } as PlanTotals;
  expect(planInShort(totals, "Anna's iPhone")).toEqual({
    summary: "215 new photos on Anna's iPhone, 750 kB, 1 in iCloud only",
  });
  const none = { items: 0, files: 0, bytes: 0 };
  const lost = { retried: 0, gone: 0, wrong: 0 };
  const nothing = { toImport: none, ...lost, notChosen: 0, inICloud, inICloudOnly: 0 } as PlanTotals;
  expect(planInShort(nothing, "Anna's iPhone").summary).toBe("Nothing new on Anna's iPhone");
  expect(planInShort(nothing, "An\nna\u202e").summary).toBe("Nothing new on An\ufffdna\ufffd");
  expect(planInShort({ ...nothing, notChosen: 222 }, "Anna's iPhone").summary).toBe(
    "Nothing new on Anna's iPhone fits your selection; 222 photos are left out by it",
  );
  const refused = { ...nothing, toImport: { ...none, items: 1 }, retried: 1 };
  expect(planInShort(refused, "Anna's iPhone").summary).toBe(
    "Nothing new on Anna's iPhone, 1 that was refused before",
  );
  expect(planInShort({ ...nothing, gone: 1, wrong: 1 }, "Anna's iPhone").summary).toBe(
    "Nothing new on Anna's iPhone, 2 not in Photos any more",
  );
  const leftToICloud = { items: 900, files: 950, seen: 3, usesICloud: true, isChosen: false, why: null };
  const left = { ...nothing, leftToICloud };
  expect(planInShort(left, "Anna's iPhone")).toEqual({
    summary: "900 new photos (950 files) on Anna's iPhone stay with iCloud Photos",
    remedy: expect.stringContaining("rollcall import --icloud import"),
  });
  // Nobody there can give a flag.
  expect(planInShort(left, "Anna's iPhone", "shortcuts").remedy).toContain(
    "rollcall config set icloud import",
  );
  const chosen = { ...nothing, leftToICloud: { ...leftToICloud, isChosen: true } };
  expect(planInShort(chosen, "Anna's iPhone").remedy).toBeUndefined();
});

test("an error is its message and its remedy; a key is absent where there is nothing to do", () => {
  const error = (remedy: string) => new RollcallError("NO_PHONE", { message: "There is no iPhone.", remedy });
  expect(errorInShort(error("Plug it in."))).toEqual({
    summary: "There is no iPhone.",
    remedy: "Plug it in.",
  });
  expect(errorInShort(error(""))).toEqual({ summary: "There is no iPhone." });
});
