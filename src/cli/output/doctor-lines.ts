import type { Check } from "../../doctor/check.js";
import type { Examined } from "../../doctor/examine.js";
import { shown } from "../../receipt/receipt-text.js";
import { withTildes } from "./wording.js";

const STATUS_WIDTH = "trouble".length + 2;

/** One finding as a person reads it, and below it what to do. */
export function doctorLines(
  { status, question, finding, remedy }: Examined,
  checks: readonly Check[],
): string[] {
  const questionWidth = Math.max(...checks.map((check) => check.question.length)) + 3;
  const lines = [`${status.padEnd(STATUS_WIDTH)}${question.padEnd(questionWidth)}${readable(finding)}`];
  if (remedy !== null) lines.push(`${" ".repeat(STATUS_WIDTH)}${readable(remedy)}`);
  return lines;
}

function readable(text: string): string {
  return shown(withTildes(text));
}
