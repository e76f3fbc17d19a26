import fc from "fast-check";
import { expect, test } from "vitest";
import { ANSWERS, type Answer } from "../../src/receipt/answer.js";
import { type KnownToday, safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { answer, proved } from "./some-answers.js";

const numRuns = Number(process.env.ROLLCALL_TEST_CASES ?? 100);
const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);
const today = new Date("2026-11-22T18:00:00Z");
const nothingElse: KnownToday = { checkedFrom: today, isAsLastSeen: () => true, later: [] };
const still = answer("/DCIM/100APPLE/IMG_0001.HEIC", proved);
const film = answer("/DCIM/100APPLE/IMG_0001.MOV", { ...proved, item: still.item, sha256: "b".repeat(64) });
const edit = {
  code: "EDITED_SINCE",
  message: "edited on the phone after its original was brought",
  remedy: "--edits",
};

const outcome = (answers: Answer[], known: Partial<KnownToday> = {}) => {
  const { safe, staying } = safeToRemove(answers, { ...nothingElse, ...known });
  return { safe: safe.map((files) => files.length), why: staying.map(({ reason }) => reason.code) };
};

test("a photo whose every file is proved today may leave", () => {
  expect(outcome([still, film])).toEqual({ safe: [2], why: [] });
});

test.each<[string, Answer[], Partial<KnownToday>, string]>([
  ["its film is only listed", [still, { ...film, answer: "present" }], {}, "NOT_READ"],
  [
    "it was edited on the phone since",
    [
      still,
      { ...film, path: "/DCIM/100APPLE/IMG_E0001.HEIC", answer: "not-chosen", sha256: null, reason: edit },
    ],
    {},
    "EDITED_SINCE",
  ],
  [
    "it was marked and never read",
    [{ ...still, answer: "not-chosen", sha256: null, reason: { ...edit, code: "MARKED_BY_YOU" } }],
    {},
    "MARKED_BY_YOU",
  ],
  ["it was deleted in Photos", [{ ...still, answer: "removed" }], {}, "REMOVED"],
  ["its bytes differ", [still, { ...film, answer: "differs" }], {}, "DIFFERS"],
  [
    "it could not be read again today",
    [{ ...still, checkedAt: "2026-11-22T17:59:59.000Z" }],
    {},
    "NOT_READ_TODAY",
  ],
  ["nobody knows when it was read", [{ ...still, checkedAt: null }], {}, "NOT_READ_TODAY"],
  [
    "the phone holds another file under its name by now",
    [still],
    { isAsLastSeen: () => false },
    "CHANGED_SINCE",
  ],
  [
    "a later receipt knows an edit of it",
    [still],
    { later: [{ ...film, answer: "not-chosen", sha256: null, reason: edit }] },
    "LATER_RECEIPT",
  ],
  ["a later receipt knows another file of it", [still], { later: [{ ...still }, film] }, "LATER_RECEIPT"],
  [
    "a later receipt knows other bytes of it",
    [still],
    { later: [{ ...still, sha256: "c".repeat(64) }] },
    "LATER_RECEIPT",
  ],
])("it stays when %s", (_title, answers, known, why) => {
  expect(outcome(answers, known)).toEqual({ safe: [], why: [why] });
});

test("a later receipt that proves the same bytes is no doubt", () => {
  expect(outcome([still, film], { later: [still, film] })).toEqual({ safe: [2], why: [] });
});

test(`whatever the answers are: each photo is on one list, and none with an unproved file on the first (seed ${seed})`, () => {
  const file = fc.record({
    item: fc.constantFrom("/DCIM/a", "/DCIM/b", "/DCIM/c"),
    answer: fc.constantFrom(...ANSWERS),
    sha256: fc.option(fc.constantFrom("a".repeat(64), "b".repeat(64))),
    checkedAt: fc.constantFrom("2026-11-22T18:30:00.000Z", "2026-11-20T18:30:00.000Z", null),
  });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 8 }), fc.array(file, { maxLength: 2 }), (files, later) => {
      const numbered = (all: typeof files) => all.map((one, at) => answer(`/DCIM/100APPLE/${at}`, one));
      const answers = numbered(files);
      const { safe, staying } = safeToRemove(answers, { ...nothingElse, later: numbered(later) });
      expect(safe.flat().length + staying.flatMap((one) => one.files).length).toBe(answers.length);
      const doubted = new Set<string>(later.filter((one) => one.answer !== "proved").map(({ item }) => item));
      expect(new Set([...safe, ...staying.map((one) => one.files)].map(([{ item }]) => item)).size).toBe(
        safe.length + staying.length,
      );
      for (const [first, ...rest] of safe) {
        expect(doubted.has(first.item)).toBe(false);
        for (const one of [first, ...rest]) {
          expect(one.answer).toBe("proved");
          expect(one.sha256).not.toBeNull();
          expect(new Date(one.checkedAt!) >= today).toBe(true);
        }
      }
    }),
    { seed, numRuns },
  );
});
