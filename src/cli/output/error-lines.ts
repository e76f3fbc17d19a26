import type { RollcallError } from "../../errors.js";
import { shown } from "../../receipt/receipt-text.js";
import { errorInShort } from "./in-short.js";
import { inOneLine } from "./wording.js";

/** What a person typed or named wrong. */
const IN_ONE_LINE: readonly string[] = [
  "BAD_USAGE",
  "BAD_CONFIG",
  "NO_SUCH_ALBUM",
  "NO_SUCH_FOLDER",
  "FOLDER_NOT_OURS",
];

/** What happened, why, what to do: each on a line of its own. What a person typed wrong is one line in all. */
export function errorLines(error: RollcallError): string[] {
  const { code, message, why, remedy } = error;
  if (IN_ONE_LINE.includes(code)) {
    return [
      `error: ${[message, why, remedy]
        .filter((part) => part)
        .map((part) => oneLine(part!))
        .join(" ")}`,
    ];
  }
  const lines = [`error: ${oneLine(message)}`];
  if (why) lines.push(`why:   ${oneLine(why)}`);
  if (remedy) lines.push(`do:    ${oneLine(remedy)}`);
  return lines;
}

/** The same for a program. */
export function errorDocument(error: RollcallError, status: number): Record<string, unknown> {
  const { code, message, why, remedy } = error;
  return { error: { code, message, why: why ?? null, remedy }, ...errorInShort(error), status };
}

function oneLine(text: string): string {
  return shown(inOneLine(text));
}
