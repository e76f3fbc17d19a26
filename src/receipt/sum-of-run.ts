import { NOT_SEEN_BY_ITSELF } from "../ledger/ledger-entry.js";
import { calledPhone } from "../phone/phone-models.js";
import { REASONS } from "../plan/decision.js";
import { escapeControls } from "../text/escape-controls.js";
import { type Answer, REFUSED_BEFORE, WRONG_ANSWERS } from "./answer.js";
import { count, counted } from "./html/in-words.js";
import { isAllSeen, leftOf, leftSentence } from "./left-to-icloud.js";
import { notAsSentOf, type ReceiptHead } from "./receipt.js";
import { sentence } from "./why-it-stays.js";

/** What the sum of a run is made of; of the files that this run imported, not of all that the roll names. */
export interface RunCounts {
  /** Without those that Photos refused in earlier runs, and that were left alone: no news. */
  readonly wrongFiles: number;
  readonly wrongItems: number;
  /** Of these photos the original is where it should be: a part is not. */
  readonly wrongParts: number;
  /** All files that are wrong are of this one answer. */
  readonly onlyFailed: boolean;
  /** Files that this run imported, of which no more is known than that they are listed. */
  readonly newPresent: number;
  /** Of these, parts that Photos shows no script by themselves: a half, an edit. */
  readonly newNotSeen: number;
  /** Photos of this run of which a file is listed and no more, and the others. */
  readonly newPresentItems: number;
  readonly newProvedItems: number;
  /** Photos that the person's own selection leaves out. */
  readonly leftOut: number;
}

/** Adds up what the sum of a run is made of. The files of a photo may come in any order. */
export class RunSum {
  readonly #wrongItems = new Set<string>();
  readonly #wrongOriginals = new Set<string>();
  readonly #newItems = new Set<string>();
  readonly #newPresentItems = new Set<string>();
  readonly #leftOut = new Set<string>();
  #wrongFiles = 0;
  #failedFiles = 0;
  #newPresent = 0;
  #newNotSeen = 0;

  add({ answer, path, item, reason, thisRun }: Answer): void {
    if (reason?.code === REASONS.notSelected.code) this.#leftOut.add(item);
    if (WRONG_ANSWERS.has(answer)) {
      if (reason?.code === REFUSED_BEFORE) return;
      this.#wrongFiles += 1;
      if (answer === "failed") this.#failedFiles += 1;
      this.#wrongItems.add(item);
      if (path === item) this.#wrongOriginals.add(item);
    } else if (thisRun && (answer === "proved" || answer === "present")) {
      this.#newItems.add(item);
      if (answer === "proved") return;
      this.#newPresent += 1;
      this.#newPresentItems.add(item);
      if (reason?.code === NOT_SEEN_BY_ITSELF) this.#newNotSeen += 1;
    }
  }

  counts(): RunCounts {
    return {
      wrongFiles: this.#wrongFiles,
      wrongItems: this.#wrongItems.size,
      wrongParts: this.#wrongItems.size - this.#wrongOriginals.size,
      onlyFailed: this.#failedFiles === this.#wrongFiles,
      newPresent: this.#newPresent,
      newNotSeen: this.#newNotSeen,
      newPresentItems: this.#newPresentItems.size,
      newProvedItems: this.#newItems.size - this.#newPresentItems.size,
      leftOut: this.#leftOut.size,
    };
  }
}

export function runCounts(answers: Iterable<Answer>): RunCounts {
  const sum = new RunSum();
  for (const answer of answers) sum.add(answer);
  return sum.counts();
}

/** The sum of a run in one line, as text and page begin with it: first what is wrong, then what came. */
export function sumLine(head: ReceiptHead, counts: RunCounts): string {
  const left = leftOf(head);
  const wrong = wrongSentence(counts);
  const namesLeft = left !== undefined && (head.totals.thisRun.items > 0 || isAllSeen(left));
  return [
    wrong,
    ...notAsSentSentences(head),
    cameSentence(head, counts),
    namesLeft ? `${leftSentence(left)}.` : null,
  ]
    .filter((sentence) => sentence !== null)
    .join(" ");
}

/** Where the numbers in Photos are not those that were sent, each as a sentence. */
function notAsSentSentences(head: Pick<ReceiptHead, "destination">): string[] {
  return notAsSentOf(head).map(({ message }) => escapeControls(sentence(message)));
}

/** "1 photo did not arrive (2 files)."; null where nothing is wrong. */
export function wrongSentence(counts: RunCounts): string | null {
  const { wrongFiles, wrongItems, wrongParts, onlyFailed } = counts;
  if (wrongFiles === 0) return null;
  const were = wrongItems === 1 ? "it was" : "they were";
  const arrived = onlyFailed ? "did not arrive" : `did not arrive, or could not be found as ${were}`;
  // A photo that lacks its edit or its moving half did arrive.
  const partly =
    wrongParts === wrongItems ? "did not arrive whole: a part is not as it was" : `${arrived}, or not whole`;
  return `${counted(wrongItems, "photo")} ${wrongParts === 0 ? arrived : partly} (${counted(wrongFiles, "file")}).`;
}

/**
 * "412 new photos, all proved: the bytes in Photos are the bytes from the phone."; where none came, why. What was left
 * to iCloud Photos is told here only where it is all that there is to tell.
 */
export function cameSentence(head: ReceiptHead, counts: RunCounts): string {
  const { totals, destination, phone } = head;
  const { items } = totals.thisRun;
  if (items > 0) {
    const proof = destination.kind === "folder" ? folderProof(counts, items) : photosProof(counts, items);
    return `${counted(items, "new photo")}, ${proof}`;
  }
  const left = leftOf(head);
  if (left !== undefined && !isAllSeen(left)) return `${leftSentence(left)}.`;
  const name = escapeControls(calledPhone(phone));
  return counts.wrongFiles > 0 ? `Nothing new came from ${name}.` : nothingNew(name, counts.leftOut);
}

/** "Nothing new" alone would be untrue where a selection keeps photos out. */
export function nothingNew(name: string, leftOut: number): string {
  if (leftOut === 0) return `Nothing new on ${name}.`;
  return `Nothing new on ${name} fits your selection; ${counted(leftOut, "photo")} ${leftOut === 1 ? "is" : "are"} left out by it.`;
}

function folderProof({ newPresent }: RunCounts, items: number): string {
  return newPresent === 0
    ? `${all(items)}proved: read back, the bytes on the disk are the bytes from the phone.`
    : `listed with ${items === 1 ? "its size" : "their sizes"}; the bytes were not read back.`;
}

function photosProof(counts: RunCounts, items: number): string {
  const { newPresent, newPresentItems, newProvedItems } = counts;
  if (newPresent === 0) return `${all(items)}proved: the bytes in Photos are the bytes from the phone.`;
  const each = items === 1 ? "it" : "each";
  if (newProvedItems === 0)
    return `${all(items)}read back: Photos lists ${each} under its id with the name it was given${notSeen(counts)}.`;
  return (
    `${counted(newProvedItems, "photo")} proved: the bytes in Photos are the bytes from the phone; ` +
    `${newPresentItems === 1 ? "1 is" : `${count(newPresentItems)} are`} listed by Photos, and the receipt says why no more is known${notSeen(counts)}.`
  );
}

function all(items: number): string {
  return items === 1 ? "" : "all ";
}

/** Who hears "read back" is told of what it is not true. */
function notSeen({ newNotSeen }: RunCounts): string {
  if (newNotSeen === 0) return "";
  return newNotSeen === 1
    ? "; 1 part (a moving or RAW half, an edit) was not seen by itself"
    : `; ${count(newNotSeen)} parts (moving and RAW halves, edits) were not seen by themselves`;
}
