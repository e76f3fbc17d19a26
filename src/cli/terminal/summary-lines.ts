import { NOT_IN_ALBUM } from "../../ledger/ledger-entry.js";
import { REASONS } from "../../plan/decision.js";
import type { LeftToICloud } from "../../plan/icloud-look.js";
import { type Answer, type AnswerWord, REFUSED_BEFORE, WRONG_ANSWERS } from "../../receipt/answer.js";
import { apartSentence, HALVES_APART } from "../../receipt/came-apart.js";
import { isAllSeen, leftOf, leftRemedy, leftSentence, lookSentence } from "../../receipt/left-to-icloud.js";
import { photosAndFiles } from "../../receipt/photos-and-files.js";
import { type CountedByAnswer, countOf, countOfAll } from "../../receipt/photos-by-answer.js";
import { extraCopiesOf, notAsSentOf, type ReceiptHead } from "../../receipt/receipt.js";
import { extraCopiesLine, notInPhoneLibrary, otherSizes } from "../../receipt/receipt-text.js";
import { SIZE_NOT_AS_SAID } from "../../receipt/size-not-as-said.js";
import { cameSentence, type RunCounts, RunSum, wrongSentence } from "../../receipt/sum-of-run.js";
import { sentence } from "../../receipt/why-it-stays.js";
import { escapeControls } from "../../text/escape-controls.js";
import { count, counted, notPhotos, tilde } from "../../words/wording.js";
import { inCommandWords } from "./command-words.js";
import { day } from "./format-day.js";
import { MOST_NAMED, type WrongKind, WrongKinds, wrongKindLines } from "./wrong-kinds.js";

/** A finished run as a person reads it: the sum first, then what is wrong, then where the rest stands. */
export function summaryLines(
  head: ReceiptHead,
  answers: Iterable<Answer>,
  receiptPath: string | null,
): string[] {
  const seen = lookThrough(answers);
  const { thisRun } = head.totals;
  const lines: string[] = [];
  if (seen.wrongFiles > 0) for (const line of wrongLines(seen)) lines.push(line);
  for (const { message, remedy } of notAsSentOf(head))
    lines.push(
      `error: ${escapeControls(sentence(message))}`,
      `      ${escapeControls(inCommandWords(remedy))}`,
    );
  const left = leftOf(head);
  if (thisRun.items > 0) lines.push(...newLines(head, seen));
  else if (left === undefined || isAllSeen(left))
    lines.push([cameSentence(head, seen), ...earlierAndElsewhere(head, seen)].join(" "));
  if (left !== undefined) for (const line of leftLines(left)) lines.push(line);
  if (thisRun.items === 0 && left !== undefined && !isAllSeen(left)) {
    const rest = earlierAndElsewhere(head, seen);
    if (rest.length > 0) lines.push(rest.join(" "));
  }
  const unknown = head.totals.notInPhoneLibrary ?? 0;
  if (unknown > 0) lines.push(`${notInPhoneLibrary(unknown)} ${receiptNames(unknown)}`);
  if (seen.otherSizes > 0) lines.push(`${otherSizes(seen.otherSizes)} ${receiptNames(seen.otherSizes)}`);
  if (seen.cameApart > 0) lines.push(`${apartSentence(seen.cameApart)} ${receiptNames(seen.cameApart)}`);
  const extraCopies = extraCopiesOf(head);
  if (extraCopies.length > 0)
    lines.push(`${extraCopiesLine(extraCopies)} ${receiptNames(extraCopies.length)}`);
  if (receiptPath !== null) lines.push(`Receipt: ${tilde(receiptPath)}`);
  return lines;
}

function receiptNames(photos: number): string {
  return `The receipt names ${photos === 1 ? "it" : "them"}.`;
}

/** Answers, looked through once. */
export interface SeenAnswers extends RunCounts {
  /** Photos that Photos refused in earlier runs, and that were left alone: no news. */
  readonly refusedBefore: number;
  /** What went wrong, by answer and reason. */
  readonly wrongKinds: readonly WrongKind[];
  /** Files that were deleted in Photos, at most {@link MOST_NAMED}. */
  readonly removed: readonly Answer[];
  /** Photos that the library had from elsewhere. */
  readonly foundThere: number;
  /** Files that Photos only refers to: the staged ones are the photos. */
  readonly newReferenced: number;
  /** Photos of this run whose content replaced another one on the phone. */
  readonly changed: number;
  /** Photos whose edit was made after they were imported. */
  readonly newEdits: number;
  /** Photos whose edit Photos cannot be given: it is on the phone alone. */
  readonly editsNotCarried: number;
  /** The files of these edits. */
  readonly editFilesNotCarried: number;
  /** Photos of this run that are in the library and that no script, and so no album, is shown. */
  readonly notInAlbum: number;
  /** Photos of this run whose file is not as large as the phone's library says. */
  readonly otherSizes: number;
  /** Photos of this run that are two items in Photos. */
  readonly cameApart: number;
  readonly importedBefore: number;
  readonly lastCheckedAt: Date | null;
  readonly lastWord: "proved" | "checked";
}

export function lookThrough(answers: Iterable<Answer>): SeenAnswers {
  const wrongKinds = new WrongKinds();
  const removed: Answer[] = [];
  const sum = new RunSum();
  const refusedBefore = new Set<string>();
  const changed = new Set<string>();
  const foundThere = new Set<string>();
  const editsNotCarried = new Set<string>();
  const notInAlbum = new Set<string>();
  const newEdits = new Set<string>();
  const otherSizes = new Set<string>();
  const cameApart = new Set<string>();
  let [newReferenced, editFilesNotCarried] = [0, 0];
  let [importedBefore, provedBefore] = [0, 0];
  let lastCheckedAt = "";
  for (const answer of answers) {
    sum.add(answer);
    if (answer.reason?.code === REASONS.contentChanged.code) changed.add(answer.item);
    if (answer.reason?.code === REASONS.editedSince.code) newEdits.add(answer.item);
    if (answer.thisRun && answer.reason?.code === SIZE_NOT_AS_SAID) otherSizes.add(answer.item);
    if (answer.thisRun && answer.reason?.code === HALVES_APART) cameApart.add(answer.item);
    if (answer.reason?.code === REASONS.foundInLibrary.code) foundThere.add(answer.item);
    if (answer.answer === "set-aside" && answer.reason?.code === "EDIT_NOT_CARRIED") {
      editsNotCarried.add(answer.item);
      editFilesNotCarried += 1;
    }
    if (answer.thisRun && answer.reason?.code === NOT_IN_ALBUM) notInAlbum.add(answer.item);
    if (answer.answer === "removed" && removed.length < MOST_NAMED) removed.push(answer);
    if (answer.thisRun && answer.reason?.code === "REFERENCED") newReferenced += 1;
    if (answer.reason?.code === REFUSED_BEFORE) refusedBefore.add(answer.item);
    else if (WRONG_ANSWERS.has(answer.answer)) {
      wrongKinds.add(answer);
    } else if (!answer.thisRun && (answer.answer === "proved" || answer.answer === "present")) {
      importedBefore += 1;
      if (answer.answer === "proved") provedBefore += 1;
      if ((answer.checkedAt ?? "") > lastCheckedAt) lastCheckedAt = answer.checkedAt!;
    }
  }
  return {
    ...sum.counts(),
    refusedBefore: refusedBefore.size,
    wrongKinds: wrongKinds.all(),
    removed,
    foundThere: foundThere.size,
    newReferenced,
    changed: changed.size,
    newEdits: newEdits.size,
    editsNotCarried: editsNotCarried.size,
    editFilesNotCarried,
    notInAlbum: notInAlbum.size,
    otherSizes: otherSizes.size,
    cameApart: cameApart.size,
    importedBefore,
    lastCheckedAt: lastCheckedAt === "" ? null : new Date(lastCheckedAt),
    lastWord: provedBefore === importedBefore ? "proved" : "checked",
  };
}

/** What went wrong, with the first of the files by name. */
export function wrongLines(seen: SeenAnswers): string[] {
  const lines = [`error: ${wrongSentence(seen)}`];
  for (const line of wrongKindLines(seen.wrongKinds)) lines.push(line);
  return lines;
}

function newLines(head: ReceiptHead, seen: SeenAnswers): string[] {
  const { destination, totals } = head;
  const verb = totals.thisRun.items === 1 ? "is" : "are";
  const apart = [...remarks(seen), ...elsewhere(totals, seen)];
  // Where something went wrong, the phone may be wanted again.
  const ending = seen.wrongFiles === 0 ? ["Safe to unplug."] : [];
  if (destination.kind === "folder") {
    const more = [
      `${verb === "is" ? "It is" : "They are"} in ${escapeControls(tilde(destination.path))}.`,
      ...apart,
      ...ending,
    ];
    return [cameSentence(head, seen), more.join("   ")];
  }
  const album =
    destination.album === null
      ? []
      : [`${verb === "is" ? "It is" : "They are"} in the album "${escapeControls(destination.album.name)}".`];
  const lines = [cameSentence(head, seen), [...album, ...apart, ...ending].join("   ")];
  if (seen.newReferenced > 0) lines.push(referencedLine(seen.newReferenced));
  if (seen.newPresent > 0 && head.evidence.liftedBy !== null)
    lines.push(`Not compared to the byte: ${escapeControls(inCommandWords(head.evidence.liftedBy))}`);
  return lines;
}

function referencedLine(files: number): string {
  if (files === 1)
    return "Photos keeps a reference to 1 file, no copy: the staged file is the photo. Do not delete it; rollcall staging shows where it is.";
  return `Photos keeps references to ${count(files)} files, no copies: the staged files are the photos. Do not delete them; rollcall staging shows where they are.`;
}

/** What came before, and where the rest is; nothing where there is neither. */
function earlierAndElsewhere({ totals }: ReceiptHead, seen: SeenAnswers): string[] {
  const apart = [...remarks(seen), ...elsewhere(totals, seen)];
  if (seen.importedBefore === 0) return apart;
  const when = seen.lastCheckedAt === null ? "" : ` (last ${seen.lastWord} ${day(seen.lastCheckedAt)})`;
  const { items } = countOfAll(totals, ["proved", "present"]);
  const photos = { items: Math.max(0, items - totals.thisRun.items), files: seen.importedBefore };
  if (seen.importedBefore === totals.files)
    return [
      photos.items === 1
        ? `The ${photosAndFiles(photos)} that is on it was imported before${when}.`
        : `All ${photosAndFiles(photos)} that are on it were imported before${when}.`,
    ];
  const were = photos.items === 1 ? "was" : "were";
  return [`${photosAndFiles(photos)} ${were} imported before${when}.`, ...apart];
}

/** New photos that stay with iCloud Photos; first what was not done, then what was seen, then what to do. */
function leftLines(left: LeftToICloud): string[] {
  const remedy = leftRemedy(left);
  const sentence = `${leftSentence(left)}.`;
  if (remedy === null)
    return [isAllSeen(left) ? sentence : `${sentence} ${escapeControls(lookSentence(left))}`];
  return [sentence, `  ${escapeControls(lookSentence(left))}`, `  ${inCommandWords(remedy)}`];
}

/** What a person might wonder about. */
function remarks(seen: SeenAnswers): string[] {
  const { changed, newEdits, editsNotCarried, foundThere, refusedBefore, notInAlbum } = seen;
  const lines: string[] = [];
  if (refusedBefore > 0)
    lines.push(
      `${counted(refusedBefore, "photo")} that Photos refused before ${refusedBefore === 1 ? "was" : "were"} left alone: --retry tries once more.`,
    );
  if (notInAlbum > 0)
    lines.push(
      `${count(notInAlbum)} of them ${notInAlbum === 1 ? "is" : "are"} in the library and not in the album.`,
    );
  if (foundThere > 0) lines.push(`${counted(foundThere, "photo")} had come into the library some other way.`);
  if (changed > 0) lines.push(`${count(changed)} of them changed on the phone since imported before.`);
  if (newEdits > 0)
    lines.push(
      `${counted(newEdits, "photo")} edited since: --reimport-edited imports ${newEdits === 1 ? "it" : "them"} whole.`,
    );
  for (const line of editsThatStay(editsNotCarried)) lines.push(line);
  return lines;
}

/** Edits that Photos cannot be given; nothing where there are none. */
export function editsThatStay(edits: number): string[] {
  if (edits === 0) return [];
  return [
    `${edits === 1 ? "1 edit stays" : `${count(edits)} edits stay`} on the phone: the receipt says why.`,
  ];
}

/**
 * Where the photos are that did not come, each kind in a few words. What stays with iCloud Photos has lines of its own,
 * and so have edits that stay: their files are not counted among those that are not photos.
 */
export function elsewhere(
  totals: CountedByAnswer,
  { editFilesNotCarried }: Pick<SeenAnswers, "editFilesNotCarried">,
): string[] {
  const kinds: [AnswerWord, string][] = [
    ["in-icloud-only", "in iCloud only"],
    ["hidden", "hidden"],
    ["in-trash", "in Recently Deleted"],
    ["not-chosen", "not chosen"],
    ["removed", "removed in Photos"],
  ];
  const parts = kinds.flatMap(([word, words]) => {
    const { items, files } = countOf(totals, word);
    if (files === 0) return [];
    if (items === 0) return [`${counted(files, "file")} ${words}`];
    return [`${count(items)} ${words}${items === files ? "" : ` (${counted(files, "file")})`}`];
  });
  const others = countOf(totals, "set-aside").files - editFilesNotCarried;
  if (others > 0) parts.push(notPhotos(others));
  if (parts.length === 0) return [];
  return [`Not imported: ${parts.join(", ")}.`];
}
