import type { Reason } from "../errors.js";
import type { Answer } from "./answer.js";
import { MEANINGS } from "./receipt-text.js";

/** Answers that come one after the other and belong to one photo, put together. */
export function* byItem(answers: Iterable<Answer>): Generator<readonly [Answer, ...Answer[]]> {
  let files: [Answer, ...Answer[]] | null = null;
  for (const answer of answers) {
    if (files !== null && files[0].item === answer.item) {
      files.push(answer);
      continue;
    }
    if (files !== null) yield files;
    files = [answer];
  }
  if (files !== null) yield files;
}

/**
 * True where every file of a photo is proved: the bytes kept equal the bytes from the phone. An edit that
 * was made later, a half that is only listed, or one that nobody could read keeps the whole photo on the phone.
 */
export function isWhollyProved(files: readonly Answer[]): boolean {
  return files.every(({ answer, sha256 }) => answer === "proved" && sha256 !== null);
}

/** What is known today besides the answers of a receipt that was checked again. */
export interface KnownToday {
  /** An answer that was last checked before this was not read again: it holds for then, not for today. */
  readonly checkedFrom: Date;
  /** False where the phone was since seen to hold something else under this path. */
  readonly isAsLastSeen: (answer: Answer) => boolean;
  /** Answers of later receipts of the same phone. */
  readonly later: Iterable<Answer>;
}

/** Which photos may leave the phone, and why the others stay. Every photo of the receipt is in one of the two. */
export interface Removal {
  readonly safe: readonly (readonly [Answer, ...Answer[]])[];
  readonly staying: readonly Staying[];
}

export interface Staying {
  readonly files: readonly [Answer, ...Answer[]];
  readonly reason: Reason;
}

/**
 * A photo may leave the phone when every one of its files is proved, was read again today, is what the phone was last
 * seen to hold, and no later receipt knows anything of it that is not proved: an edit, another file, a doubt.
 * @param answers of a receipt about Photos that was checked again just now
 */
export function safeToRemove(answers: Iterable<Answer>, known: KnownToday): Removal {
  const items = new Map<string, [Answer, ...Answer[]]>(); // wherever its files stand in the receipt
  const doubts = new Map<string, Reason>();
  for (const answer of answers) {
    const files = items.get(answer.item);
    if (files === undefined) items.set(answer.item, [answer]);
    else files.push(answer);
  }
  for (const later of known.later) {
    const isSame = items
      .get(later.item)
      ?.some(({ path, sha256 }) => path === later.path && sha256 === later.sha256);
    if (isSame !== true || later.answer !== "proved") doubts.set(later.item, doubtOf(later));
  }
  const safe: (readonly [Answer, ...Answer[]])[] = [];
  const staying: Staying[] = [];
  for (const files of items.values()) {
    const reason = whyStaying(files, known) ?? doubts.get(files[0].item) ?? null;
    if (reason === null) safe.push(files);
    else staying.push({ files, reason });
  }
  return { safe, staying };
}

/** Photos that stay for one reason, the most of them first. */
export function groupByReason(
  staying: readonly Staying[],
): { readonly reason: Reason; readonly items: number }[] {
  const groups = new Map<string, { reason: Reason; items: number }>();
  for (const { reason } of staying) {
    const key = `${reason.code} ${reason.message}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { reason, items: 1 });
    else group.items += 1;
  }
  return [...groups.values()].sort((a, b) => b.items - a.items);
}

export function sumOf(items: Iterable<readonly Answer[]>): {
  readonly files: number;
  readonly bytes: number;
} {
  const sum = { files: 0, bytes: 0 };
  for (const files of items) {
    sum.files += files.length;
    for (const { sizeBytes } of files) sum.bytes += sizeBytes ?? 0;
  }
  return sum;
}

function whyStaying(
  files: readonly [Answer, ...Answer[]],
  { checkedFrom, isAsLastSeen }: KnownToday,
): Reason | null {
  if (!isWhollyProved(files)) {
    const weak = files.filter(({ answer, sha256 }) => answer !== "proved" || sha256 === null);
    const [{ answer, reason }] = weak as [Answer];
    const what = reason?.message ?? MEANINGS[answer];
    return {
      code: reason?.code ?? (answer === "present" ? "NOT_READ" : answer.toUpperCase().replaceAll("-", "_")),
      message: weak.length === files.length ? `${answer}: ${what}` : `a part of it is ${answer}: ${what}`,
      remedy: reason?.remedy ?? "rollcall verify says what would prove it.",
    };
  }
  if (files.some(({ checkedAt }) => checkedAt === null || new Date(checkedAt) < checkedFrom))
    return {
      code: "NOT_READ_TODAY",
      message: "it was proved before, and could not be read again now",
      remedy: "rollcall verify says why.",
    };
  if (!files.every(isAsLastSeen))
    return {
      code: "CHANGED_SINCE",
      message: "the phone was since seen to hold something else under its name",
      remedy: "rollcall import brings what is new; then ask again.",
    };
  return null;
}

function doubtOf({ answer, reason }: Answer): Reason {
  return {
    code: "LATER_RECEIPT",
    message: `a later receipt says of it or of a part of it: ${answer}, ${reason?.message ?? MEANINGS[answer]}`,
    remedy: "Ask again with the newest receipt (no name).",
  };
}
