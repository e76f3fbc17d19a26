import { RollcallError } from "../errors.js";

/** What one place of a pattern takes. */
type Piece =
  | { readonly kind: "letter"; readonly is: (letter: string) => boolean }
  | { readonly kind: "any-number" }
  | { readonly kind: "either"; readonly choices: readonly (readonly Piece[])[] };

/** A place in a name that is being read. Without `is` it is left for each of `next` without reading a letter. */
interface State {
  readonly is: ((letter: string) => boolean) | null;
  readonly next: readonly State[];
}

const LONGEST_PATTERN = 4_096;
/** Braces inside of more braces are letters. */
const DEEPEST_BRACES = 20;

/**
 * The test for the names that a shell pattern means, case folded: `*` any letters, `?` one, `[a-c]` and `[!a-c]` one of
 * these or none of these, `{jpg,png}` either, `\*` the letter itself. Parentheses are letters; so is a bracket or brace
 * that is not closed. A leading dot is nothing special.
 *
 * The time that a name takes is bounded by its length times that of the pattern: all places that it could have reached
 * are followed at once. A regular expression tries them one after the other, and `*a*a*a*a*b` then takes a name of 255
 * times `a`, which a phone may hold, for hours.
 * @throws RollcallError BAD_USAGE for a pattern that is too long
 */
export function namePattern(pattern: string): (name: string) => boolean {
  if (pattern.length > LONGEST_PATTERN) {
    throw new RollcallError("BAD_USAGE", {
      message: `The pattern has ${pattern.length} letters, of ${LONGEST_PATTERN} at most.`,
      option: "name",
      remedy: "Use a shorter one, such as 'IMG_12*'.",
    });
  }
  const end: State = { is: null, next: [] };
  const start = linked(piecesOf([...pattern]), end);
  return (name) => {
    let reached = withEmptySteps([start]);
    for (const letter of name) {
      const next: State[] = [];
      for (const state of reached) if (state.is?.(letter)) for (const one of state.next) next.push(one);
      if (next.length === 0) return false;
      reached = withEmptySteps(next);
    }
    return reached.has(end);
  };
}

function withEmptySteps(states: State[]): Set<State> {
  const reached = new Set<State>();
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    if (reached.has(state)) continue;
    reached.add(state);
    if (state.is === null) for (const next of state.next) states.push(next);
  }
  return reached;
}

/** @returns the state before the first piece */
function linked(pieces: readonly Piece[], after: State): State {
  return pieces.reduceRight<State>((next, piece) => {
    if (piece.kind === "letter") return { is: piece.is, next: [next] };
    if (piece.kind === "either") return { is: null, next: piece.choices.map((one) => linked(one, next)) };
    const again: State[] = [];
    const many = { is: null, next: again };
    again.push({ is: () => true, next: [many] }, next);
    return many;
  }, after);
}

function piecesOf(letters: readonly string[]): readonly Piece[] {
  const closing = closingBraces(letters);
  return readUntil(letters.length, 0).pieces;

  /** The pieces up to `end`, or up to a comma where that ends a choice. */
  function readUntil(end: number, from: number, isChoice = false): { pieces: Piece[]; at: number } {
    const pieces: Piece[] = [];
    let at = from;
    while (at < end) {
      const letter = letters[at]!;
      const close = closing.get(at);
      if (isChoice && letter === ",") break;
      if (letter === "*") {
        if (pieces.at(-1)?.kind !== "any-number") pieces.push({ kind: "any-number" });
        at += 1;
      } else if (letter === "?") {
        pieces.push({ kind: "letter", is: () => true });
        at += 1;
      } else if (close !== undefined) {
        const choices: Piece[][] = [];
        for (at += 1; at <= close; at += 1) {
          const choice = readUntil(close, at, true);
          choices.push(choice.pieces);
          at = choice.at;
        }
        pieces.push({ kind: "either", choices });
      } else {
        const one = letter === "[" ? setAt(letters, at, end) : null;
        const isEscape = letter === "\\" && at + 1 < end;
        const read = one ?? { is: isLetter(letters[isEscape ? at + 1 : at]!), at: at + (isEscape ? 2 : 1) };
        pieces.push({ kind: "letter", is: read.is });
        at = read.at;
      }
    }
    return { pieces, at };
  }
}

/** Where each brace that holds a comma is closed. */
function closingBraces(letters: readonly string[]): Map<number, number> {
  const closing = new Map<number, number>();
  const open: { readonly at: number; hasComma: boolean }[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at];
    if (letter === "\\") at += 1;
    else if (letter === "{") open.push({ at, hasComma: false });
    else if (letter === "," && open.length > 0) open.at(-1)!.hasComma = true;
    else if (letter === "}") {
      const brace = open.pop();
      if (brace?.hasComma && open.length < DEEPEST_BRACES) closing.set(brace.at, at);
    }
  }
  return closing;
}

/** `[a-c_]`; null where it is not closed. A `]` that comes first is one of the set. */
function setAt(letters: readonly string[], from: number, end: number) {
  const isNot = letters[from + 1] === "!" || letters[from + 1] === "^";
  const first = from + (isNot ? 2 : 1);
  const ranges: [low: string, high: string][] = [];
  for (let at = first; at < end; at += 1) {
    if (letters[at] === "]" && at > first) {
      const isIn = (letter: string) => ranges.some(([low, high]) => low <= letter && letter <= high);
      const is = (letter: string) => spellings(letter).some(isIn) !== isNot;
      return { is, at: at + 1 };
    }
    if (letters[at] === "\\" && at + 1 < end) at += 1;
    const isRange = letters[at + 1] === "-" && at + 2 < end && letters[at + 2] !== "]";
    ranges.push([letters[at]!, letters[isRange ? at + 2 : at]!]);
    if (isRange) at += 2;
  }
  return null;
}

function isLetter(wanted: string): (letter: string) => boolean {
  const folded = wanted.toLowerCase();
  return (letter) => letter === wanted || letter.toLowerCase() === folded;
}

function spellings(letter: string): readonly string[] {
  return [letter, letter.toLowerCase(), letter.toUpperCase()];
}
