import { isAccountedFor } from "../plan/icloud-look.js";
import { type AnswerWord, WRONG_ANSWERS } from "../receipt/answer.js";
import { leftOf } from "../receipt/left-to-icloud.js";
import type { ReceiptHead } from "../receipt/receipt.js";
import { EXIT, type ExitStatus } from "./exit-status.js";

/** The status of an import or a copy: new photos that may be nowhere but on the phone are something to do, too. */
export function statusOfRun(head: Pick<ReceiptHead, "totals" | "leftToICloud">): ExitStatus {
  const left = leftOf(head);
  if (left !== undefined && !isAccountedFor(left)) return EXIT.wrongAnswers;
  return statusOfAnswers(head.totals.byAnswer);
}

/** The status of a run or check that came to its end. */
export function statusOfAnswers(byAnswer: Readonly<Record<AnswerWord, number>>): ExitStatus {
  const isWrong = [...WRONG_ANSWERS].some((word) => byAnswer[word] > 0);
  return isWrong ? EXIT.wrongAnswers : EXIT.ok;
}
