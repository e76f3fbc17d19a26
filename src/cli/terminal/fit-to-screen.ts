import widthOf from "fast-string-width";

/** Narrower than this nothing reads well any more, and the terminal may break lines where it likes. */
const NARROWEST = 30;

/** Lines as they are written to this stream: as they are, unless it is a terminal. */
export function linesFor(
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  lines: readonly string[],
  indent?: number,
): string {
  const fitting =
    isTTY === true && columns !== undefined && columns > 0
      ? lines.flatMap((line) => line.split("\n")).flatMap((line) => fitToScreen(line, columns, indent))
      : lines;
  return fitting.map((line) => `${line}\n`).join("");
}

/**
 * A line as lines that fit, broken between words: a terminal breaks anywhere. What follows stands below the last column
 * of a table row that is in the left half, else below the beginning of the text. Paths, and rows
 * of Markdown, stay whole, since people copy them.
 * @param columns of the screen
 * @param indent of what follows; found in the line unless given
 */
export function fitToScreen(line: string, columns: number, indent = hangingIndent(line, columns)): string[] {
  if (columns < NARROWEST || widthOf(line) <= columns || MARKDOWN_ROW.test(line)) return [line];
  const lines: string[] = [];
  let current = "";
  for (const piece of piecesOf(line)) {
    const isTooMuch = widthOf(current + piece.trimEnd()) > columns;
    if (isTooMuch && current.trim() !== "") {
      lines.push(current.trimEnd());
      current = " ".repeat(indent);
    }
    current += current.trim() === "" && lines.length > 0 ? piece.trimStart() : piece;
  }
  return [...lines, current.trimEnd()];
}

const MARKDOWN_ROW = /^\| .* \|$/;
const BEGINS_PATH = /^["'(]?~?\//;
const IS_IN_PATH = /\/|\.\w{2,12}["']?$/;
const ENDS_PATH = /[.,:;)?!]["']?$/;

/**
 * Words with the spaces before them. A path that has spaces in it goes on to the last word that looks like a part of one,
 * before a sentence, a comma or a column ends.
 */
function piecesOf(line: string): string[] {
  const words = line.trimEnd().split(/(?<=\S)(?=\s)/);
  const pieces: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    let end = at;
    if (BEGINS_PATH.test(words[at]!.trimStart())) {
      for (let next = at + 1; next < words.length; next += 1) {
        if (ENDS_PATH.test(words[next - 1]!) || /^\s{2}/.test(words[next]!)) break;
        if (IS_IN_PATH.test(words[next]!.replace(ENDS_PATH, ""))) end = next;
      }
    }
    pieces.push(words.slice(at, end + 1).join(""));
    at = end;
  }
  return pieces;
}

/** Where the last column of a table row begins: columns are two spaces apart, and so are sentences here and there. */
function hangingIndent(line: string, columns: number): number {
  const begin = line.length - line.trimStart().length;
  const gaps = [...line.trimStart().matchAll(/(?<![.!?\s])\s{2,}/g)];
  const columnsAt = gaps.map((gap) => begin + gap.index + gap[0].length);
  const usual = gaps.length === 0 ? begin : begin + 2;
  return columnsAt.findLast((at) => at <= columns / 2) ?? usual;
}
