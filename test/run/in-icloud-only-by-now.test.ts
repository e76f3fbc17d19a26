import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import { planTotals } from "../../src/cli/commands/plan/lines.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import { ImportHarness, phoneOver } from "./import-harness.js";

/** The demo's camera roll; the originals of these paths are in iCloud only, `lengthOf` as the phone's database says. */
async function phoneWithout(paths: readonly string[], lengthOf: "its own" | "another" = "its own") {
  const folder = mkdtempSync(join(memoryDisk, "rollcall-roll-"));
  try {
    await makeCameraRoll({ folder, now: new Date("2026-11-20T12:00:00Z"), photos: 30 });
    const database = new DatabaseSync(join(folder, "PhotoData/Photos.sqlite"));
    for (const path of paths) {
      const at = path.lastIndexOf("/");
      const names = `ZDIRECTORY = '${path.slice(1, at)}' AND ZFILENAME = '${path.slice(at + 1)}'`;
      const ofIt = `WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ${names})`;
      // Not prepared: a statement would hold the database open until it is collected.
      database.exec(`UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1 ${ofIt}`);
      if (lengthOf === "another")
        database.exec(
          `UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALFILESIZE = ZORIGINALFILESIZE + 1 ${ofIt}`,
        );
    }
    database.close();
    const phone = await phoneOver(folder);
    for (const path of paths) expect(phone.remove(path)).toBe(true);
    return phone;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function totalsOf(harness: ImportHarness, phone: MemoryPhone) {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const asked = { selection: {}, edits: false, again: false, withoutPhoneLibrary: false };
  return planTotals(await planForPhone(await harness.parts(phone, ledgerDatabase), asked));
}

/** A plain photo, of one file, and the desk that has imported it. */
async function harnessWithOne(): Promise<{ harness: ImportHarness; path: string; checkedAt: string | null }> {
  const harness = new ImportHarness();
  const answers = [...(await harness.import(await phoneWithout([]))).answers()];
  const alone = answers.find(
    ({ path, item, answer }) =>
      answer === "proved" &&
      /\.(JPG|HEIC)$/.test(path) &&
      answers.filter((one) => one.item === item).length === 1,
  );
  if (alone === undefined) throw new Error("the roll has no photo of one file");
  return { harness, path: alone.path, checkedAt: alone.checkedAt };
}

test("a photo that was proved and is in iCloud only by now is in Photos, with the date of the proof", async () => {
  const { harness, path, checkedAt } = await harnessWithOne();
  using _harness = harness;
  const before = await totalsOf(harness, await phoneWithout([]));
  const phone = await phoneWithout([path]);
  const after = await totalsOf(harness, phone);
  expect({ already: after.already, inICloudOnly: after.inICloudOnly, items: after.items }).toEqual({
    already: before.already,
    inICloudOnly: before.inICloudOnly,
    items: before.items,
  });
  const { answers } = await harness.import(phone);
  expect([...answers()].find((answer) => answer.path === path)).toMatchObject({
    answer: "proved",
    thisRun: false,
    checkedAt,
    cloud: "synced",
    reason: { code: "IN_ICLOUD_ONLY_NOW" },
  });
});

test("one of another length under the same path is not the one that was imported: it is in iCloud only", async () => {
  const { harness, path } = await harnessWithOne();
  using _harness = harness;
  const phone = await phoneWithout([path], "another");
  const { answers } = await harness.import(phone);
  expect([...answers()].find((answer) => answer.path === path)).toMatchObject({ answer: "in-icloud-only" });
});
