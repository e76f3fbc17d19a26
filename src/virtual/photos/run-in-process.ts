import { bug, stopped } from "../../errors.js";
import {
  type RunScript,
  type Script,
  ScriptDeadlineError,
  type ScriptEnvelope,
} from "../../jxa/run-script.js";
import { programText } from "../../jxa/script-text.js";
import type { VirtualPhotos } from "./virtual-photos.js";
import type { VirtualTime } from "./virtual-time.js";

/** Ends a script from outside, as a kill would: the script cannot go on even where it catches everything. */
class Killed extends Error {}

/**
 * The same engine behind the runner type of `src/jxa`, without a child process: the same program text in a context of
 * its own, its input as JSON text. A deadline is one of `time`: what the script has Photos do counts, and what
 * was asked of Photos still happens.
 */
export function runInProcess(photos: VirtualPhotos, time: VirtualTime): RunScript {
  return async <Input, Value>(
    script: Script<Input, Value>,
    input: Input,
    options: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
  ) => {
    if (options.signal?.aborted) throw stopped(options.signal);
    const deadline = time.now().getTime() + options.deadlineMs;
    let isKilled = false;
    const stillWanted = () => {
      if (isKilled || time.now().getTime() > deadline) {
        isKilled = true;
        throw new Killed();
      }
    };
    const program = programText(script.toString(), "argument");
    const patienceMs = () => Math.max(0, deadline - time.now().getTime());
    const argv = [JSON.stringify(input) ?? "null"];
    const outcome = photos.runText(program, { argv, stillWanted, patienceMs });
    if (isKilled) throw new ScriptDeadlineError(script.name, options.deadlineMs);
    // An error outside the script's own net: osascript would print its line, and the number is all one learns.
    if (!outcome.ok) return { ok: false, number: outcome.number, message: outcome.message, step: "run" };
    return envelopeOf<Value>(outcome.output, script.name);
  };
}

function envelopeOf<Value>(text: string, scriptName: string): ScriptEnvelope<Value> {
  try {
    return JSON.parse(text) as ScriptEnvelope<Value>;
  } catch (error) {
    throw bug(`the script ${scriptName} returned no envelope`, error);
  }
}
