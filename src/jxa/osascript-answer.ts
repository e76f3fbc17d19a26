import { RollcallError } from "../errors.js";
import { advise } from "../remedy.js";
import type { ScriptEnvelope } from "./run-script.js";

/** More than this from one script is a fault, not an answer (an album of 100,000 items is about 10 MB). */
export const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

const LONGEST_EXCERPT = 300;
/** Of what was printed about an error the end is looked at, where its number stands. */
const LONGEST_ERROR = 64 * 1024;

/**
 * The envelope that a script printed.
 * @throws RollcallError SCRIPT_FAILED when it is none
 */
export function readEnvelope<Value>(scriptName: string, stdout: string): ScriptEnvelope<Value> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch {
    throw scriptFailed(
      scriptName,
      stdout.trim() === "" ? "It printed nothing." : `It printed: ${excerpt(stdout)}`,
    );
  }
  if (isEnvelope(parsed)) return parsed as ScriptEnvelope<Value>;
  throw scriptFailed(scriptName, `It printed: ${excerpt(stdout)}`);
}

/**
 * What osascript says when an error escapes the script: one line `<where>: execution error: <text> (-1743)`.
 * The text is localised, so only the last number in parentheses counts; null where there is none.
 */
export function envelopeFromError(stderr: string): ScriptEnvelope<never> | null {
  const number = [...stderr.slice(-LONGEST_ERROR).matchAll(/\((-\d{1,6})\)/g)].at(-1)?.[1];
  if (number === undefined) return null;
  const message = excerpt(stderr.trim().split("\n").at(-1) ?? "");
  return { ok: false, number: Number(number), message, step: "osascript" };
}

export function scriptFailed(scriptName: string, why: string, cause?: unknown): RollcallError {
  return new RollcallError("SCRIPT_FAILED", {
    message: `The script ${scriptName} gave no answer.`,
    why,
    remedy: "Look whether Photos shows a message, then run the same command again.",
    cause,
  });
}

export function notMacos(): RollcallError {
  return new RollcallError("NOT_MACOS", {
    message: "Photos can only be used on macOS.",
    why: `This computer runs ${process.platform}.`,
    remedy: advise`${{ action: "demo" }} shows the whole job anywhere; ${{ action: "copy", folder: null }} copies an iPhone into a folder.`,
  });
}

export function osascriptAbsent(osascript: string, cause: unknown): RollcallError {
  return new RollcallError("OSASCRIPT_ABSENT", {
    message: `The program ${osascript} could not be started.`,
    why: "Everything that Photos is asked goes through osascript.",
    remedy: "If ROLLCALL_OSASCRIPT is set, let it name an executable file, or unset it to use macOS' own.",
    cause,
  });
}

export function excerpt(text: string): string {
  const line = text.trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}...` : line;
}

function isEnvelope(parsed: unknown): boolean {
  if (typeof parsed !== "object" || parsed === null || !("ok" in parsed)) return false;
  if (parsed.ok === true) return "value" in parsed;
  const { ok, number, message, step } = parsed as Record<string, unknown>;
  return (
    ok === false &&
    typeof number === "number" &&
    Number.isInteger(number) &&
    typeof message === "string" &&
    typeof step === "string"
  );
}
