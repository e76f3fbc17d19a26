import vm from "node:vm";
import type { SendAppleEvent } from "./apple-event.js";
import { type PerformScript, preludeText, type ScriptOutcome } from "./prelude.js";

const preludeScript = new vm.Script(preludeText, { filename: "jxa-prelude.js" });

/**
 * Runs a script's text to its end in a context of its own that has the language, JXA's globals and nothing of Node.
 * @param argv what `run(argv)` gets, when the script defines `run`
 */
export function runScriptText(
  scriptText: string,
  argv: readonly string[],
  send: SendAppleEvent,
): ScriptOutcome {
  const context = vm.createContext(Object.create(null), { name: "jxa" });
  const installPrelude = preludeScript.runInContext(context) as (send: SendAppleEvent) => PerformScript;
  const perform = installPrelude(send);
  return JSON.parse(perform(scriptText, JSON.stringify(argv))) as ScriptOutcome;
}
