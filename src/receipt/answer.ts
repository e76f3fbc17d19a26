import type { Reason } from "../errors.js";

/** What the receipt says about one file. A closed set; each file has exactly one. */
export const ANSWERS = [
  "proved",
  "present",
  "not-chosen",
  "hidden",
  "in-trash",
  "in-icloud",
  "in-icloud-only",
  "set-aside",
  "removed",
  "failed",
  "differs",
  "missing",
  "unknown",
] as const;

/** One of {@link ANSWERS}. docs/guides/what-is-proved.md says what each means. */
export type AnswerWord = (typeof ANSWERS)[number];

/** Why a photo must not be deleted on the phone although its bytes are elsewhere. A closed set. */
export const CLOUD_WORDS = ["synced", "shared-library", "unknown"] as const;

/** One of {@link CLOUD_WORDS}. The schema says what each means. */
export type CloudWord = (typeof CLOUD_WORDS)[number];

/** The answers after which a person has something to do: exit status 3. */
export const WRONG_ANSWERS: ReadonlySet<AnswerWord> = new Set(["failed", "differs", "missing", "unknown"]);

/** The code of a file that Photos refused so often that no run tries it again by itself: `failed`, and no news. */
export const REFUSED_BEFORE = "REFUSED_BEFORE";

/**
 * What became of one file of the phone. The published schema says what each field means; times are ISO 8601.
 * (`answerSchema` written out, so that a name that is not in it is an error here although a reader tolerates it.)
 */
export interface Answer {
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly modifiedAt: string | null;
  readonly item: string;
  readonly answer: AnswerWord;
  readonly thisRun: boolean;
  readonly sha256: string | null;
  readonly photosId: string | null;
  readonly checkedAt: string | null;
  readonly evidence: readonly string[];
  readonly reason: Reason | null;
  readonly belongsTo?: string;
  readonly cloud?: CloudWord;
  readonly burst?: string;
  readonly takenAt?: string;
  readonly name?: string;
  readonly notInPhoneLibrary?: true;
  readonly sizeSaidBytes?: number;
}

/** What an earlier run said of a file, in the words of one that imported nothing. */
export function asOfEarlier(answer: Answer): Answer {
  return answer.thisRun ? { ...answer, thisRun: false } : answer;
}
