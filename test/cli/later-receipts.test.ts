import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLater } from "../../src/cli/later-receipts.js";
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
  const receipts = new ReceiptFolder(folder);
  const answers = [answer("/DCIM/100APPLE/IMG_0001.JPG", proved)];
  const path = await receipts.keep(headOf(answers), () => answers);
  const damaged = join(folder, "damaged.json");
  writeFileSync(damaged, "{ cut off");
  utimesSync(path, 1_000, 1_000);
  utimesSync(damaged, writtenAtSeconds, writtenAtSeconds);
  const later = readLater(await readReceipt(path), path, receipts);
  if (code === null) await expect(later).resolves.toMatchObject({ imports: [] });
  else await expect(later).rejects.toMatchObject({ code });
});
