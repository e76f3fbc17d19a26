import type { Answer, AnswerWord } from "../../../receipt/answer.js";
import { type PhotosAndFiles, photosAndFiles } from "../../../receipt/photos-and-files.js";
import { countOf, PhotosByAnswer } from "../../../receipt/photos-by-answer.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { count, counted } from "../../../words/wording.js";
import { inCommandWords } from "../../terminal/command-words.js";
import {
  editsThatStay,
  elsewhere,
  lookThrough,
  type SeenAnswers,
  wrongLines,
} from "../../terminal/summary-lines.js";

/** A receipt as it stands today, and what of it was looked at today. */
export interface CheckedAgain {
  readonly answers: Iterable<Answer>;
  readonly lookedAt: readonly Answer[];
  readonly looked: { readonly items: number; readonly of: number };
}

/** A receipt that was checked again today: the sum is of what was looked at, never of what was found before. */
export function recheckLines(head: ReceiptHead, checked: CheckedAgain): string[] {
  const seen = lookThrough(checked.answers);
  const { byAnswer } = head.totals;
  const isPart = checked.looked.items < checked.looked.of;
  const why = byAnswer.present === 0 ? null : head.evidence.liftedBy;
  return [
    ...(seen.wrongFiles > 0 ? wrongLines(seen) : []),
    foundToday(checked, head.destination.kind),
    ...(isPart ? [partLine(checked)] : []),
    ...removedLines(seen, countOf(head.totals, "removed")),
    ...editsThatStay(seen.editsNotCarried),
    ...elsewhere({ ...head.totals, byAnswer: { ...byAnswer, removed: 0 } }, seen),
    ...(why === null ? [] : [`Not compared to the byte: ${escapeControls(inCommandWords(why))}`]),
  ];
}

type DestinationKind = ReceiptHead["destination"]["kind"];

/** What is known of a file that is `present`: of a copy Photos knows nothing. */
export const PRESENT: Readonly<Record<DestinationKind, string>> = {
  photos: "listed by Photos",
  folder: "there, bytes not read",
};

/** How many photos and files were looked at and answer so. */
export function countToday(answers: Iterable<Answer>): (word: AnswerWord) => PhotosAndFiles {
  const photos = new PhotosByAnswer();
  const files = new Map<AnswerWord, number>();
  for (const answer of answers) {
    photos.add(answer);
    files.set(answer.answer, (files.get(answer.answer) ?? 0) + 1);
  }
  const items = photos.byAnswer();
  return (word) => ({ items: items[word], files: files.get(word) ?? 0 });
}

function foundToday({ lookedAt, looked }: CheckedAgain, kind: DestinationKind): string {
  if (looked.of === 0) return "Nothing of this run could be checked: it imported no file.";
  if (looked.items === 0) return NOTHING_LOOKED_AT;
  const today = countToday(lookedAt);
  const [proved, present] = [today("proved"), today("present")];
  const good: string[] = [];
  if (proved.files > 0) good.push(`${photosAndFiles(proved)} proved to the byte`);
  if (present.files > 0)
    good.push(`${photosAndFiles(present)} ${PRESENT[kind]}${kind === "photos" ? ", under id and name" : ""}`);
  if (good.length > 0) return `${good.join(", ")}.`;
  const all = `Looked for ${photosAndFiles({ items: looked.items, files: lookedAt.length })}`;
  const isOne = lookedAt.length === 1;
  if (today("removed").files < lookedAt.length)
    return `${all}: ${isOne ? "it is not there" : "none is there"} as it was imported.`;
  const inTrash = lookedAt.filter(({ reason }) => reason?.code === "TRASHED_IN_PHOTOS");
  if (inTrash.length === lookedAt.length)
    return `${all}: ${isOne ? "it lies" : "all lie"} in Recently Deleted of the library.`;
  if (isOne) return `${all}: it is not in the library any more.`;
  const there = countToday(inTrash)("removed");
  return `${all}: none is in the library any more${there.files === 0 ? "" : `; ${photosAndFiles(there)} of them ${there.items === 1 ? "lies" : "lie"} in Recently Deleted`}.`;
}

const NOTHING_LOOKED_AT =
  "Nothing was looked at: no photo of this run fits the selection. Leave out --since, or name an earlier date.";

/** Where not all was looked at, that has to be said. */
function partLine({ looked: { items, of } }: CheckedAgain): string {
  if (items === 0 && of === 1) return "There is 1 photo; it keeps what was found before.";
  if (items === 0) return `There are ${count(of)} photos; they keep what was found before.`;
  const others = of - items === 1 ? "the other one keeps" : "the others keep";
  return `Looked at ${count(items)} of ${counted(of, "photo")}; ${others} what was found before.`;
}

/** Nothing is wrong with deleting a photo, and a person who did not do it wants to know which. */
function removedLines({ removed }: SeenAnswers, all: PhotosAndFiles): string[] {
  if (all.files === 0) return [];
  const lines = [`Deleted in Photos since: ${photosAndFiles(all)}.`];
  for (const { path, reason } of removed)
    lines.push(`  ${escapeControls(path)}   ${escapeControls(reason?.message ?? "")}`.trimEnd());
  const more = all.files - removed.length;
  if (more > 0) lines.push(`  and ${counted(more, "file")} more: rollcall verify --json names all`);
  return lines;
}
