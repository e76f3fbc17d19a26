import { RollcallError } from "../errors.js";
import { PhotosEventError } from "../photos/photos-library.js";
import { eventError } from "./apple-event-errors.js";
import {
  type RunScript,
  type RunScriptOptions,
  type Script,
  ScriptDeadlineError,
  type ScriptEnvelope,
} from "./run-script.js";

interface AskOptions extends RunScriptOptions {
  /**
   * Whether the script sends an event that changes the library. Then one that ended without an answer may have
   * changed it: nobody knows how far it came.
   */
  readonly changesSomething: boolean;
}

/**
 * Runs one script and returns its value.
 * @throws RollcallError PHOTOS_NOT_PERMITTED, OSASCRIPT_ABSENT, NOT_MACOS, STOPPED
 * @throws PhotosEventError for everything else
 */
export async function askPhotos<Input, Value>(
  runScript: RunScript,
  script: Script<Input, Value>,
  input: Input,
  options: AskOptions,
): Promise<Value> {
  const envelope = await answerOf(runScript, script, input, options);
  if (envelope.ok) return envelope.value;
  throw eventError(envelope);
}

/** The same, for a caller that wants to see a failed envelope first. */
export async function answerOf<Input, Value>(
  runScript: RunScript,
  script: Script<Input, Value>,
  input: Input,
  { changesSomething, ...options }: AskOptions,
): Promise<ScriptEnvelope<Value>> {
  try {
    return await runScript(script, input, options);
  } catch (error) {
    throw isWithoutAnswer(error) ? new PhotosEventError(error.message, null, changesSomething, error) : error;
  }
}

/** The deadline passed, or osascript ended without an envelope. */
export function isWithoutAnswer(error: unknown): error is Error {
  return (
    error instanceof ScriptDeadlineError || (error instanceof RollcallError && error.code === "SCRIPT_FAILED")
  );
}
