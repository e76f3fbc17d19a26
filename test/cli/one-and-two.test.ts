import { expect, test } from "vitest";
import { type PlanTotals, planLines } from "../../src/cli/commands/plan/lines.js";
import { removalLines } from "../../src/cli/commands/receipts/safe-to-remove-lines.js";
import { folderLines, otherLines } from "../../src/cli/commands/verify/folder-lines.js";
import { recheckLines } from "../../src/cli/commands/verify/lines.js";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import type { LeftToICloud } from "../../src/plan/icloud-look.js";
import type { PhoneSide } from "../../src/plan/phone-side.js";
import type { ReasonCode } from "../../src/reason-codes.js";
import type { Answer } from "../../src/receipt/answer.js";
import { leftRemedy, leftSentence, lookSentence } from "../../src/receipt/left-to-icloud.js";
import { extraCopiesLine, notInPhoneLibrary, otherSizes } from "../../src/receipt/receipt-text.js";
import { answer, headOf } from "./answers.js";

const NO_PARTS = { liveVideos: 0, raws: 0, edits: 0 };
const NOTHING: PlanTotals = {
  items: 0,
  toImport: { items: 0, files: 0, bytes: 0 },
  retried: 0,
  perhapsKnown: 0,
  already: 0,
  gone: 0,
  wrong: 0,
  unknown: 0,
  refused: 0,
  editedSince: 0,
  markedByYou: 0,
  notChosen: 0,
  hidden: 0,
  inICloud: 0,
  inICloudOnly: 0,
  unreadable: 0,
  outsideDcim: 0,
  inTrash: 0,
  setAside: 0,
  editsNotCarried: 0,
  editFilesNotCarried: 0,
  partsInICloudOnly: NO_PARTS,
  partsMissing: NO_PARTS,
  otherSizes: 0,
  phone: null,
};
const SIDE = {
  shown: 0,
  hidden: 0,
  trashed: 0,
  burstFrames: 0,
  notInLibrary: 0,
  unreadable: 0,
  apart: 0,
  unexplained: 0,
  inSharedLibrary: 0,
  ofOthers: 0,
} as PhoneSide;

const plan = (totals: Partial<PlanTotals>) =>
  planLines({ ...NOTHING, ...totals }, "Anna", { into: "Photos", cableBitsPerSecond: null }).join("\n");
const run = (number: number, word: Answer["answer"], more: Partial<Answer> = {}) => {
  const answers = Array.from({ length: number }, (_, at) => answer(`/DCIM/${at}.JPG`, word, more));
  return summaryLines(headOf(answers), answers, null).join("\n");
};
const because = (code: ReasonCode) => ({ reason: { code, message: "x", remedy: "y" } });
const left = (items: number, seen: number | null): LeftToICloud => ({
  items,
  files: items,
  seen,
  usesICloud: seen === null ? null : true,
  isChosen: false,
  why: null,
});
const copies = (number: number) =>
  Array.from({ length: number }, () => ({
    photosId: "x",
    name: "a.jpg",
    path: "/DCIM/a.jpg",
    album: { id: "a", name: "Extra" },
  }));

const NO_FILES = { missing: [], changed: [], unreadable: [], extra: [] };
const places = (number: number) => Array.from({ length: number }, (_, at) => `DCIM/${at}.JPG`);
const rechecked = (number: number, word: Answer["answer"], more: Partial<Answer> = {}, others = 0) => {
  const answers = places(number).map((path) => answer(`/${path}`, word, { ...more, thisRun: false }));
  const looked = { items: number, of: number + others };
  return recheckLines(headOf(answers), { answers, lookedAt: answers, looked }).join("\n");
};
const removal = (safe: number, staying: number, part: string | null = null) => {
  const photos = (count: number) => places(count).map((path) => [answer(`/${path}`, "proved")] as const);
  const reason = { code: "COPY_DIFFERS", message: "it was not read.", remedy: "" } as const;
  const stay = photos(staying).map((files) => ({ files, part, reason }));
  const all = { safe: photos(safe), staying: stay, others: [] };
  return [...removalLines(headOf([]), all, true)].join("\n");
};

/** What is said of so many, and what stands in it of one and of two. */
const SENTENCES: readonly [string, (number: number) => string, one: string, two: string][] = [
  ["proved", (n) => run(n, "proved"), "1 new photo, proved", "2 new photos, all proved"],
  ["listed", (n) => run(n, "present"), "Photos lists it under", "all read back: Photos lists each under"],
  [
    "not known",
    (n) => run(n, "unknown"),
    "1 photo did not arrive, or could not be found as it was",
    "as they were",
  ],
  [
    "referred to",
    (n) => run(n, "present", because("REFERENCED")),
    "a reference to 1 file, no copy: the staged file is the photo. Do not delete it",
    "references to 2 files, no copies: the staged files are the photos. Do not delete them",
  ],
  [
    "edits that stay, said once",
    (n) => run(n, "set-aside", because("EDIT_NOT_CARRIED")).replace(/^(?!.*Not imported)/, "once: "),
    "once: Nothing new on Anna's iPhone. 1 edit stays on the phone",
    "2 edits stay on the phone",
  ],
  [
    "other files",
    (n) => run(n, "set-aside", because("UNKNOWN_KIND")),
    "Not imported: 1 file that is not a photo or video.",
    "Not imported: 2 files that are not photos or videos.",
  ],
  ["unknown to the phone", notInPhoneLibrary, "1 photo is", "2 photos are"],
  ["of another size", otherSizes, "of it.", "of them."],
  ["extra copies", (n) => extraCopiesLine(copies(n)), "of an edited photo, which", "They are in"],
  ["left, all there", (n) => leftSentence(left(n, n)), "looks like it has it", "has all of them"],
  ["left, none there", (n) => lookSentence(left(n, 0)), "does not have it,", "has none of them,"],
  ["left, not looked", (n) => lookSentence(left(n, null)), "checked for it", "checked for them"],
  ["left, what to do", (n) => inCommandWords(leftRemedy(left(n, 0)) ?? ""), "imports it ", "imports them "],
  ["hidden", (n) => plan({ hidden: n }), "imports it", "imports them"],
  ["gone", (n) => plan({ gone: n }), "--retry imports it again", "--retry imports them again"],
  ["missing", (n) => plan({ wrong: n }), "its bytes", "their bytes"],
  ["in doubt", (n) => plan({ unknown: n }), "whether it is in", "whether they are in"],
  ["refused", (n) => plan({ refused: n }), "refused it ", "refused them "],
  ["edited since", (n) => plan({ editedSince: n }), "its original was", "their originals were"],
  ["not chosen", (n) => plan({ notChosen: n }), "leaves it out", "leaves them out"],
  ["in iCloud Photos", (n) => plan({ inICloud: n }), "stays there", "stay there"],
  [
    "planned edits, said once",
    (n) =>
      plan({ setAside: n, editsNotCarried: n, editFilesNotCarried: n }).replace(/not photos?/, "said twice"),
    "  1 edit stays on the phone, which",
    "  2 edits stay on the phone, which",
  ],
  [
    "planned files",
    (n) => plan({ setAside: n }),
    "1 file that is not a photo",
    "2 files that are not photos",
  ],
  [
    "parts that Photos would take for a photo",
    (n) => plan({ phone: { ...SIDE, apart: n } }),
    "1 part of a photo that Photos would take for a photo",
    "2 parts of photos that Photos would take for a photo",
  ],
  ["checked", (n) => rechecked(n, "proved"), "1 photo proved to the byte", "2 photos proved to the byte"],
  ["not checked", (n) => rechecked(3, "proved", {}, n), "the other one keeps", "the others keep"],
  ["not there", (n) => rechecked(n, "missing"), "it is not there", "none is there"],
  ["gone from the library", (n) => rechecked(n, "removed"), "it is not in the library", "none is in the"],
  [
    "in Recently Deleted",
    (n) => rechecked(n, "removed", because("TRASHED_IN_PHOTOS")),
    "it lies in Recently Deleted",
    "all lie in Recently Deleted",
  ],
  [
    "copied files",
    (n) => folderLines({ ...NO_FILES, ok: n }).join(),
    "it is there, with",
    "all are there, with",
  ],
  [
    "copied files that are wrong",
    (n) => folderLines({ ...NO_FILES, ok: 0, changed: places(n) }).join(),
    "1 file: it is not as copied.",
    "of 2 files 2 are not as copied.",
  ],
  [
    "copied files that come again",
    (n) => folderLines({ ...NO_FILES, ok: 3, missing: places(n) }).join(),
    "still has it, rollcall copy copies it again",
    "still has them, rollcall copy copies them again",
  ],
  [
    "files beside a copy",
    (n) => folderLines({ ...NO_FILES, ok: 1, extra: places(n) }).join(),
    "file lies",
    "files lie",
  ],
  [
    "files of earlier copies",
    (n) => otherLines({ ...NO_FILES, ok: n }, "Anna").join(),
    "it is there, with",
    "all are there, with",
  ],
  ["photos that may leave", (n) => removal(n, 0), "every byte of it was", "every byte of them was"],
  ["photos that stay", (n) => removal(0, n), "1 photo stays: ", "2 photos stay, each because: "],
  [
    "photos that stay because of a part",
    (n) => removal(0, n, "/DCIM/x.AAE"),
    "1 photo stays because of another file",
    "2 photos stay because of another file",
  ],
];

test.each(SENTENCES)("one and two agree with what is said of them: %s", (_what, say, one, two) => {
  expect(say(1)).toContain(one);
  expect(say(2)).toContain(two);
  expect(say(2)).not.toContain(one);
  expect(`${say(1)}${say(2)}`).not.toMatch(/set aside|said twice/);
});

test("of extra copies the receipt says how many the album holds", () => {
  const [first, second] = copies(2);
  const loose = { ...second!, album: null };
  expect(extraCopiesLine([first!, loose])).toContain("1 of them is in the album");
  expect(extraCopiesLine([first!, first!, loose])).toContain("2 of them are in the album");
  expect(extraCopiesLine([loose, loose])).not.toContain("album");
});
