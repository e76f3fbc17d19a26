import type { HostMessage, HostReply, SendAppleEvent } from "./apple-event.js";
import { type Terminology, terminology } from "./dictionary.js";
import { defineObjectiveC } from "./prelude-objective-c.js";
import { defineSpecifiers } from "./prelude-specifiers.js";

/** How a script ended, as JSON. `output` is what osascript would print. */
export type ScriptOutcome =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly number: number; readonly message: string };

/** Runs one script to its end; the answer is the JSON of a {@link ScriptOutcome}. */
export type PerformScript = (scriptText: string, argvText: string) => string;

/** The globals that are of the language itself. */
export const languageNames: readonly string[] = (
  "globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent " +
  "encodeURI encodeURIComponent escape unescape Object Function Boolean Symbol Error EvalError RangeError " +
  "ReferenceError SyntaxError TypeError URIError Number BigInt Math Date String RegExp Array Int8Array " +
  "Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array " +
  "BigInt64Array BigUint64Array Map Set WeakMap WeakSet ArrayBuffer DataView JSON Promise Proxy Reflect Intl"
).split(" ");

/**
 * Turns a bare JavaScript context into JXA's world: takes away every global that is not of the language (the names
 * of a JavaScript shell, `console` of V8), then adds JXA's. Self-contained: sent as text, ES2020, ASCII.
 */
function installPrelude(
  send: SendAppleEvent,
  languageNames: readonly string[],
  terms: Terminology,
  specifiersPart: typeof defineSpecifiers,
  objectiveCPart: typeof defineObjectiveC,
): PerformScript {
  const languageSet = new Set(languageNames);
  const scope = globalThis as unknown as Record<string, unknown>;
  // JavaScriptCore's shell does not list its own functions, so those that a script could mistake for JXA are named.
  const shellNames =
    "run load loadString print printErr debug describe read readFile readline write writeFile openFile quit " +
    "version gc performance setTimeout sleepSeconds drainMicrotasks waitForReport createGlobalObject " +
    "checkSyntax atob btoa WebAssembly";
  for (const name of Object.getOwnPropertyNames(scope).concat(shellNames.split(" "))) {
    if (!languageSet.has(name)) delete scope[name];
  }

  function fail(errorNumber: number, message: string): never {
    const error = new Error(message) as Error & { errorNumber: number };
    error.errorNumber = errorNumber;
    throw error;
  }
  function ask(message: HostMessage): unknown {
    const reply = JSON.parse(send(JSON.stringify(message))) as HostReply;
    return reply.ok ? reply.value : fail(reply.number, reply.message);
  }

  const { describe, ...photosNames } = specifiersPart(ask, fail, terms);
  Object.assign(scope, photosNames, objectiveCPart(ask), {
    console: {
      log: (...values: unknown[]) => ask({ ask: "log", text: values.map(escapeControls).join(" ") }),
    },
    delay: (seconds?: unknown) => {
      ask({ ask: "delay", seconds: seconds === undefined ? 1 : Number(seconds) });
    },
  });

  // What osascript prints for anything but text is not documented; our scripts only ever return text.
  function escapeControls(value: unknown): string {
    if (value === undefined) return "";
    const described = describe(value);
    if (described !== undefined) return described;
    if (Array.isArray(value)) return value.map(escapeControls).join(", ");
    if (typeof value !== "object" || value === null) return String(value);
    return Object.entries(value)
      .map(([key, entry]) => `${key}:${escapeControls(entry)}`)
      .join(", ");
  }

  // Called under another name it is the indirect eval, whose functions become globals, as osascript has it.
  const evaluate = scope.eval as (text: string) => unknown;
  return (scriptText, argvText) => {
    try {
      let value = evaluate(scriptText);
      if (typeof scope.run === "function") value = scope.run(JSON.parse(argvText));
      return JSON.stringify({ ok: true, output: escapeControls(value) });
    } catch (thrown) {
      const error = thrown as { errorNumber?: unknown } | null | undefined;
      const errorNumber = typeof error?.errorNumber === "number" ? error.errorNumber : -2700;
      return JSON.stringify({ ok: false, number: errorNumber, message: String(thrown) });
    }
  };
}

/** One expression: a function that takes a {@link SendAppleEvent} and gives back a {@link PerformScript}. */
export const preludeText = `(function (send) {
  "use strict";
  return (${installPrelude.toString()})(
    send,
    ${JSON.stringify(languageNames)},
    ${JSON.stringify(terminology)},
    ${defineSpecifiers.toString()},
    ${defineObjectiveC.toString()}
  );
})`;
