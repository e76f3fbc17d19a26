import type { Answer } from "../../receipt/answer.js";
import { escapeControls } from "../../text/escape-controls.js";
import { count } from "../../words/wording.js";
import { inCommandWords } from "./command-words.js";

/** So many files are named on the screen; the receipt names all. */
export const MOST_NAMED = 20;
/** Where there are more, so many files of one kind are still named one by one. */
const NAMED_OF_A_KIND = 3;

/** Files with one answer for one reason. */
export interface WrongKind {
  readonly files: number;
  /** At most {@link MOST_NAMED} of them. */
  readonly named: readonly Answer[];
}

/** Gathers them. What is kept grows with the kinds, not with the files: reasons have codes from a small set. */
export class WrongKinds {
  readonly #kinds = new Map<string, { files: number; readonly named: Answer[] }>();

  add(answer: Answer): void {
    const key = `${answer.answer} ${answer.reason?.code ?? ""}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) this.#kinds.set(key, (kind = { files: 0, named: [] }));
    kind.files += 1;
    if (kind.named.length < MOST_NAMED) kind.named.push(answer);
  }

  all(): readonly WrongKind[] {
    return [...this.#kinds.values()];
  }
}

/** Each file by name; where they are many, those with one reason in one sentence with their count, the few others by name. */
export function* wrongKindLines(kinds: readonly WrongKind[]): Generator<string> {
  const isMany = kinds.reduce((sum, { files }) => sum + files, 0) > MOST_NAMED;
  let places = MOST_NAMED;
  let [together, more] = [0, 0];
  for (const { files, named } of kinds) {
    const [first] = named;
    if (first === undefined) continue;
    if (isMany && files > NAMED_OF_A_KIND) {
      together += files;
      yield* lineOf(`${count(files)} files, one is ${escapeControls(first.path)}`, first);
      continue;
    }
    const byName = named.slice(0, places);
    places -= byName.length;
    more += files - byName.length;
    for (const one of byName) yield* lineOf(escapeControls(one.path), one);
  }
  if (more > 0) yield `  and ${count(more)} more: see the receipt`;
  else if (together > 0) yield "  The receipt names each of them.";
}

function* lineOf(which: string, { answer, reason }: Answer): Generator<string> {
  yield `  ${which}   ${answer}: ${escapeControls(reason?.message ?? "no reason was given")}`;
  if (reason?.remedy) yield `      ${escapeControls(inCommandWords(reason.remedy))}`;
}
