/**
 * A script for osascript: one self-contained function in `scripts/`. It is sent as text, so it can see
 * its input and the JXA globals and nothing else. It catches everything and returns an envelope.
 */
export type Script<Input, Value> = (input: Input) => ScriptEnvelope<Value>;

/** What a script returns, as one line of JSON. */
export type ScriptEnvelope<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** The Apple event error number, -2700 for an error of the script's own, 0 where there was none. */
      readonly number: number;
      /** Localised text; shown, never parsed. */
      readonly message: string;
      /** Which step of the script failed: "import", "read ids". */
      readonly step: string;
    };

export interface RunScriptOptions {
  /** The child is killed when this has passed. What it asked of Photos may still happen. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one script and returns its envelope.
 * @param input plain JSON values; sent as one text of ASCII JSON that the script parses, and never among the arguments
 *   of a process, which every user of the computer may list
 * @throws RollcallError OSASCRIPT_ABSENT, NOT_MACOS, SCRIPT_FAILED (no envelope came back), STOPPED
 * @throws ScriptDeadlineError when `deadlineMs` passed and the child was killed
 */
export type RunScript = <Input, Value>(
  script: Script<Input, Value>,
  input: Input,
  options: RunScriptOptions,
) => Promise<ScriptEnvelope<Value>>;

/** Our own deadline ended the wait. Photos may still be busy on what it was sent. */
export class ScriptDeadlineError extends Error {
  constructor(scriptName: string, deadlineMs: number) {
    super(`Photos did not answer ${scriptName} within ${Math.round(deadlineMs / 1000)} s`);
    this.name = "ScriptDeadlineError";
  }
}
