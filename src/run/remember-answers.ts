import type { Answer } from "../receipt/answer.js";

/** Some 20 MB. More are read from the ledger each time that they are asked for. */
const MOST_REMEMBERED = 32_768;

/**
 * Answers that are called for again and again, by each form of a receipt: where they are not too many, the first
 * calling that comes to its end serves all the others.
 * @param call gives the same answers each time
 */
export function rememberAnswers(call: () => Iterable<Answer>): () => Iterable<Answer> {
  let remembered: readonly Answer[] | null = null;
  function* callAndRemember(): Generator<Answer> {
    const all: Answer[] = [];
    for (const answer of call()) {
      if (all.length <= MOST_REMEMBERED) all.push(answer);
      yield answer;
    }
    if (all.length <= MOST_REMEMBERED) remembered = all;
  }
  return () => remembered ?? callAndRemember();
}
