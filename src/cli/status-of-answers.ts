import { type AnswerWord, WRONG_ANSWERS } from "../receipt/answer.js";
import { EXIT, type ExitStatus } from "./exit-status.js";

/** The status of a run or check that came to its end. */
export function statusOfAnswers(byAnswer: Readonly<Record<AnswerWord, number>>): ExitStatus {
  const isWrong = [...WRONG_ANSWERS].some((word) => byAnswer[word] > 0);
  return isWrong ? EXIT.wrongAnswers : EXIT.ok;
}
