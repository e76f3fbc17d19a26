import type { Answer } from "../../src/receipt/answer.js";
import { type ReceiptHead, TotalsCounter } from "../../src/receipt/receipt.js";

/** The answer of one file that this run imported, an item by itself. */
export function answer(path: string, word: Answer["answer"], more: Partial<Answer> = {}): Answer {
  return {
    path,
    sizeBytes: 1,
    modifiedAt: null,
    item: path,
    answer: word,
    thisRun: true,
    sha256: null,
    photosId: null,
    checkedAt: null,
    evidence: [],
    reason: null,
    ...more,
  };
}

/** The head of an import's receipt over these answers. */
export function headOf(answers: readonly Answer[]): ReceiptHead {
  const counter = new TotalsCounter();
  for (const one of answers) counter.add(one);
  return {
    receipt: 1,
    id: "r",
    tool: { name: "rollcall", version: "0" },
    startedAt: "2026-11-22T18:40:00.000Z",
    finishedAt: "2026-11-22T18:41:00.000Z",
    phone: { udid: "u", name: "Anna's iPhone", productType: "iPhone16,1", iosVersion: "18.5" },
    destination: { kind: "photos", library: null, album: { id: "a", name: "Last Import" } },
    totals: counter.totals(),
    evidence: { rung: 2, liftedBy: null },
  };
}
