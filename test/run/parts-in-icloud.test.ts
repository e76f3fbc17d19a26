import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import { planLines, planTotals } from "../../src/cli/output/plan-lines.js";
import { Ledger } from "../../src/ledger/ledger.js";
import type { Answer } from "../../src/receipt/answer.js";
import { isWhollyProved } from "../../src/receipt/why-it-stays.js";
import { planImport, readWholeCatalogue } from "../../src/run/plan-for-phone.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import { Desk, phoneOver } from "./one-desk.js";

const STILL = "/DCIM/100APPLE/IMG_0001.JPG";
const MOVIE = "/DCIM/100APPLE/IMG_0001.MOV";
const EDITED = "/DCIM/101APPLE/IMG_0009.JPG";
const RENDERED = "/PhotoData/Mutations/DCIM/101APPLE/IMG_0009/Adjustments";

/** The demo's camera roll on a phone that keeps a moving half, and both halves of an edit, in iCloud only. */
async function optimisedPhone(): Promise<{ phone: MemoryPhone; movieBytes: Uint8Array }> {
  const folder = mkdtempSync(join(memoryDisk, "rollcall-roll-"));
  try {
    await makeCameraRoll({ folder, now: new Date("2026-11-20T12:00:00Z"), hasLibraryOnly: true });
    const database = new DatabaseSync(join(folder, "PhotoData/Photos.sqlite"));
    database.exec(`
      UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1
        WHERE (ZDATASTORESUBTYPE = 18 AND ZASSET = (SELECT Z_PK FROM ZASSET
            WHERE ZDIRECTORY = 'DCIM/100APPLE' AND ZFILENAME = 'IMG_0001.JPG'))
          OR (ZVERSION = 2 AND ZASSET = (SELECT Z_PK FROM ZASSET
            WHERE ZDIRECTORY = 'DCIM/101APPLE' AND ZFILENAME = 'IMG_0009.JPG'))`);
    database.close();
    const phone = await phoneOver(folder);
    const movieBytes = phone.files.get(MOVIE)!.bytes;
    for (const path of [MOVIE, `${RENDERED}/FullSizeRender.jpg`, `${RENDERED}/FullSizeRender.mov`])
      expect(phone.remove(path)).toBe(true);
    return { phone, movieBytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const byPath = (answers: Iterable<Answer>) => new Map([...answers].map((answer) => [answer.path, answer]));

test("a moving half and an edit that are in iCloud only answer so, say what to switch on, and their photo comes", async () => {
  using desk = new Desk();
  const { phone } = await optimisedPhone();
  const { head, answers } = await desk.import(phone);
  const found = byPath(answers());
  expect(found.get(STILL)).toMatchObject({ answer: "proved", item: STILL });
  expect(found.get(MOVIE)).toMatchObject({
    answer: "in-icloud-only",
    item: STILL,
    thisRun: false,
    sha256: null,
    reason: {
      code: "MOVIE_IN_ICLOUD_ONLY",
      remedy: expect.stringContaining("Download and Keep Originals"),
    },
  });
  for (const name of ["FullSizeRender.jpg", "FullSizeRender.mov"]) {
    expect(found.get(`${RENDERED}/${name}`)).toMatchObject({
      answer: "in-icloud-only",
      item: EDITED,
      reason: { code: "EDIT_IN_ICLOUD_ONLY" },
    });
  }
  // One photo of the roll is in iCloud only as a whole.
  expect(head.totals.byAnswer["in-icloud-only"]).toBe(4);
  const answered = Object.values(head.totals.byAnswer).reduce((sum, number) => sum + number, 0);
  expect(answered).toBe(head.totals.files);
  const ofStill = [...answers()].filter(({ item }) => item === STILL) as [Answer, ...Answer[]];
  expect(ofStill.map(({ path }) => path)).toEqual([STILL, MOVIE]);
  expect(isWhollyProved(ofStill)).toBe(false);
});

test("a second import brings nothing new; when the moving half has come down, the Live Photo comes whole", async () => {
  using desk = new Desk();
  const { phone, movieBytes } = await optimisedPhone();
  const first = await desk.import(phone);
  const second = await desk.import(phone);
  expect(second.head.totals.thisRun.items).toBe(0);
  expect(second.answersByPath).toEqual(first.answersByPath);

  phone.put(MOVIE, { bytes: movieBytes, modifiedAt: new Date("2026-11-21T12:00:00Z") });
  const { head, answers } = await desk.import(phone);
  expect(head.totals.thisRun.items).toBe(1);
  const found = byPath(answers());
  expect([found.get(STILL)?.answer, found.get(MOVIE)?.answer]).toEqual(["proved", "proved"]);
  expect(found.get(STILL)?.photosId).toBe(found.get(MOVIE)?.photosId);
});

test("a copy names them too, and copies what there is", async () => {
  using desk = new Desk();
  const { phone } = await optimisedPhone();
  const { answers } = await desk.copy(phone, `${desk.folder}/copied`);
  const found = byPath(answers());
  expect([found.get(STILL)?.answer, found.get(MOVIE)?.answer]).toEqual(["proved", "in-icloud-only"]);
});

test("the plan says beside its sum what comes without a part, and what to switch on", async () => {
  using desk = new Desk();
  const { phone } = await optimisedPhone();
  using ledger = await Ledger.open(desk.ledgerPath);
  const request = { selection: {}, edits: false, again: false, withoutPhoneLibrary: false };
  const catalogue = await readWholeCatalogue(await desk.parts(phone, ledger), request);
  const between = ledger.between(phone.identity, { kind: "photos", key: "library" });
  const plan = await planImport(
    catalogue,
    between,
    { ...request, icloud: "bring" },
    { questions: null, look: null },
  );
  const totals = planTotals(plan);
  expect(totals.partsInICloudOnly).toEqual({ liveMovies: 1, raws: 0, edits: 1 });
  expect(totals.inICloudOnly).toBe(1);
  const lines = planLines(totals, "Anna", { into: "Photos", cableBitsPerSecond: null });
  expect(lines.slice(-2)).toEqual([
    "  Of these, in iCloud only: the moving half of 1 Live Photo, the edit of 1 photo or video.",
    "  To bring that too, switch on Download and Keep Originals on the phone, and wait.",
  ]);
});
