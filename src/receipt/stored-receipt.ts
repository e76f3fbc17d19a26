import type { ActionWords } from "../remedy.js";
import type { Answer } from "./answer.js";
import { notAsSentOf, type ReceiptHead } from "./receipt.js";
import { readReason, readRemedy, storedReason, storedRemedy } from "./remedy-parts.js";

/** An answer as it stands in a receipt. */
export function storedAnswer(answer: Answer, words: ActionWords) {
  const { reason } = answer;
  return reason === null ? answer : { ...answer, reason: storedReason(reason, words) };
}

/** An answer that was read from one. */
export function readAnswer(answer: Answer): Answer {
  const { reason } = answer;
  return reason !== null && "remedyParts" in reason ? { ...answer, reason: readReason(reason) } : answer;
}

/** What stands above the answers, as it stands in a receipt. */
export function storedHead<Head extends ReceiptHead>(head: Head, words: ActionWords) {
  const { destination, evidence } = head;
  const { remedy, remedyParts } = storedRemedy(evidence.liftedBy ?? "", words);
  const notAsSent = notAsSentOf(head).map((reason) => storedReason(reason, words));
  return {
    ...head,
    destination: notAsSent.length === 0 ? destination : { ...destination, notAsSent },
    evidence: {
      ...evidence,
      ...(evidence.liftedBy !== null && { liftedBy: remedy }),
      ...(remedyParts !== undefined && { liftedByParts: remedyParts }),
    },
  };
}

/** What was read above the answers of one. */
export function readHead<Head extends ReceiptHead>(head: Head): Head {
  const { destination } = head;
  const { liftedByParts, ...evidence }: Head["evidence"] & { readonly liftedByParts?: unknown } =
    head.evidence;
  const notAsSent = notAsSentOf(head).map(readReason);
  return {
    ...head,
    destination: notAsSent.length === 0 ? destination : { ...destination, notAsSent },
    evidence: {
      ...evidence,
      liftedBy: evidence.liftedBy === null ? null : readRemedy(evidence.liftedBy, liftedByParts),
    },
  };
}
