import fc from "fast-check";
import { expect, test } from "vitest";
import { ANSWERS, type Answer } from "../../src/receipt/answer.js";
import { type KnownToday, mayLeave, safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { phoneCloud } from "../../src/receipt/why-it-stays.js";
import { assertRandom, casesOr, seed } from "../random-cases.js";
import { answer, failed, proved as provedBytes } from "./some-answers.js";

const numRuns = casesOr(100);
const today = new Date("2026-11-22T18:00:00Z");
const proved = { ...provedBytes, evidence: ["database", "sha256"] } as const;
const nothingElse: KnownToday = {
  checkedFrom: today,
  isAsLastSeen: () => true,
  later: [],
  cloud: "unused",
};
const still = answer("/DCIM/100APPLE/IMG_0001.HEIC", proved);
const video = answer("/DCIM/100APPLE/IMG_0001.MOV", { ...proved, item: still.item, sha256: "b".repeat(64) });
const edit = {
  code: "EDITED_SINCE" as const,
  message: "edited on the phone after its original was imported",
  remedy: "--reimport-edited",
};

const outcome = (answers: Answer[], known: Partial<KnownToday> = {}) => {
  const { safe, staying } = safeToRemove(answers, { ...nothingElse, ...known });
  return { safe: safe.map((files) => files.length), why: staying.map(({ reason }) => reason.code) };
};

test("a photo whose every file is proved today may leave", () => {
  expect(outcome([still, video])).toEqual({ safe: [2], why: [] });
});

test.each<[string, Answer[], Partial<KnownToday>, string]>([
  ["its video is only listed", [still, { ...video, answer: "present" }], {}, "NOT_READ"],
  [
    "it was edited on the phone since",
    [
      still,
      { ...video, path: "/DCIM/100APPLE/IMG_E0001.HEIC", answer: "not-chosen", sha256: null, reason: edit },
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
  ["its bytes differ", [still, { ...video, answer: "differs" }], {}, "DIFFERS"],
  [
    "it could not be read again today",
    [{ ...still, checkedAt: "2026-11-22T17:59:59.000Z" }],
    {},
    "NOT_READ_TODAY",
  ],
  [
    "the library's database was not read, and it may lie in Recently Deleted there",
    [still, { ...video, evidence: ["sha256"] }],
    {},
    "NOT_SEEN_LISTED",
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
    { later: [{ ...video, answer: "not-chosen", sha256: null, reason: edit }] },
    "LATER_RECEIPT",
  ],
  [
    "the phone's library gives it another size, also where a later check forgot why",
    [{ ...still, sizeSaidBytes: 4_000_000 }],
    {},
    "SIZE_NOT_AS_SAID",
  ],
  ["a later receipt knows another file of it", [still], { later: [{ ...still }, video] }, "LATER_RECEIPT"],
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
  expect(outcome([still, video], { later: [still, video] })).toEqual({ safe: [2], why: [] });
});

const aside = (path: string, changes: Partial<Answer> = {}): Answer =>
  answer(path, {
    ...failed,
    answer: "set-aside",
    reason: { code: "UNKNOWN_KIND", message: "Its name does not end like that of a photo.", remedy: "" },
    ...changes,
  });
const FOLDER = "/DCIM/100APPLE";
const MUTATION = "/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments";
const duplicate = answer(`${FOLDER}/IMG_0001.PNG`, proved);

test.each<[string, Answer[]]>([
  ["its rendering was set aside", [still, aside(`${MUTATION}/FullSizeRender.heic`, { item: still.item })]],
  ["its recipe was set aside", [still, aside(`${FOLDER}/IMG_0001.AAE`, { item: still.item })]],
  ["an older receipt does not say whose rendering it is", [still, aside(`${MUTATION}/FullSizeRender.heic`)]],
  ["an older receipt does not say whose recipe it is", [still, aside(`${FOLDER}/img_0001.aae`)]],
  ["an older receipt does not say whose XMP it is", [still, aside(`${FOLDER}/IMG_0001.HEIC.xmp`)]],
  ["an older receipt does not say whose camera recipe it is", [still, aside(`${FOLDER}/IMG_O0001.AAE`)]],
  [
    "the folder of its edit could not be read",
    [still, answer(`${MUTATION}/..`, { ...failed, belongsTo: "/DCIM/100APPLE/" })],
  ],
  [
    "a file that may be its moving half failed",
    [still, answer(`${FOLDER}/IMG_0001.MOV`, { ...failed, belongsTo: `${FOLDER}/img_0001` })],
  ],
  [
    "a file that may be its moving half is only listed",
    [still, answer(`${FOLDER}/IMG_0001.MOV`, { belongsTo: `${FOLDER}/img_0001` })],
  ],
])("a photo stays while %s", (_title, answers) => {
  const { safe, staying } = safeToRemove(answers, nothingElse);
  const ofStill = answers.filter(({ item }) => item === still.item) as [Answer];
  expect(safe).toEqual([]);
  expect(staying.find(({ files }) => files[0].item === still.item)?.part).toBe(answers[1]!.path);
  expect(mayLeave({ phoneLibrary: { usesICloudPhotos: false } }, answers)(ofStill)).toBe(false);
});

test("a file that may belong to several photos keeps them all, and is no photo itself", () => {
  const edit = aside(`${MUTATION}/FullSizeRender.jpg`, { belongsTo: `${FOLDER}/img_0001` });
  const other = answer(`${FOLDER}/IMG_0002.JPG`, proved);
  const { safe, staying, others } = safeToRemove([still, duplicate, edit, other], nothingElse);
  expect(safe).toEqual([[other]]);
  expect(staying.map(({ files }) => files[0])).toEqual([still, duplicate]);
  expect(others).toEqual([edit]);
});

test("a part that may belong to a photo that stays does not leave without it", () => {
  const part = answer(`${FOLDER}/IMG_0001.MOV`, { ...proved, belongsTo: `${FOLDER}/img_0001` });
  expect(outcome([{ ...still, answer: "present" }, part]).why).toEqual(["NOT_READ", "PHOTO_STAYS"]);
  expect(outcome([still, part])).toEqual({ safe: [1, 1], why: [] });
});

test.each<[string, Partial<Answer>, string[]]>([
  ["failed", { ...failed }, ["BURST_STAYS", "PHOTOS_LEFT_OUT"]],
  ["is only listed", { answer: "present" }, ["BURST_STAYS", "NOT_READ"]],
  ["is in the Shared Library", { ...proved, cloud: "shared-library" }, ["BURST_STAYS", "IN_SHARED_LIBRARY"]],
  [
    "is in Recently Deleted, and so no frame any more",
    { ...failed, answer: "in-trash" },
    ["PHOTOS_LEFT_OUT"],
  ],
])("a burst leaves as a whole: one frame %s", (_title, changes, why) => {
  const first = answer(`${FOLDER}/IMG_0006.JPG`, { ...proved, burst: "jump" });
  const second = answer(`${FOLDER}/IMG_0007.JPG`, { burst: "jump", ...changes });
  expect(outcome([first, second]).why).toEqual(why);
});

test.each<[string, Partial<Answer>, KnownToday["cloud"], string | null]>([
  ["it is synced", { cloud: "synced" }, "used", "ICLOUD_AND_A_SECOND_COPY"],
  [
    "it was left to iCloud Photos",
    { answer: "in-icloud", sha256: null },
    "used",
    "ICLOUD_DELETES_EVERYWHERE",
  ],
  ["another photo of the phone is synced", {}, "used", "ICLOUD_NOT_UPLOADED"],
  ["it is in the Shared Library", { cloud: "shared-library" }, "unused", "IN_SHARED_LIBRARY"],
  ["its row does not say", { cloud: "unknown" }, "unused", "ICLOUD_NOT_KNOWN"],
  ["no row of the phone says", {}, "not-said", "ICLOUD_NOT_KNOWN"],
  ["the phone's library was not read", {}, "not-read", "ICLOUD_NOT_KNOWN"],
  ["the receipt is older than that knowledge", {}, "older-receipt", "ICLOUD_NOT_KNOWN"],
  ["the phone does not use it", {}, "unused", null],
])("iCloud Photos and a proved photo: %s", (_title, changes, cloud, why) => {
  const photo = { ...still, ...changes };
  expect(outcome([photo], { cloud })).toEqual(
    why === null ? { safe: [1], why: [] } : { safe: [], why: [why] },
  );
});

test("what one of several receipts knows of iCloud Photos holds for all", () => {
  const used = { phoneLibrary: { usesICloudPhotos: true } };
  const unused = { phoneLibrary: { usesICloudPhotos: false } };
  expect(phoneCloud([unused, used, unused])).toBe("used");
  expect(phoneCloud([unused, { phoneLibrary: null }])).toBe("not-read");
  expect(phoneCloud([unused, {}])).toBe("older-receipt");
  expect(phoneCloud([{ phoneLibrary: { usesICloudPhotos: null } }])).toBe("not-said");
  expect(phoneCloud([unused])).toBe("unused");
});

test("a later receipt that knows the photo in iCloud, or a file that may belong to it, keeps it", () => {
  const edit = aside(`${MUTATION}/FullSizeRender.heic`);
  expect(outcome([still], { later: [still, edit] }).safe).toEqual([]);
  expect(outcome([still], { later: [{ ...still, cloud: "synced" }] }).why).toEqual([
    "ICLOUD_AND_A_SECOND_COPY",
  ]);
});

test(`for any answers each photo is on one list, no unproved file on the first (seed ${seed})`, async () => {
  const file = fc.record({
    item: fc.constantFrom("/DCIM/a", "/DCIM/b", "/DCIM/c"),
    answer: fc.constantFrom(...ANSWERS),
    sha256: fc.option(fc.constantFrom("a".repeat(64), "b".repeat(64))),
    checkedAt: fc.constantFrom("2026-11-22T18:30:00.000Z", "2026-11-20T18:30:00.000Z", null),
    evidence: fc.constantFrom(["database", "sha256"], ["sha256"]),
  });
  await assertRandom(
    fc.property(fc.array(file, { maxLength: 8 }), fc.array(file, { maxLength: 2 }), (files, later) => {
      const numbered = (all: typeof files) => all.map((one, at) => answer(`/DCIM/100APPLE/${at}`, one));
      const answers = numbered(files);
      const { safe, staying, others } = safeToRemove(answers, { ...nothingElse, later: numbered(later) });
      expect(safe.flat().length + staying.flatMap((one) => one.files).length + others.length).toBe(
        answers.length,
      );
      const doubted = new Set<string>(later.filter((one) => one.answer !== "proved").map(({ item }) => item));
      expect(new Set([...safe, ...staying.map((one) => one.files)].map(([{ item }]) => item)).size).toBe(
        safe.length + staying.length,
      );
      for (const [first, ...rest] of safe) {
        expect(doubted.has(first.item)).toBe(false);
        for (const one of [first, ...rest]) {
          expect(one.answer).toBe("proved");
          expect(one.sha256).not.toBeNull();
          expect(one.evidence).toContain("database");
          expect(new Date(one.checkedAt!) >= today).toBe(true);
        }
      }
    }),
    { numRuns },
  );
});

test("what belongs to a photo stays where anything else that belongs to it is nowhere else", () => {
  const part = answer("/DCIM/101APPLE/LOOP.MOV", { ...proved, belongsTo: `${FOLDER}/img_0001` });
  const left = aside(`${MUTATION}/FullSizeRender.jpg`, { belongsTo: `${FOLDER}/img_0001` });
  const answers = [answer(still.path, proved), part, left];
  expect(safeToRemove(answers, nothingElse).safe).toEqual([]);
  expect(
    [[still], [part]].some((files) =>
      mayLeave({ phoneLibrary: { usesICloudPhotos: false } }, answers)(files as never),
    ),
  ).toBe(false);
});
