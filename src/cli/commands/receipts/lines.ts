import { WRONG_ANSWERS } from "../../../receipt/answer.js";
import { countOfAll } from "../../../receipt/photos-by-answer.js";
import { notAsSentOf, type ReceiptHead } from "../../../receipt/receipt.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { count, counted, tilde } from "../../../words/wording.js";
import { statusOfRun } from "../../process/status-of-answers.js";

interface ListedReceipt {
  readonly name: string;
  /** Null where it cannot be read. */
  readonly head: ReceiptHead | null;
  readonly trouble: string | null;
}

const HEADINGS = ["receipt", "new", "photos", "into", ""] as const;

/** The table of `rollcall receipts`: one a line, with what it imported, how many photos it called, and whether all is well. */
export function receiptLines(receipts: readonly ListedReceipt[]): string[] {
  const rows = receipts.map(({ name, head, trouble }) => {
    if (head === null)
      return [escapeControls(name), "", "", "", `cannot be read: ${escapeControls(trouble ?? "")}`];
    const { totals, destination } = head;
    const into = destination.kind === "photos" ? "Photos" : escapeControls(tilde(destination.path));
    return [escapeControls(name), count(totals.thisRun.items), count(totals.items), into, problemsOf(head)];
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

/** "complete", "1 problem": in photos, as the receipt counts them. */
function problemsOf(head: ReceiptHead): string {
  if (statusOfRun(head) === 0) return "complete";
  const wrong = countOfAll(head.totals, WRONG_ANSWERS).items;
  if (wrong > 0) return counted(wrong, "problem");
  return notAsSentOf(head).length > 0 ? "not as sent" : "photos left to iCloud";
}
