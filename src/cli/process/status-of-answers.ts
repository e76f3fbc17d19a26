import { isAccountedFor } from "../../plan/icloud-look.js";
import { WRONG_ANSWERS } from "../../receipt/answer.js";
import { leftOf } from "../../receipt/left-to-icloud.js";
import { notAsSentOf, type ReceiptHead, type ReceiptTotals } from "../../receipt/receipt.js";
import { EXIT, type ExitStatus } from "./exit-status.js";

/**
 * The status of an import or a copy: new photos that may be nowhere but on the phone are something to do, too, and so are
 * numbers in Photos that are not those that were sent.
 */
export function statusOfRun(head: Pick<ReceiptHead, "totals" | "leftToICloud" | "destination">): ExitStatus {
  if (notAsSentOf(head).length > 0) return EXIT.wrongAnswers;
  const left = leftOf(head);
  if (left !== undefined && !isAccountedFor(left)) return EXIT.wrongAnswers;
  return statusOfAnswers(head.totals);
}

/**
 * Whether the phone may be unplugged once a run has ended: nothing went wrong that may want it again. What was left to
 * iCloud Photos is something to decide, and no trouble of the phone or the cable.
 */
export function isSafeToUnplug({ totals }: Pick<ReceiptHead, "totals">): boolean {
  return statusOfAnswers(totals) === EXIT.ok;
}

/**
 * The status of a run or check that came to its end. What Photos refused in earlier runs and this one left alone was
 * reported then: it is still said, and is no news.
 */
export function statusOfAnswers({
  byAnswer,
  refusedBefore = 0,
}: Pick<ReceiptTotals, "byAnswer" | "refusedBefore">): ExitStatus {
  const wrong = [...WRONG_ANSWERS].reduce((sum, word) => sum + byAnswer[word], 0);
  const isWrong = wrong > refusedBefore;
  return isWrong ? EXIT.wrongAnswers : EXIT.ok;
}
