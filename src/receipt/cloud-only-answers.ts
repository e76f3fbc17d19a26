import type { CloudOnlyItem, CloudOnlyPart } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import { REASONS } from "../plan/decision.js";
import { advise, choose } from "../remedy.js";
import type { AnswerWord } from "./answer.js";

/** What is said of a file that the phone knows and does not have. */
export interface AwayAnswer {
  readonly answer: Extract<AnswerWord, "in-trash" | "in-icloud-only" | "failed">;
  readonly reason: Reason;
}

const IN_TRASH: AwayAnswer = { answer: "in-trash", reason: REASONS.inTrash };

const DOWNLOAD =
  "On the phone: Settings > your name > iCloud > Photos > Download and Keep Originals, wait, then run this again";

const IN_ICLOUD_ONLY: Reason = {
  code: "IN_ICLOUD_ONLY",
  message: "its original is in iCloud and not on the phone",
  remedy: `${DOWNLOAD}.`,
};

/** What a photo answers whose original is in iCloud only. */
export function cloudOnlyAnswer({ trashed }: CloudOnlyItem): AwayAnswer {
  return trashed ? IN_TRASH : { answer: "in-icloud-only", reason: IN_ICLOUD_ONLY };
}

/** What a part answers that is in iCloud only, or was not found, while its photo is on the phone. */
export function awayPartAnswer({ role, trashed, declaredState }: CloudOnlyPart): AwayAnswer {
  if (trashed) return IN_TRASH;
  if (declaredState === "in-icloud") return { answer: "in-icloud-only", reason: PARTS_IN_ICLOUD_ONLY[role] };
  return { answer: "failed", reason: partNotFound(PART_WORDS[role]) };
}

const PART_WORDS: Readonly<Record<CloudOnlyPart["role"], string>> = {
  "live-movie": "the moving half of this Live Photo",
  raw: "the RAW half of this photo",
  edited: "the edited version of this photo",
  "edited-live-movie": "the moving half of the edited version of this photo",
};

function partNotFound(part: string): Reason {
  return {
    code: "PART_NOT_ON_THE_PHONE",
    message: `the phone's photo library says that ${part} is on the phone, and it was not found there`,
    remedy:
      "Keep the photo on the phone, and look in Photos there whether it is whole. The rest of it comes.",
  };
}

const MOVIE_IN_ICLOUD_ONLY: Reason = {
  code: "MOVIE_IN_ICLOUD_ONLY",
  message:
    "the moving half of this Live Photo is in iCloud and not on the phone: only its still can be imported",
  remedy: `${DOWNLOAD}: the Live Photo then comes whole, as a second photo where the still was imported already.`,
};

const EDIT_IN_ICLOUD_ONLY: Reason = {
  code: "EDIT_IN_ICLOUD_ONLY",
  message:
    "the edited version of this photo is in iCloud and not on the phone: only its original can be imported",
  remedy: advise`${DOWNLOAD}, with ${choose("reimport-edited")} where the original was imported already.`,
};

const PARTS_IN_ICLOUD_ONLY: Readonly<Record<CloudOnlyPart["role"], Reason>> = {
  "live-movie": MOVIE_IN_ICLOUD_ONLY,
  raw: {
    code: "RAW_IN_ICLOUD_ONLY",
    message: "the RAW half of this photo is in iCloud and not on the phone: only its picture can be imported",
    remedy: `${DOWNLOAD}: the pair then comes whole, as a second photo where the picture was imported already.`,
  },
  edited: EDIT_IN_ICLOUD_ONLY,
  "edited-live-movie": EDIT_IN_ICLOUD_ONLY,
};
