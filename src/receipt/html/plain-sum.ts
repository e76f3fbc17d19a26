import { type AnswerWord, WRONG_ANSWERS } from "../answer.js";
import { isAllSeen, leftOf, leftSentence } from "../left-to-icloud.js";
import { photosAndFiles } from "../photos-and-files.js";
import { countOfAll } from "../photos-by-answer.js";
import type { ReceiptHead } from "../receipt.js";
import { count } from "./in-words.js";

/** How many files say that something is wrong. */
export function wrongFiles({ totals }: ReceiptHead): number {
  return [...WRONG_ANSWERS].reduce((sum, word) => sum + totals.byAnswer[word], 0);
}

/**
 * The sum for someone who has never heard of a receipt: one line, and one that says how sure it is.
 * @param newAnswers which of the two good answers the files have that this run brought
 */
export function plainSum(
  head: ReceiptHead,
  newAnswers: ReadonlySet<AnswerWord>,
): { line: string; more: string } {
  const { totals, destination } = head;
  const { items } = totals.thisRun;
  const wrong = wrongFiles(head);
  const place = destination.kind === "photos" ? "Photos" : "the folder";
  const isOne = items === 1;

  const arrived = `${count(items)} new ${isOne ? "photo" : "photos"} came over`;
  const wrongOnes = countOfAll(totals, WRONG_ANSWERS);
  const isOneWrong = (wrongOnes.items || wrongOnes.files) === 1;
  const troubles = `${photosAndFiles(wrongOnes)} ${isOneWrong ? "needs" : "need"} you`;
  const left = leftOf(head);
  const leftover = left === undefined ? "" : ` ${leftSentence(left)}.`;
  const line =
    items === 0
      ? wrong === 0
        ? "Nothing new to bring."
        : `Nothing new came, and ${troubles}.`
      : wrong === 0
        ? `${arrived}, and ${isOne ? "it is" : "all of them are"} in ${place}.`
        : `${arrived}, but ${troubles}.`;
  const isOnlyLeft = items === 0 && wrong === 0 && left !== undefined && !isAllSeen(left);
  return {
    line: isOnlyLeft ? leftover.trim() : `${line}${leftover}`,
    more: howSure(items, newAnswers, destination.kind),
  };
}

function howSure(
  items: number,
  newAnswers: ReadonlySet<AnswerWord>,
  kind: ReceiptHead["destination"]["kind"],
): string {
  if (items === 0) return "What came over before keeps the answer it had when it was last checked.";
  if (!newAnswers.has("present"))
    return kind === "photos"
      ? "Each was read back out of the library: the bytes in Photos are the bytes from the phone."
      : "Each was read back from the disk: the bytes there are the bytes from the phone.";
  if (kind === "folder") return "Each is there with its size. Some were not read back byte for byte.";
  return newAnswers.has("proved")
    ? "Photos lists each under its name. Most were read back byte for byte, some were not."
    : "Photos lists each under its name. Their bytes in the library were not compared.";
}
