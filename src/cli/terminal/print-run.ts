import { pagePathOf } from "../../receipt/receipt-folder.js";
import { receiptJson } from "../../receipt/receipt-json.js";
import { storedHead } from "../../receipt/stored-receipt.js";
import type { FinishedRun } from "../../run/run-parts.js";
import type { ExitStatus } from "../process/exit-status.js";
import type { HowStarted } from "../process/how-started.js";
import { isSafeToUnplug, statusOfRun } from "../process/status-of-answers.js";
import { commandWords } from "./command-words.js";
import { type InShort, runInShort } from "./in-short.js";
import type { Output } from "./output.js";
import { summaryLines } from "./summary-lines.js";

/**
 * The end of an import or a copy: its receipt as JSON, or the sum in words. Only after the phone is closed, since it says
 * that it may be unplugged.
 * @param more fields for the document
 */
export async function printRun(
  output: Output,
  finished: FinishedRun,
  more: Readonly<Record<string, unknown>> = {},
): Promise<ExitStatus> {
  const { head, answers, receiptPath } = finished;
  const status = statusOfRun(head);
  output.endProgress();
  if (!output.isJson) await output.result(...summaryLines(head, answers(), pagePathOf(receiptPath)));
  else {
    const safeToUnplug = isSafeToUnplug(head);
    const document = {
      ...head,
      ...output.inTheirWords(finishedInShort(finished, output.started)),
      safeToUnplug,
      ...more,
    };
    if (output.isBrief) await output.document(storedHead(document, commandWords), status);
    else
      await output.documentText(
        receiptJson({ ...document, ...output.statusField(status) }, answers(), commandWords),
      );
  }
  return status;
}

export function finishedInShort(
  { head, answers, receiptPath }: FinishedRun,
  { from }: Pick<HowStarted, "from">,
): InShort {
  return runInShort(head, answers(), pagePathOf(receiptPath), from);
}
