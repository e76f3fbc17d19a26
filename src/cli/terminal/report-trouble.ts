import { RollcallError } from "../../errors.js";
import type { OutputFlags } from "../flags/output.js";
import { EXIT, statusOfError } from "../process/exit-status.js";
import { explainTrouble, isSuppressed } from "../process/explain-trouble.js";
import { howStarted } from "../process/how-started.js";
import { errorDocument, tellError } from "./error-lines.js";
import { closedWith } from "./json-document.js";
import { Output } from "./output.js";
import { sendErr, writeOut } from "./standard-output.js";

/**
 * Says what went wrong, in the form that the flags ask for. Never a stack trace, unless `--verbose` asks for one.
 * @param isDocumentOpen a document was begun on stdout, and is to be ended with what went wrong
 * @returns the status to exit with
 */
export async function reportTrouble(
  error: unknown,
  flags: OutputFlags,
  stoppedBy: NodeJS.Signals | null,
  isDocumentOpen = false,
): Promise<number> {
  const output = new Output(flags, howStarted(process));
  const explained = explainAnything(error, stoppedBy);
  const status = statusOfError(explained, stoppedBy);
  const isForProgramOnly = flags.json === true && flags.quiet === true;
  if (!isForProgramOnly || flags.verbose === true) tellError(explained, output.started);
  if (flags.verbose === true)
    sendErr(
      stackLines(error)
        .map((line) => `${line}\n`)
        .join(""),
    );
  const document = errorDocument(explained, status, output.started);
  const whole = `${JSON.stringify(document, null, flags.watch === true ? 0 : 2)}
`;
  if (flags.json === true) await writeOut(isDocumentOpen ? closedWith({ ...document }) : whole);
  await output.event({ type: "error", ...document });
  return flags.exitZero === true && flags.json === true ? EXIT.ok : status;
}

/** Whatever ended a command. What nobody foresaw is a fault of ours until it is shown to be another's. */
export function explainAnything(error: unknown, stoppedBy: NodeJS.Signals | null): RollcallError {
  return explainTrouble(error, stoppedBy !== null) ?? unforeseen(error);
}

function unforeseen(error: unknown): RollcallError {
  if (error instanceof Error && isSuppressed(error)) return unforeseen(error.suppressed);
  const text = error instanceof Error ? error.message : String(error);
  return new RollcallError("BUG", {
    message: text.split("\n", 1)[0] || "An unexpected error occurred.",
    remedy: "Run it again with --verbose, and report what it shows.",
    cause: error,
  });
}

function stackLines(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = causeOf(at), depth += 1) {
    lines.push(`${depth === 0 ? "" : "caused by: "}${at.stack ?? at.message}`);
    if (isSuppressed(at) && at.error instanceof Error)
      lines.push(`while closing: ${at.error.stack ?? at.error.message}`);
  }
  return lines;
}

function causeOf(error: Error): unknown {
  return isSuppressed(error) ? error.suppressed : error.cause;
}
