import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { Answer } from "./answer.js";
import { readAnswer } from "./stored-receipt.js";

/*
 * Answers as text, one a line, as they stand in a receipt's JSON: each line that holds one begins with four spaces
 * and {", and perhaps ends in a comma; no other line of a receipt begins so.
 */

const LINE_START = '    {"';
const PIECE_BYTES = 1 << 16;

/** As it stands in a receipt (see `storedAnswer`), or for Rollcall alone. */
export function answerLine(answer: Answer): string {
  return `    ${JSON.stringify(answer)}`;
}

/** Writes answers into a new private file. What stands in it after an error is not whole. */
export function writeAnswerLines(path: string, answers: Iterable<Answer>): void {
  const file = openSync(path, "wx", 0o600);
  try {
    let gathered = "";
    for (const answer of answers) {
      gathered += `${answerLine(answer)}\n`;
      if (gathered.length < PIECE_BYTES) continue;
      writeText(file, gathered);
      gathered = "";
    }
    writeText(file, gathered);
  } finally {
    closeSync(file);
  }
}

/** The answers in such a file, or in a receipt that {@link receiptJson} wrote; one is held at a time. */
export function* readAnswerLines(path: string): Generator<Answer> {
  for (const line of linesOf(path)) {
    if (!line.startsWith(LINE_START)) continue;
    yield readAnswer(JSON.parse(line.endsWith(",") ? line.slice(0, -1) : line) as Answer);
  }
}

function writeText(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const bytesRead = readSync(file, piece, 0, PIECE_BYTES, null);
      if (bytesRead === 0) break;
      // Cut at line feeds before it becomes text: a letter may lie across two pieces.
      const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(0x0a);
      rest = bytes.subarray(end + 1);
      if (end >= 0) yield* bytes.toString("utf8", 0, end).split("\n");
    }
    if (rest.length > 0) yield rest.toString("utf8");
  } finally {
    closeSync(file);
  }
}
