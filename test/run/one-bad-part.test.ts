import { expect, test } from "vitest";
import { statusOfAnswers } from "../../src/cli/process/status-of-answers.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { editedLivePhoto } from "./edited-photos.js";
import { ImportHarness } from "./import-harness.js";
import { aae, dng, jpeg, mov, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true } as const;
const at = (name: string) => `/DCIM/100APPLE/${name}`;
const NO_AAE = Buffer.from("odd sidecar");
const CUT_OFF = encodeAdjustments(new Date("2026-11-01T10:00:00Z"), 0.5).subarray(0, 300);
const NO_PICTURE = Buffer.from("not a picture, not a video");

/** What each file answers, and the names of the photos that are in Photos then. */
async function imported(harness: ImportHarness, files: Record<string, Buffer>) {
  const { head, answers } = await harness.import(phoneWith(files), request);
  const all = [...answers()];
  const said = all.map(({ path, answer, reason }): [string, string] => [
    path.slice(path.lastIndexOf("/") + 1),
    answer === "proved" ? answer : `${answer}: ${reason?.code}`,
  ]);
  return {
    all,
    said: Object.fromEntries(said),
    status: statusOfAnswers(head.totals),
    photos: harness.albums()["Last Import"],
    thisRun: head.totals.thisRun.items,
  };
}

/** How many items a plan would import, and of which files. */
async function planned(harness: ImportHarness, files: Record<string, Buffer>) {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const parts = await harness.parts(phoneWith(files), ledgerDatabase);
  const plan = await planForPhone(parts, {
    selection: {},
    edits: false,
    again: false,
    withoutPhoneLibrary: true,
  });
  const toImport = plan.decisions.filter(({ action }) => action === "import");
  expect(plan.toImport.items).toBe(toImport.length);
  return [toImport.length, toImport.flatMap(({ item }) => item.files.map(({ file }) => file.path)).sort()];
}

const edited = { [at("IMG_0001.JPG")]: jpeg(1), [at("IMG_E0001.JPG")]: jpeg(2) };
const whole = editedLivePhoto(1);

/** Which part is bad, and what comes then. */
const table: [string, Record<string, Buffer>, Record<string, string>, string[]][] = [
  [
    "the AAE is no AAE",
    { ...edited, [at("IMG_0001.AAE")]: NO_AAE },
    { "IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED" },
    ["IMG_0001.JPG", "IMG_E0001.JPG"],
  ],
  [
    "the AAE is cut off",
    { ...edited, [at("IMG_0001.AAE")]: CUT_OFF },
    { "IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED" },
    ["IMG_0001.JPG", "IMG_E0001.JPG"],
  ],
  [
    "the AAE of a Live Photo",
    { ...whole, [at("IMG_0001.AAE")]: NO_AAE },
    { "IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED" },
    ["IMG_0001.JPG", "IMG_E0001.JPG"],
  ],
  [
    "the AAE of a video",
    { [at("IMG_0001.MOV")]: mov(1), [at("IMG_E0001.MOV")]: mov(2), [at("IMG_0001.AAE")]: NO_AAE },
    { "IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED" },
    ["IMG_0001.MOV", "IMG_E0001.MOV"],
  ],
  [
    "the AAE, of a photo without a rendering",
    { [at("IMG_0001.JPG")]: jpeg(1), [at("IMG_0001.AAE")]: CUT_OFF },
    { "IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED" },
    ["IMG_0001.JPG"],
  ],
  [
    "the rendering",
    { ...edited, [at("IMG_0001.AAE")]: aae(1), [at("IMG_E0001.JPG")]: NO_PICTURE },
    { "IMG_E0001.JPG": "failed: NOT_WHAT_IT_SAYS" },
    ["IMG_0001.JPG"],
  ],
  [
    "the AAE and the rendering",
    { ...edited, [at("IMG_0001.AAE")]: NO_AAE, [at("IMG_E0001.JPG")]: NO_PICTURE },
    { "IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED", "IMG_E0001.JPG": "failed: NOT_WHAT_IT_SAYS" },
    ["IMG_0001.JPG"],
  ],
  [
    "the RAW half",
    { [at("IMG_0001.JPG")]: jpeg(1), [at("IMG_0001.DNG")]: NO_PICTURE },
    { "IMG_0001.DNG": "failed: NOT_WHAT_IT_SAYS" },
    ["IMG_0001.JPG"],
  ],
  [
    "the JPEG of a RAW pair: a half alone could never be joined again",
    { [at("IMG_0001.JPG")]: NO_PICTURE, [at("IMG_0001.DNG")]: dng(1) },
    { "IMG_0001.JPG": "failed: NOT_WHAT_IT_SAYS", "IMG_0001.DNG": "failed: ITEM_INCOMPLETE" },
    [],
  ],
];

for (const [what, files, wrong, photos] of table) {
  test(`one bad part keeps no good one out: ${what}`, async () => {
    using harness = new ImportHarness();
    const good = Object.keys(files).map((path) => [path.slice(path.lastIndexOf("/") + 1), "proved"]);
    const said = { ...Object.fromEntries(good), ...wrong };
    const isWrong = Object.values(wrong).some((word) => word.startsWith("failed"));
    if (!isWrong) expect(await planned(harness, files)).toEqual([photos.length, Object.keys(files).sort()]);
    const first = await imported(harness, files);
    expect(first.said).toEqual(said);
    expect(first.photos ?? []).toEqual(photos);
    expect(first.thisRun).toBe(photos.length);
    expect(first.status).toBe(isWrong ? 3 : 0);
    if (!isWrong) expect(await planned(harness, files)).toEqual([0, []]);
    const second = await imported(harness, files);
    expect(second.said).toEqual(said);
    expect([second.thisRun, harness.itemCount()]).toEqual([0, photos.length]);
  });
}

test("a rendering that came apart from a damaged recipe, with its video, belongs to its photo", async () => {
  using harness = new ImportHarness();
  const files = { ...whole, [at("IMG_0001.AAE")]: NO_AAE };
  for (let time = 0; time < 2; time += 1) {
    const { all } = await imported(harness, files);
    const items = Object.fromEntries(
      all.map(({ path, item }) => [path.slice(path.lastIndexOf("/") + 1), item]),
    );
    expect(items).toEqual({
      "IMG_0001.JPG": at("IMG_0001.JPG"),
      "IMG_0001.MOV": at("IMG_0001.JPG"),
      "IMG_0001.AAE": at("IMG_0001.JPG"),
      "IMG_E0001.JPG": at("IMG_E0001.JPG"),
      "IMG_E0001.MOV": at("IMG_E0001.JPG"),
    });
    const family = all.find(({ path }) => path === at("IMG_E0001.JPG"))?.belongsTo;
    expect(family).toBe(all.find(({ path }) => path === at("IMG_0001.JPG"))?.belongsTo ?? family);
    expect(family).toMatch(/^\/dcim\/100apple\/img_0001$/i);
  }
});
