import type { Answer } from "./answer.js";

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
