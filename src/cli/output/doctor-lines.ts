import type { Check } from "../../doctor/check.js";
import type { Examined } from "../../doctor/examine.js";
import { shown } from "../../receipt/receipt-text.js";
import { withTildes } from "./wording.js";

const STATUS_WIDTH = "trouble".length + 2;
/** With less than this beside the question, the finding gets lines of its own. */
const LEAST_BESIDE = 32;

/**
 * One finding as a person reads it; below it what to do, and what opens the page of System Settings.
 * @param columns of the terminal; null: it is none, and no line is broken
 */
export function doctorLines(
  { status, question, finding, remedy, settings }: Examined,
  checks: readonly Check[],
  columns: number | null = null,
): string[] {
  const questionWidth = Math.max(...checks.map((check) => check.question.length)) + 3;
  const width = columns ?? Number.POSITIVE_INFINITY;
  const indent = " ".repeat(STATUS_WIDTH);
  const head = `${status.padEnd(STATUS_WIDTH)}${question.padEnd(questionWidth)}`;
  const isBeside = width - head.length >= LEAST_BESIDE;
  const below = isBeside ? " ".repeat(head.length) : indent;
  const [first = "", ...more] = inLines(readable(finding), width - below.length);
  const lines = isBeside ? [`${head}${first}`] : [head.trimEnd(), `${below}${first}`];
  lines.push(...more.map((line) => below + line));
  if (remedy !== null)
    lines.push(...inLines(readable(remedy), width - indent.length).map((line) => indent + line));
  // In one piece: broken over lines it could be neither clicked nor copied.
  if (settings !== null) lines.push(`${indent}open "${settings.url}"`);
  return lines;
}

/** Breaks between words; a path that is too long for a line stays whole. */
function inLines(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function readable(text: string): string {
  return shown(withTildes(text));
}
