/** Narrower than this, an indented column of words reads worse than lines that begin at the left. */
const NARROWEST = 20;

/**
 * A line in parts no wider than the terminal, broken between words. What follows stands under where the words of the
 * line begin: behind its label, or in the last column of a table. A word that is wider than the terminal stays whole.
 */
export function betweenWords(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const words = startOfWords(line);
  const start = columns - words < NARROWEST ? leadingSpaces(line) : words;
  const lines: string[] = [];
  let rest = line;
  while (widthOf(rest) > columns) {
    const at = lastBreak(rest, start, columns);
    if (at === null) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = " ".repeat(start) + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}

/** Behind a label such as `why:   `, or the last gap of a table, whose lines are indented; else where the line begins. */
function startOfWords(line: string): number {
  const label = /^(error: |why: {3}|do: {4}|note: )/.exec(line)?.[0].length;
  return label ?? /^ {2}.*\S {3,}/.exec(line)?.[0].length ?? leadingSpaces(line);
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

/** Where the line may end: the last space that leaves no more than `columns` before it; else the first there is. */
function lastBreak(line: string, start: number, columns: number): number | null {
  const last = line.lastIndexOf(" ", columns);
  if (last > start) return last;
  const first = line.indexOf(" ", Math.max(start, columns));
  return first === -1 ? null : first;
}

function widthOf(line: string): number {
  return [...line].length;
}
