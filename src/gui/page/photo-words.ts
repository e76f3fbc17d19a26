import type { PhotoItem, TileAnswer } from "./server-state.js";
import { day, length, shortName, size, time } from "./words.js";

export const KINDS = ["photo", "live", "video", "raw", "screenshot"] as const;

const KIND_WORDS: Readonly<Record<PhotoItem["kind"], string>> = {
  photo: "Photo",
  live: "Live Photo",
  video: "Video",
  raw: "RAW photo",
  screenshot: "Screenshot",
};

const ANSWER_WORDS: Readonly<Record<TileAnswer["answer"], string>> = {
  copied: "copied",
  imported: "in Photos",
  proved: "proved",
  failed: "failed",
};

export function kindWords(kind: PhotoItem["kind"]): string {
  return KIND_WORDS[kind];
}

export function answerWords(answer: TileAnswer["answer"]): string {
  return ANSWER_WORDS[answer];
}

/** Whether a person may choose it for an import. */
export function canBeChosen({ state, mayBeChosen }: PhotoItem): boolean {
  return state === "new" || state === "again" || mayBeChosen === true;
}

/** What is the case with it, in a word or two. */
export function stateWords({ state, note }: PhotoItem): string {
  switch (state) {
    case "new":
      return "new";
    case "again":
      return "to be tried again";
    case "imported":
      return "already imported";
    case "icloud-only":
      return "in iCloud only";
    case "left":
      return note ?? "not imported by itself";
  }
}

/**
 * The name of a tile for somebody who does not see it:
 * "Live Photo, 3 May 2026, 14:02, IMG_0001.HEIC, favourite, 4.1 MB, new".
 */
export function photoWords(photo: PhotoItem, answer?: TileAnswer): string {
  const words = [KIND_WORDS[photo.kind], day(photo.at), time(photo.at), shortName(photo.name)];
  if (photo.seconds !== undefined) words.push(`${length(photo.seconds)} long`);
  if (photo.isFavorite) words.push("favourite");
  if (photo.isEdited) words.push("edited");
  if (photo.bytes > 0) words.push(size(photo.bytes));
  if (answer === undefined) words.push(stateWords(photo));
  else words.push(ANSWER_WORDS[answer.answer], ...(answer.reason === undefined ? [] : [answer.reason]));
  return words.join(", ");
}
