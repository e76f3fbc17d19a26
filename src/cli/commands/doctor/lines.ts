import type { Check } from "../../../doctor/check.js";
import type { Examined } from "../../../doctor/examine.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { withTildes } from "../../../words/wording.js";
import { findingWords, inCommandWords } from "../../terminal/command-words.js";
import { fitToScreen } from "../../terminal/fit-to-screen.js";

const STATUS_WIDTH = "trouble".length + 2;
/** With less than this beside the question, the finding gets lines of its own. */
const LEAST_BESIDE = 32;

/**
 * One finding as a person reads it; below it what to do, and what opens the page of System Settings.
 * @param columns of the terminal; null: it is none, and no line is broken
 */
export function doctorLines(
  { status, question, remedy, settings, ...found }: Examined,
  checks: readonly Check[],
  columns: number | null = null,
): string[] {
  const questionWidth = Math.max(...checks.map((check) => check.question.length)) + 3;
  const inLines = (text: string) => (columns === null ? [text] : fitToScreen(text, columns));
  const indent = " ".repeat(STATUS_WIDTH);
  const head = `${status.padEnd(STATUS_WIDTH)}${question.padEnd(questionWidth)}`;
  const isBeside = columns === null || columns - head.length >= LEAST_BESIDE;
  const below = isBeside ? " ".repeat(head.length) : indent;
  const [first = "", ...more] = inLines(below + readable(findingWords(found)));
  const lines = isBeside ? [head + first.slice(below.length)] : [head.trimEnd(), first];
  lines.push(...more);
  if (remedy !== null) lines.push(...inLines(indent + readable(inCommandWords(remedy))));
  // In one piece: broken over lines it could be neither clicked nor copied.
  if (settings !== null) lines.push(`${indent}open "${settings.url}"`);
  return lines;
}

function readable(text: string): string {
  return escapeControls(withTildes(text));
}
