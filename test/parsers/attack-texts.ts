/** A text on which a regular expression may have to try much: `before`, then `pump` again and again, then `after`. */
export interface AttackText {
  readonly before: string;
  readonly pump: string;
  readonly after: string;
}

/** What may stand behind the repeated part so that the whole does not match after all. */
const ENDINGS = ["", "\u0001", "\n", "/"];
/** Of a set of letters, which of these are in it stand for it. */
const LETTERS = [" ", "a", "0", "\n", "/", ".", "A", "-", "_", "\0", "'", "=", "{", "\u00e9", "\u{1F600}"];
const MOST_SAMPLES = 2;
/** What repeats less often costs nothing. */
const FEW = 10;

type Atom =
  | { readonly kind: "letters"; readonly samples: readonly string[] }
  | { readonly kind: "group"; readonly choices: readonly (readonly Item[])[] }
  | { readonly kind: "nothing" };

interface Item {
  readonly atom: Atom;
  readonly min: number;
  readonly max: number;
}

/**
 * For each loop of a pattern (`*`, `+`, `{n,}`) the texts that make it run: what leads to it, then what it repeats; and
 * what leads to it together with one turn of it, again and again, since a search begins at each letter anew.
 */
export function attackTexts(source: string, flags: string): AttackText[] {
  const choices = parse(source, flags);
  const found = new Map<string, AttackText>();
  const add = (before: string, pump: string) => {
    if (pump === "") return;
    for (const after of ENDINGS) found.set(JSON.stringify([before, pump, after]), { before, pump, after });
  };
  const walk = (sequences: readonly (readonly Item[])[], before: string) => {
    for (const items of sequences) {
      let lead = before;
      for (const { atom, min, max } of items) {
        if (max > FEW) {
          for (const turn of samplesOf(atom)) {
            add(lead, turn);
            add("", lead + turn);
          }
        }
        if (atom.kind === "group") walk(atom.choices, lead);
        lead += turnsOf(atom, min, 1);
      }
    }
  };
  walk(choices, "");
  return [...found.values()];
}

function samplesOf(atom: Atom): readonly string[] {
  if (atom.kind === "letters") return atom.samples;
  if (atom.kind === "nothing") return [];
  const withAndWithout = atom.choices
    .slice(0, MOST_SAMPLES)
    .flatMap((items) =>
      [1, 0].map((least) => items.map(({ atom: one, min }) => turnsOf(one, min, least)).join("")),
    );
  return [...new Set(withAndWithout)];
}

/** What may be left out is, with `least` 0. */
function turnsOf(atom: Atom, min: number, least: number): string {
  return (samplesOf(atom)[0] ?? "").repeat(Math.min(Math.max(min, least), 64));
}

/** As much of the grammar of patterns as it takes to find their loops. */
function parse(source: string, flags: string): readonly (readonly Item[])[] {
  let at = 0;
  const setFlags = flags.replaceAll(/[gym]/g, "");
  const lettersOf = (set: string): Atom => {
    const test = new RegExp(`^(?:${set})$`, setFlags);
    const fitting = LETTERS.filter((letter) => test.test(letter));
    const literal = set.length === 1 ? [set] : [];
    return { kind: "letters", samples: (fitting.length > 0 ? fitting : literal).slice(0, MOST_SAMPLES) };
  };
  const choicesUntilClosed = (): Item[][] => {
    const choices: Item[][] = [[]];
    while (at < source.length && source[at] !== ")") {
      if (source[at] === "|") {
        choices.push([]);
        at += 1;
      } else choices.at(-1)!.push(item());
    }
    at += 1;
    return choices;
  };
  const item = (): Item => {
    const atom = atomHere();
    const [quantifier = ""] = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at)) ?? [];
    at += quantifier.length;
    const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? [];
    if (least !== undefined) {
      const max = most !== "" ? Number(most) : comma === "" ? Number(least) : Number.POSITIVE_INFINITY;
      return { atom, min: Number(least), max };
    }
    const mark = quantifier[0];
    return {
      atom,
      min: mark === "*" || mark === "?" ? 0 : 1,
      max: mark === "*" || mark === "+" ? Infinity : 1,
    };
  };
  const atomHere = (): Atom => {
    const rest = source.slice(at);
    const [opening] = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(rest) ?? [];
    if (opening !== undefined) {
      at += opening.length;
      const choices = choicesUntilClosed();
      return opening === "(?!" || opening.startsWith("(?<!") || opening === "(?<="
        ? { kind: "nothing" }
        : { kind: "group", choices };
    }
    const [token = rest[0]!] =
      /^(?:\[\^?(?:\\.|[^\]\\])*\]|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|p\{\w+\}|.))/s.exec(rest) ?? [];
    at += token.length;
    return token === "^" || token === "$" || token === "\\b" ? { kind: "nothing" } : lettersOf(token);
  };
  const all = choicesUntilClosed();
  if (at !== source.length + 1) throw new Error(`the pattern /${source}/ is not understood at ${at}`);
  return all;
}
