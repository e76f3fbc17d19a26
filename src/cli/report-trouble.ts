import type { RollcallError } from "../errors.js";
import type { CommonFlags } from "./command-context.js";
import { EXIT, statusOfError } from "./exit-status.js";
import { explainTrouble } from "./explain-trouble.js";
import { errorDocument, errorLines } from "./output/error-lines.js";
import { Output, writeOut } from "./output/output.js";

/** Says what went wrong, in the form that the flags ask for. Never a stack trace, unless `--verbose` asks for one. */
export async function reportTrouble(
  error: unknown,
  flags: CommonFlags,
  stoppedBy: NodeJS.Signals | null,
): Promise<number> {
  const explained = explainTrouble(error, stoppedBy !== null) ?? unforeseen(error);
  const status =
    "code" in explained && !isUnforeseen(explained) ? statusOfError(explained, stoppedBy) : EXIT.unexpected;
  const lines = isUnforeseen(explained)
    ? [`error: ${explained.message}`, "do:    Run it again with --verbose, and report what it shows."]
    : errorLines(explained);
  if (flags.verbose === true) lines.push(...stackLines(error));
  if (flags.verbose === true || flags.json !== true || flags.quiet !== true) {
    for (const line of lines) process.stderr.write(`${line}\n`);
  }
  const document = isUnforeseen(explained)
    ? {
        error: { ...explained, why: null, remedy: "Run it again with --verbose, and report what it shows." },
        status,
      }
    : errorDocument(explained, status);
  if (flags.json === true) await writeOut(`${JSON.stringify(document, null, 2)}\n`);
  await new Output(flags).event({ type: "error", ...document });
  return flags.exitZero === true ? EXIT.ok : status;
}

interface Unforeseen {
  readonly code: "UNEXPECTED";
  readonly message: string;
}

function unforeseen(error: unknown): Unforeseen {
  const text = error instanceof Error ? error.message : String(error);
  return { code: "UNEXPECTED", message: text.split("\n", 1)[0] || "Something unexpected went wrong." };
}

function isUnforeseen(explained: RollcallError | Unforeseen): explained is Unforeseen {
  return explained.code === "UNEXPECTED";
}

function stackLines(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    lines.push(`${depth === 0 ? "" : "caused by: "}${at.stack ?? at.message}`);
  }
  return lines;
}
