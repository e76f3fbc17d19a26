import { calledPhone, modelName } from "../phone/phone-models.js";
import { type ActionWords, type Remedy, remedyText } from "../remedy.js";
import { escapeControls } from "../text/escape-controls.js";
import { ANSWERS, type Answer, WRONG_ANSWERS } from "./answer.js";
import { ANSWER_WORDS, meaningOf, NOT_KNOWN_THERE, WIDEST_NAME, wordsOf } from "./answer-words.js";
import { leftOf, leftRemedy, lookSentence } from "./left-to-icloud.js";
import { countOf } from "./photos-by-answer.js";
import { proofWords } from "./proof-words.js";
import {
  extraCopiesOf,
  notAsSentOf,
  type PreviousReceipt,
  type ReceiptExtraCopy,
  type ReceiptHead,
} from "./receipt.js";
import { SIZE_NOT_AS_SAID } from "./size-not-as-said.js";
import { runCounts, sumLine } from "./sum-of-run.js";
import { sentence } from "./why-it-stays.js";

/** Below the path of a file stands what else is said of it. */
const INDENT = " ".repeat(WIDEST_NAME + 1);

/** How the line begins that names the run. */
export function runLineStart(runId: string): string {
  return `run          ${runId},`;
}

/**
 * The receipt for reading on a screen or on paper.
 * @param answers called twice: to add up, to write
 * @param words of what a person can do
 */
export function* receiptText(
  head: ReceiptHead,
  answers: () => Iterable<Answer>,
  words: ActionWords,
): Generator<string> {
  const told = (remedy: Remedy) => escapeControls(remedyText(remedy, words));
  const { totals, phone, destination } = head;
  yield `${sumLine(head, runCounts(answers()))}\n\n`;
  yield `phone        ${escapeControls(calledPhone(phone))} (${modelName(phone.productType)}, iOS ${phone.iosVersion})\n`;
  yield destination.kind === "photos"
    ? `destination  Photos${destination.library === null ? "" : `, ${destination.library}`}\n` +
      `album        ${destination.album === null ? "none: nothing new came" : destination.album.name}\n`
    : `destination  ${destination.path}\n`;
  yield `${runLineStart(head.id)} ${head.startedAt} to ${head.finishedAt}\n`;
  yield `proof        ${proofWords(head)}${head.evidence.liftedBy === null ? "" : `; ${told(head.evidence.liftedBy)}`}\n\n`;
  for (const { message, remedy } of notAsSentOf(head))
    yield `${escapeControls(sentence(message))}\n${INDENT}${told(remedy)}\n\n`;
  yield* extraCopiesText(head);
  const left = leftOf(head);
  if (left !== undefined) {
    const remedy = leftRemedy(left);
    yield `${escapeControls(lookSentence(left))}${remedy === null ? "" : ` ${told(remedy)}`}\n\n`;
  }
  for (const word of ANSWERS) {
    const { items, files } = countOf(totals, word);
    if (files === 0) continue;
    const number = items === 0 ? fileCount(files) : spaced(items);
    const inFiles = items === 0 || items === files ? "" : ` (${fileCount(files)})`;
    const name = ANSWER_WORDS[word].name.padEnd(WIDEST_NAME);
    yield `${number.padStart(9)}  ${name} ${meaningOf(word, destination.kind)}${inFiles}\n`;
  }
  const all = totals.items === 1 ? "photo" : "photos";
  yield `${spaced(totals.items).padStart(9)}  ${all} (${fileCount(totals.files)}, ${spaced(totals.bytes)} bytes)\n`;
  const unknown = totals.notInPhoneLibrary ?? 0;
  if (unknown > 0) yield `${" ".repeat(11)}${notInPhoneLibrary(unknown)}\n`;
  yield "\n";
  const { sameAnswersAs } = head;
  if (sameAnswersAs !== undefined) yield `${sameAnswersLine(sameAnswersAs, ".txt")}\n\n`;
  for (const answer of answers()) {
    if (sameAnswersAs !== undefined && !WRONG_ANSWERS.has(answer.answer)) continue;
    yield `${wordsOf(answer).name.padEnd(WIDEST_NAME)} ${escapeControls(answer.path)}\n`;
    if (answer.notInPhoneLibrary === true) yield `${INDENT}${sentence(NOT_KNOWN_THERE)}\n`;
    const isPartAway = answer.answer === "in-icloud-only" && answer.item !== answer.path;
    const isEditLeft = answer.answer === "set-aside" && answer.item !== answer.path;
    const isListed =
      WRONG_ANSWERS.has(answer.answer) ||
      answer.answer === "present" ||
      answer.reason?.code === SIZE_NOT_AS_SAID ||
      isPartAway ||
      isEditLeft;
    if (answer.reason !== null && isListed)
      yield `${INDENT}${escapeControls(answer.reason.message)}\n${INDENT}${told(answer.reason.remedy)}\n`;
  }
}

/** @param ending of the form of the receipt that is read: ".txt" */
export function sameAnswersLine({ file }: PreviousReceipt, ending: string): string {
  const name = escapeControls(file.replace(/\.json$/, ending));
  return `Nothing changed since an earlier run. Every file has the answer that it has in ${name}.`;
}

/** Deleted photos may come back so, and a program may have put them there. */
export function notInPhoneLibrary(photos: number): string {
  const library = "unknown to the phone's photo library";
  if (photos === 1) return `1 photo is ${library}: a deleted one that came back, perhaps.`;
  return `${spaced(photos)} photos are ${library}: deleted ones that came back, perhaps.`;
}

/** They may be damaged on the phone, or shrunk by it. */
export function otherSizes(photos: number): string {
  const what = photos === 1 ? "1 photo" : `${spaced(photos)} photos`;
  const them = photos === 1 ? "it" : "them";
  return `The phone's photo library gives another size for ${what} than the phone has of ${them}.`;
}

function* extraCopiesText(head: ReceiptHead): Generator<string> {
  const extraCopies = extraCopiesOf(head);
  if (extraCopies.length === 0) return;
  yield `${extraCopiesLine(extraCopies)}\n`;
  for (const { name, path } of extraCopies)
    yield `    ${escapeControls(name)}   of ${escapeControls(path)}\n`;
  yield "\n";
}

/** What a person has to know of them; with the album where there is one. */
export function extraCopiesLine(copies: readonly ReceiptExtraCopy[]): string {
  const isOne = copies.length === 1;
  const what = isOne
    ? "1 extra copy of an edited photo"
    : `${spaced(copies.length)} extra copies of edited photos`;
  const gathered = copies.flatMap(({ album }) => album ?? []);
  const [album] = gathered;
  const isAll = gathered.length === copies.length;
  const some = gathered.length === 1 ? "1 of them is" : `${spaced(gathered.length)} of them are`;
  const which = isOne ? "It is" : isAll ? "They are" : some;
  const where = album === undefined ? "" : ` ${which} in the album "${escapeControls(album.name)}".`;
  return `Photos made ${what}, which no script can delete.${where}`;
}

function fileCount(files: number): string {
  return `${spaced(files)} ${files === 1 ? "file" : "files"}`;
}

function spaced(number: number): string {
  return number.toLocaleString("en-US");
}
