import type { ReceiptHead } from "../../receipt/receipt.js";
import { shown } from "../../receipt/receipt-text.js";
import { statusOfRun } from "../status-of-answers.js";
import { count, tilde } from "./wording.js";

export interface ListedReceipt {
  readonly name: string;
  /** Null where it cannot be read. */
  readonly head: ReceiptHead | null;
  readonly trouble: string | null;
}

const HEADINGS = ["receipt", "new", "photos", "into", ""] as const;

/** The table of `rollcall receipts`: one a line, with what it brought, how many photos it called, and whether all is well. */
export function receiptLines(receipts: readonly ListedReceipt[]): string[] {
  const rows = receipts.map(({ name, head, trouble }) => {
    if (head === null) return [shown(name), "", "", "", `cannot be read: ${shown(trouble ?? "")}`];
    const { totals, destination } = head;
    const into = destination.kind === "photos" ? "Photos" : shown(tilde(destination.path));
    const isWrong = statusOfRun(head) !== 0;
    return [
      shown(name),
      count(totals.thisRun.items),
      count(totals.items),
      into,
      isWrong ? "some are wrong" : "all answered",
    ];
  });
  const table = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) =>
    table.reduce((widest, row) => Math.max(widest, [...(row[column] ?? "")].length), 0),
  );
  return table.map((row) =>
    row
      .map((text, column) => {
        const space = " ".repeat((widths[column] ?? 0) - [...text].length);
        return column === 1 || column === 2 ? space + text : text + space;
      })
      .join("   ")
      .trimEnd(),
  );
}
