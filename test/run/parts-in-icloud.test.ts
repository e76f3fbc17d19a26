import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import { planLines, planTotals } from "../../src/cli/commands/plan/lines.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import type { Answer } from "../../src/receipt/answer.js";
import { isWhollyProved } from "../../src/receipt/why-it-stays.js";
import { planImport, readWholeCatalogue } from "../../src/run/plan-for-phone.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import { says } from "../says.js";
import { ImportHarness, phoneOver } from "./import-harness.js";

const STILL = "/DCIM/100APPLE/IMG_0001.JPG";
const VIDEO = "/DCIM/100APPLE/IMG_0001.MOV";
const EDITED = "/DCIM/101APPLE/IMG_0009.JPG";
const RENDERED = "/PhotoData/Mutations/DCIM/101APPLE/IMG_0009/Adjustments";

/** The demo's camera roll on a phone that keeps a moving half, and both halves of an edit, in iCloud only. */
async function optimisedPhone(): Promise<{ phone: MemoryPhone; videoBytes: Uint8Array }> {
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
    const videoBytes = phone.files.get(VIDEO)!.bytes;
    for (const path of [VIDEO, `${RENDERED}/FullSizeRender.jpg`, `${RENDERED}/FullSizeRender.mov`])
      expect(phone.remove(path)).toBe(true);
    return { phone, videoBytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const byPath = (answers: Iterable<Answer>) => new Map([...answers].map((answer) => [answer.path, answer]));

test("a live video and an edit in iCloud only have that answer and its remedy, and their photo is imported", async () => {
  using harness = new ImportHarness();
  const { phone } = await optimisedPhone();
  const { head, answers } = await harness.import(phone);
  const found = byPath(answers());
  expect(found.get(STILL)).toMatchObject({ answer: "proved", item: STILL });
  expect(found.get(VIDEO)).toMatchObject({
    answer: "in-icloud-only",
    item: STILL,
    thisRun: false,
    sha256: null,
    reason: {
      code: "MOVIE_IN_ICLOUD_ONLY",
      remedy: says("Download and Keep Originals"),
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
  expect(ofStill.map(({ path }) => path)).toEqual([STILL, VIDEO]);
  expect(isWhollyProved(ofStill)).toBe(false);
});

test("a second import imports nothing new; when the moving half has come down, the Live Photo comes whole", async () => {
  using harness = new ImportHarness();
  const { phone, videoBytes } = await optimisedPhone();
  const first = await harness.import(phone);
  const second = await harness.import(phone);
  expect(second.head.totals.thisRun.items).toBe(0);
  expect(second.answersByPath).toEqual(first.answersByPath);

  phone.put(VIDEO, { bytes: videoBytes, modifiedAt: new Date("2026-11-21T12:00:00Z") });
  const { head, answers } = await harness.import(phone);
  expect(head.totals.thisRun.items).toBe(1);
  const found = byPath(answers());
  expect([found.get(STILL)?.answer, found.get(VIDEO)?.answer]).toEqual(["proved", "proved"]);
  expect(found.get(STILL)?.photosId).toBe(found.get(VIDEO)?.photosId);
});

test("a copy names them too, and copies what there is", async () => {
  using harness = new ImportHarness();
  const { phone } = await optimisedPhone();
  const { answers } = await harness.copy(phone, `${harness.folder}/copied`);
  const found = byPath(answers());
  expect([found.get(STILL)?.answer, found.get(VIDEO)?.answer]).toEqual(["proved", "in-icloud-only"]);
});

test("the plan says beside its sum what comes without a part, and what to switch on", async () => {
  using harness = new ImportHarness();
  const { phone } = await optimisedPhone();
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const request = { selection: {}, edits: false, again: false, withoutPhoneLibrary: false };
  const catalogue = await readWholeCatalogue(await harness.parts(phone, ledgerDatabase), request);
  const ledger = ledgerDatabase.ledgerFor(phone.identity, { kind: "photos", key: "library" });
  const plan = await planImport(
    catalogue,
    ledger,
    { ...request, icloud: "import" },
    { questions: null, look: null },
  );
  const totals = planTotals(plan);
  expect(totals.partsInICloudOnly).toEqual({ liveVideos: 1, raws: 0, edits: 1 });
  expect(totals.inICloudOnly).toBe(1);
  const lines = planLines(totals, "Anna", { into: "Photos", cableBitsPerSecond: null });
  expect(lines.slice(-2)).toEqual([
    "  Of these, in iCloud only: the moving half of 1 Live Photo, the edit of 1 photo or video.",
    "  To import that too, switch on Download and Keep Originals on the phone, and wait.",
  ]);
});
