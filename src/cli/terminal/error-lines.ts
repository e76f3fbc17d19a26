import type { RollcallError } from "../../errors.js";
import { escapeControls } from "../../text/escape-controls.js";
import { inOneLine } from "../../words/wording.js";
import type { HowStarted } from "../process/how-started.js";
import { inCommandWords } from "./command-words.js";
import { linesFor } from "./fit-to-screen.js";
import type { InShort } from "./in-short.js";
import { inTheirWords } from "./in-their-words.js";
import { painted } from "./paint.js";
import { sendErr } from "./standard-output.js";

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
  const { code, message, why } = error;
  const remedy = inCommandWords(error.remedy);
  if (IN_ONE_LINE.includes(code)) {
    return [
      `error: ${[message, why, remedy]
        .filter((part) => part)
        .map((part) => oneLine(part!))
        .join(" ")}`,
    ];
  }
  // A person's own no is not an error.
  if (code === "DECLINED") return [oneLine(message), oneLine(remedy)].filter((line) => line !== "");
  const lines = [`error: ${oneLine(message)}`];
  if (why) lines.push(`why:   ${oneLine(why)}`);
  if (remedy) lines.push(`do:    ${oneLine(remedy)}`);
  return lines;
}

/** The same in a line, for a notification or a voice. */
export function errorInShort({ message, ...error }: Pick<RollcallError, "message" | "remedy">): InShort {
  const remedy = inCommandWords(error.remedy);
  return { summary: escapeControls(message), ...(remedy === "" ? {} : { remedy: escapeControls(remedy) }) };
}

/** Writes it to stderr, whatever the flags say. */
export function printError(error: RollcallError, started: HowStarted): void {
  const lines = errorLines(error).map((line) => inTheirWords(line, started));
  // What follows a broken line stands below its words.
  sendErr(painted(linesFor(process.stderr, lines, "error: ".length), process.stderr));
}

/** The same for a program. */
export function errorDocument(error: RollcallError, status: number, started: HowStarted) {
  const { code, message, why = null } = error;
  const remedy = inTheirWords(inCommandWords(error.remedy), started);
  return { error: { code, message, why, remedy }, ...errorInShort({ message, remedy }), status };
}

function oneLine(text: string): string {
  return escapeControls(inOneLine(text));
}
