import vm from "node:vm";
import type { SendAppleEvent } from "./apple-event.js";
import { languageNames, type PerformScript, preludeText, type ScriptOutcome } from "./prelude.js";
import { rememberLanguage } from "./untouched-language.js";

const preludeScript = new vm.Script(preludeText, { filename: "jxa-prelude.js" });
const rememberScript = new vm.Script(`(${rememberLanguage.toString()})`, { filename: "jxa-remember.js" });

/** The language, and nothing of Node. */
interface BareContext {
  readonly installPrelude: (send: SendAppleEvent) => PerformScript;
  /** Takes away what the last script left; false where that cannot be done, and this context has had its day. */
  readonly isAsNew: () => boolean;
}

/** Making a context takes ten times as long as a short script: the last one is used again while it is as new. */
let idle: BareContext | null = null;

/** Programs that left the language as it was: they are the same few over and over, and looking takes its time. */
const harmless = new Set<string>();

/**
 * Runs a script's text to its end in a context that has the language, JXA's globals and nothing of Node, and nothing
 * of any script before.
 * @param argv what `run(argv)` gets, when the script defines `run`
 */
export function runScriptText(
  scriptText: string,
  argv: readonly string[],
  send: SendAppleEvent,
): ScriptOutcome {
  const context = idle ?? makeContext();
  idle = null; // what is asked meanwhile may run a script of its own
  const perform = context.installPrelude(send);
  const outcome = JSON.parse(perform(scriptText, JSON.stringify(argv))) as ScriptOutcome;
  if (harmless.has(scriptText)) idle = context;
  else if (context.isAsNew()) {
    harmless.add(scriptText);
    idle = context;
  }
  return outcome;
}

function makeContext(): BareContext {
  const context = vm.createContext(Object.create(null), { name: "jxa" });
  const remember = rememberScript.runInContext(context) as typeof rememberLanguage;
  const isAsNew = remember(languageNames);
  return {
    installPrelude: preludeScript.runInContext(context) as BareContext["installPrelude"],
    isAsNew,
  };
}
