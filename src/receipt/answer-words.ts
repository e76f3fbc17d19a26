import type { Answer, AnswerWord } from "./answer.js";

/** What people read in place of an answer, whose own word is for programs. */
interface AnswerInWords {
  /** A few words, for many files too. */
  readonly name: string;
  /** What the name means, for a reader who has not seen it before. */
  readonly meaning: string;
  /** What is said of one file, as the rest of a sentence. */
  readonly ofOne: string;
}

/** The one table of these words: text, page and the list of what may leave read it. */
export const ANSWER_WORDS: Readonly<Record<AnswerWord, AnswerInWords>> = {
  proved: {
    name: "proved",
    meaning: "the bytes kept are the bytes from the phone",
    ofOne: "its bytes were read in Photos, and what was read off the phone is not known",
  },
  present: {
    name: "present",
    meaning: "listed under its id with the same name; bytes not read",
    ofOne: "Photos lists it, and its bytes were not read",
  },
  "not-chosen": {
    name: "left out by you",
    meaning: "left out by your selection, your mark, or because only its edit is new",
    ofOne: "you left it out",
  },
  hidden: {
    name: "hidden",
    meaning: "hidden on the phone",
    ofOne: "it is hidden on the phone, and was not imported",
  },
  "in-trash": {
    name: "Recently Deleted",
    meaning: "in Recently Deleted on the phone",
    ofOne: "it is in Recently Deleted on the phone, and was not imported",
  },
  "in-icloud": {
    name: "iCloud Photos",
    meaning: "the phone keeps it in iCloud Photos; not imported",
    ofOne: "the phone keeps it in iCloud Photos, and it was not imported",
  },
  "in-icloud-only": {
    name: "in iCloud only",
    meaning: "not on the phone until Download and Keep Originals is switched on there",
    ofOne: "it is in iCloud, and not on the phone",
  },
  "set-aside": {
    name: "not a photo",
    meaning: "not a photo or video of its own, or an edit that Photos cannot be given",
    ofOne: "it was not imported",
  },
  removed: {
    name: "removed",
    meaning: "imported before, deleted in Photos since",
    ofOne: "it was imported before, and deleted in Photos since",
  },
  failed: { name: "failed", meaning: "did not arrive", ofOne: "it did not arrive" },
  differs: {
    name: "differs",
    meaning: "the bytes kept are not the bytes from the phone",
    ofOne: "the bytes in Photos are not the bytes from the phone",
  },
  missing: {
    name: "missing",
    meaning: "gone from where it was kept",
    ofOne: "it is gone from where Photos kept it",
  },
  unknown: {
    name: "unknown",
    meaning: "Photos would not say",
    ofOne: "Photos would not say whether it is there",
  },
};

/** Of a copy, which Photos knows nothing of. */
const MEANINGS_OF_COPIES: Readonly<Partial<Record<AnswerWord, string>>> = {
  present: "there with its size; bytes not read",
  unknown: "could not be read",
};

/** What an answer means, of files that went into Photos or into a folder. */
export function meaningOf(word: AnswerWord, kind: "photos" | "folder"): string {
  return (kind === "folder" ? MEANINGS_OF_COPIES[word] : undefined) ?? ANSWER_WORDS[word].meaning;
}

/** Of one file its reason may tell more: an edit that was left is a photo, and a text is none. */
const BY_REASON: Readonly<Partial<Record<string, Pick<AnswerInWords, "name" | "meaning">>>> = {
  "set-aside UNKNOWN_KIND": { name: "not a photo", meaning: "not a photo or video" },
  "set-aside EMPTY_FILE": { name: "empty file", meaning: "there is nothing in it" },
  "set-aside HIDDEN_BY_NAME": { name: "not a photo", meaning: "kept by the phone for itself" },
  "set-aside EDIT_NOT_CARRIED": { name: "edit left", meaning: "an edit that Photos cannot be given" },
  "set-aside ADJUSTMENTS_WITHOUT_ORIGINAL": {
    name: "edit left",
    meaning: "an edit, and what was edited is not beside it",
  },
  "set-aside EDIT_RECORD": { name: "edit left", meaning: "belongs to an edit, and Photos takes none such" },
  "not-chosen EDITED_SINCE": { name: "edit left", meaning: "an edit that was made after its photo came" },
};

/** How one file is named for a person, and what that means. */
export function wordsOf({
  answer,
  reason,
  notInPhoneLibrary,
}: Pick<Answer, "answer" | "reason" | "notInPhoneLibrary">): Pick<AnswerInWords, "name" | "meaning"> {
  const { name, meaning } = BY_REASON[`${answer} ${reason?.code}`] ?? ANSWER_WORDS[answer];
  return { name, meaning: notInPhoneLibrary === true ? `${meaning}; ${NOT_KNOWN_THERE}` : meaning };
}

/** Of one file. */
export const NOT_KNOWN_THERE = "the phone's photo library does not know it";

/** So wide is the longest name. */
export const WIDEST_NAME = Object.values(ANSWER_WORDS).reduce(
  (widest, { name }) => Math.max(widest, name.length),
  0,
);
