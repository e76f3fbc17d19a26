import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planLines, planTotals } from "../../src/cli/commands/plan/lines.js";
import { statusOfAnswers } from "../../src/cli/process/status-of-answers.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import type { Receipt } from "../../src/receipt/receipt.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import { type RecheckChoice, recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { ImportRequest } from "../../src/run/run-parts.js";
import { says } from "../says.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true, batchLimits: { items: 5, bytes: 1e9 } } as const;
const name = (number: number) => `/DCIM/100APPLE/IMG_000${number}.JPG`;

function photos(...numbers: number[]) {
  const files = numbers.map((number) => {
    const modifiedAt = new Date(Date.UTC(2026, 10, number));
    return [name(number), { bytes: jpeg(number), modifiedAt }] as const;
  });
  return phoneWith(Object.fromEntries(files));
}

async function imported(harness: ImportHarness, numbers: number[], more: Partial<ImportRequest> = {}) {
  const { head, answers } = await harness.import(photos(...numbers), { ...request, ...more });
  const receipt: Receipt = { ...head, answers: [...answers()] };
  return { receipt, status: statusOfAnswers(head.totals), said: summaryLines(head, receipt.answers, null) };
}

async function plan(harness: ImportHarness, ...numbers: number[]) {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const parts = await harness.parts(photos(...numbers), ledgerDatabase);
  const asked = { selection: {}, edits: false, again: false, withoutPhoneLibrary: true };
  return planTotals(await planForPhone(parts, asked));
}

async function verified(harness: ImportHarness, receipt: Receipt, choice: RecheckChoice = {}) {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const key = harness.photos.library.path;
  const ledger = ledgerDatabase.ledgerFor(receipt.phone, { kind: "photos", key });
  const { photos: script, clock, originals } = await harness.parts(photos(1), ledgerDatabase);
  const library = await originals.open(key);
  const checked = await recheckReceipt(receipt, { photos: script, clock, library, ledger }, choice);
  return { status: statusOfAnswers(checked.receipt.totals), answers: checked.receipt.answers };
}

/** The original of one photo vanishes from the package; of another its row too. */
function lose(harness: ImportHarness, what: { readonly file?: number; readonly rowToo?: number }): void {
  const { database } = harness.photos.library;
  for (const number of [what.file, what.rowToo].filter((one) => one !== undefined)) {
    const { uuid } = database
      .prepare(
        "SELECT ZUUID AS uuid FROM ZASSET JOIN ZADDITIONALASSETATTRIBUTES AS x ON x.ZASSET = ZASSET.Z_PK WHERE ZORIGINALFILENAME = ?",
      )
      .get(`IMG_000${number}.JPG`) as { uuid: string };
    const folder = join(harness.photos.library.path, "originals", uuid.slice(0, 1));
    for (const file of readdirSync(folder)) if (file.startsWith(uuid)) rmSync(join(folder, file));
    if (number === what.rowToo) database.prepare("DELETE FROM ZASSET WHERE ZUUID = ?").run(uuid);
  }
}

describe("two of four photos vanish from the library", () => {
  test("verify finds it, and then plan, import and a later check of a part say it, until it is found again", async () => {
    using harness = new ImportHarness();
    const { receipt } = await imported(harness, [1, 2, 3, 4]);
    lose(harness, { file: 1, rowToo: 2 });
    expect((await verified(harness, receipt)).status).toBe(3);

    expect(await plan(harness, 1, 2, 3, 4)).toMatchObject({
      already: 2,
      gone: 1,
      wrong: 1,
      toImport: { items: 0 },
    });
    const part = await verified(harness, receipt, { since: new Date("2099-01-01") });
    expect(part.answers.map(({ answer }) => answer)).toEqual(["missing", "removed", "proved", "proved"]);
    expect(part.status).toBe(3);
    const idle = await imported(harness, [1, 2, 3, 4]);
    expect(idle.receipt.answers.map(({ answer }) => answer)).toEqual([
      "missing",
      "removed",
      "proved",
      "proved",
    ]);
    expect(idle.status).toBe(3);
    const more = await imported(harness, [1, 2, 3, 4, 5]);
    expect(more.receipt.answers.map(({ answer }) => answer).slice(0, 4)).toEqual([
      ...["missing", "removed", "proved", "proved"],
    ]);
    const again = await imported(harness, [1, 2, 3, 4, 5], { again: true });
    expect(again.receipt.totals.byAnswer.proved).toBe(5);
    expect(await plan(harness, 1, 2, 3, 4, 5)).toMatchObject({ already: 5, gone: 0, wrong: 0 });
    const heard = await verified(harness, idle.receipt, { since: new Date("2099-01-01") });
    expect(heard.answers.map(({ answer, reason }) => [answer, reason])).toEqual(
      heard.answers.map(() => ["proved", null]),
    );
  });

  test("the table of the plan has a row for each, and adds up", async () => {
    using harness = new ImportHarness();
    const { receipt } = await imported(harness, [1, 2, 3, 4]);
    lose(harness, { file: 1, rowToo: 2 });
    await verified(harness, receipt);
    const lines = planLines(await plan(harness, 1, 2, 3, 4), "Anna", {
      into: "Photos",
      cableBitsPerSecond: null,
    });
    const table = lines.join("\n");
    expect(table).toMatch(/already in Photos +2\n/);
    expect(table).toMatch(/not in Photos any more +1 +who did it is not known/);
    expect(table).toMatch(/missing +1 /);
  });
});

describe("a photo that Photos refuses each time", () => {
  test("is tried in three runs among good ones, then left until --retry; failed each time, new only once", async () => {
    using harness = new ImportHarness();
    await imported(harness, [2]);
    harness.photos.faults({ name: "unsupported-file", names: "0001", manner: "fails" });
    expect(await plan(harness, 1, 2)).toMatchObject({ toImport: { items: 1 }, retried: 0, refused: 0 });
    const good = [2];
    for (const tries of [1, 2, 3]) {
      good.push(2 + tries);
      const { status, receipt } = await imported(harness, [1, ...good]);
      expect({ status, failed: receipt.totals.byAnswer.failed }).toEqual({ status: 3, failed: 1 });
      const { toImport, retried, refused } = await plan(harness, 1, ...good);
      expect({ isNew: toImport.items - retried, retried, refused }).toEqual({
        isNew: 0,
        retried: tries < 3 ? 1 : 0,
        refused: tries < 3 ? 0 : 1,
      });
    }
    const events = harness.photos.counters().total;
    const { status, receipt, said } = await imported(harness, [1, ...good]);
    expect({ status, failed: receipt.totals.byAnswer.failed }).toEqual({ status: 0, failed: 1 });
    expect(receipt.answers[0]?.reason).toMatchObject({
      code: "REFUSED_BEFORE",
      message: expect.stringContaining("3 runs failed, so it is not tried again"),
      remedy: says("--retry"),
    });
    expect(said.join(" ")).toContain("1 photo that Photos refused before was left alone");
    expect(harness.photos.counters().total).toBe(events);

    const forced = await imported(harness, [1, ...good], { again: true });
    expect({ status: forced.status, failed: forced.receipt.totals.byAnswer.failed }).toEqual({
      status: 3,
      failed: 1,
    });
    harness.photos.faults(null);
    const well = await imported(harness, [1, ...good], { again: true });
    expect(well.receipt.answers.map(({ answer }) => answer)).toEqual(good.concat(1).map(() => "proved"));
  });

  test.each([
    ["of nine photos, all refused", [1, 2, 3, 4, 5, 6, 7, 8, 9], "JPG$"],
    ["of one photo, which is refused", [1], "0001"],
  ])("a run %s, tells nothing of the photos: each is tried again", async (_what, numbers, names) => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "unsupported-file", names, manner: "fails" });
    for (let run = 1; run <= 4; run++) {
      const { status, receipt } = await imported(harness, numbers);
      expect({ status, failed: receipt.totals.byAnswer.failed }).toEqual({
        status: 3,
        failed: numbers.length,
      });
      expect(await plan(harness, ...numbers)).toMatchObject({ retried: numbers.length, refused: 0 });
    }
    harness.photos.faults(null);
    const well = await imported(harness, numbers);
    expect({ status: well.status, proved: well.receipt.totals.byAnswer.proved }).toEqual({
      status: 0,
      proved: numbers.length,
    });
  });

  test("what Rollcall itself does not send is no refusal of Photos, and is looked at in every run", async () => {
    using harness = new ImportHarness();
    const withText = (...good: number[]) => {
      const phone = photos(...good);
      const modifiedAt = new Date(Date.UTC(2026, 10, 1));
      phone.put(name(1), { bytes: Buffer.from("<html>no picture</html>"), modifiedAt });
      return phone;
    };
    for (const last of [2, 3, 4, 5]) {
      const { head, answers } = await harness.import(withText(...[2, 3, 4, 5].slice(0, last - 1)), request);
      const [first] = [...answers()];
      expect(first).toMatchObject({ path: name(1), answer: "failed", reason: { code: "NOT_WHAT_IT_SAYS" } });
      expect(statusOfAnswers(head.totals)).toBe(3);
    }
  });
});
