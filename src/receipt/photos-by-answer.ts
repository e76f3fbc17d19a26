import { ANSWERS, type Answer, type AnswerWord, WRONG_ANSWERS } from "./answer.js";
import type { PhotosAndFiles } from "./photos-and-files.js";

/**
 * Whether `next` tells more of their photo than `known`. A photo answers as its original does, or as the first of its
 * files that is wrong, in the order of {@link ANSWERS}: so it is counted once, and no trouble is lost.
 */
function isMoreTelling(
  next: Answer,
  known: { readonly answer: AnswerWord; readonly isOriginal: boolean },
): boolean {
  const [isWrong, wasWrong] = [WRONG_ANSWERS.has(next.answer), WRONG_ANSWERS.has(known.answer)];
  if (isWrong !== wasWrong) return isWrong;
  if (isWrong) return ANSWERS.indexOf(next.answer) < ANSWERS.indexOf(known.answer);
  return !known.isOriginal && next.path === next.item;
}

/** What one photo answers, of the answers of its files. At least one. */
export function photoAnswer(files: readonly Answer[]): AnswerWord {
  return files.reduce(
    (known, next) =>
      isMoreTelling(next, known) ? { answer: next.answer, isOriginal: next.path === next.item } : known,
    { answer: files[0]!.answer, isOriginal: files[0]!.path === files[0]!.item },
  ).answer;
}

/** The same for many photos, whose files come in any order. The one place where photos are counted by answer. */
export class PhotosByAnswer {
  readonly #known = new Map<string, { answer: AnswerWord; isOriginal: boolean }>();

  add(answer: Answer): void {
    const known = this.#known.get(answer.item);
    const isOriginal = answer.path === answer.item;
    if (known === undefined) this.#known.set(answer.item, { answer: answer.answer, isOriginal });
    else if (isMoreTelling(answer, known)) {
      known.answer = answer.answer;
      known.isOriginal = isOriginal;
    }
  }

  get items(): number {
    return this.#known.size;
  }

  byAnswer(): Record<AnswerWord, number> {
    const counts = Object.fromEntries(ANSWERS.map((word) => [word, 0])) as Record<AnswerWord, number>;
    for (const { answer } of this.#known.values()) counts[answer] += 1;
    return counts;
  }
}

/** Of totals: files by answer, and photos where the receipt has them (those of older versions have files only). */
export interface CountedByAnswer {
  readonly byAnswer: Readonly<Record<AnswerWord, number>>;
  readonly itemsByAnswer?: Readonly<Record<AnswerWord, number>>;
}

/** So many photos answer so, and so many files. */
export function countOf({ byAnswer, itemsByAnswer }: CountedByAnswer, word: AnswerWord): PhotosAndFiles {
  return { items: (itemsByAnswer ?? byAnswer)[word], files: byAnswer[word] };
}

/** The same of several answers. */
export function countOfAll(totals: CountedByAnswer, words: Iterable<AnswerWord>): PhotosAndFiles {
  const sum = { items: 0, files: 0 };
  for (const word of words) {
    const { items, files } = countOf(totals, word);
    sum.items += items;
    sum.files += files;
  }
  return sum;
}
