import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLater, requireNothingPrunedAfter } from "../../src/cli/compose/later-receipts.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { isLaterRun } from "../../src/receipt/holding-back.js";
import { pruneReceipts } from "../../src/receipt/prune-receipts.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { answer, headOf, proved } from "../receipt/some-answers.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-later-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["later holds every photo", 2_000, "RECEIPT_UNREADABLE"],
  ["earlier holds none", 1, null],
])("a damaged receipt that was written %s", async (_what, writtenAtSeconds, code) => {
  const receipts = new ReceiptFolder(folder, commandWords);
  const answers = [answer("/DCIM/100APPLE/IMG_0001.JPG", proved)];
  const path = await receipts.write(headOf(answers), () => answers);
  const damaged = join(folder, "damaged.json");
  writeFileSync(damaged, "{ cut off");
  utimesSync(path, 1_000, 1_000);
  utimesSync(damaged, writtenAtSeconds, writtenAtSeconds);
  const later = readLater(await readReceipt(path), path, receipts);
  if (code === null) await expect(later).resolves.toMatchObject({ imports: [] });
  else await expect(later).rejects.toMatchObject({ code });
});

/** Hours of a day, of the receipt that is asked for and of another one of the same phone. */
const TIMES: readonly [string, [number, number], [number, number], boolean][] = [
  ["began and ended later", [10, 11], [12, 13], true],
  ["began earlier and ended later", [10, 11], [8, 12], true],
  ["began later, and ended before it", [10, 14], [11, 12], true],
  ["began and ended earlier", [10, 11], [8, 9], false],
  ["began earlier and ended while it ran", [10, 14], [8, 12], false],
];
const at = (hour: number) => `2026-11-22T${hour}:00:00.000Z`.replace("T8:", "T08:").replace("T9:", "T09:");
const between = ([from, to]: readonly [number, number]) => ({ startedAt: at(from), finishedAt: at(to) });

test.each(TIMES)("a receipt whose run %s", async (_what, own, other, counts) => {
  const receipts = new ReceiptFolder(folder, commandWords);
  const answers = [answer("/DCIM/100APPLE/IMG_0001.JPG", proved)];
  const doubts = [answer("/DCIM/100APPLE/IMG_0001.JPG", { cloud: "synced" })];
  const path = await receipts.write(headOf(answers, between(own)), () => answers);
  const head = headOf(doubts, { id: "other", ...between(other) });
  const otherPath = await receipts.write(head, () => doubts);
  const receipt = await readReceipt(path);
  const later = await readLater(receipt, path, receipts);
  expect(later.imports.map(({ id }) => id)).toEqual(counts ? ["other"] : []);
  // What was pruned is told apart by the same rule.
  const elsewhere = join(folder, "elsewhere.json");
  await pruneReceipts(folder, [{ path: otherPath, head }], new Date("2026-12-01T00:00:00Z"));
  const asked = requireNothingPrunedAfter(receipt, elsewhere, receipts);
  if (counts) await expect(asked).rejects.toMatchObject({ code: "BAD_USAGE" });
  else await expect(asked).resolves.toBeUndefined();
});

test("the end of what an older version pruned is not known: its start tells", () => {
  const own = between([10, 11]);
  expect(isLaterRun({ startedAt: at(12) }, own)).toBe(true);
  expect(isLaterRun({ startedAt: at(8) }, own)).toBe(false);
});
