import { expect, test } from "vitest";
import { receiptLines } from "../../src/cli/commands/receipts/lines.js";
import { ANSWERS } from "../../src/receipt/answer.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";

function head(items: number, photos: number, failed: number, path: string | null): ReceiptHead {
  const byAnswer = { ...Object.fromEntries(ANSWERS.map((word) => [word, 0])), failed };
  const itemsByAnswer = byAnswer;
  return {
    totals: { items: photos, files: photos, byAnswer, itemsByAnswer, thisRun: { items } },
    destination: path === null ? { kind: "photos", library: null, album: null } : { kind: "folder", path },
  } as unknown as ReceiptHead;
}

test("receipts are a table: photos imported, photos called, destination, and whether all is well", () => {
  const lines = receiptLines([
    { name: "2026-11-22 11.49 Anna", head: head(1215, 1284, 0, null), trouble: null },
    { name: "2026-11-23 08.00 Ben\u001b[31m", head: head(2, 9, 1, "/backup"), trouble: null },
    { name: "old", head: null, trouble: "It is no receipt." },
  ]);
  expect(lines).toEqual([
    "receipt                            new   photos   into",
    "2026-11-22 11.49 Anna            1,215    1,284   Photos    complete",
    "2026-11-23 08.00 Ben\\u001b[31m       2        9   /backup   1 problem",
    "old                                                         cannot be read: It is no receipt.",
  ]);
});
