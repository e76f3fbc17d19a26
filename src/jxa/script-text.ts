import { asciiJson, type ScriptInput } from "./script-input.js";

/**
 * The source text of a JXA expression that takes one text argument, runs a script and returns the envelope
 * as ASCII JSON: `(argument) => string`.
 *
 * ASCII in both directions, since how osascript decodes and encodes anything else without a locale is not
 * documented. With "file" the argument is the path of a UTF-8 JSON file, read with Foundation.
 *
 * @param functionText the text of one self-contained function of `scripts/`
 */
export function scriptText(functionText: string, inputFrom: "argument" | "file"): string {
  return `(function (argument) {
  var script = (${functionText});
${inputFrom === "file" ? readFile : ""}  return JSON.stringify(script(JSON.parse(argument))).replace(/[\\u007f-\\uffff]/g, function (unit) {
    return "\\\\u" + ("000" + unit.charCodeAt(0).toString(16)).slice(-4);
  });
})`;
}

/** The same as a whole program for `osascript -l JavaScript - ARGUMENT`, which calls `run` and prints its result. */
export function programText(functionText: string, inputFrom: "argument" | "file"): string {
  return `function run(argv) {\n  return ${scriptText(functionText, inputFrom)}(argv[0]);\n}\n`;
}

/**
 * The same with its argument in it, as a string literal: every user of a Mac may list the arguments of a process, and
 * nobody else may read its standard input. What stands between the quotes is printable ASCII with quotes and
 * backslashes escaped, so nothing in it can end the literal.
 */
export function programWithInput(
  functionText: string,
  input: Omit<ScriptInput, keyof AsyncDisposable>,
): string {
  return `function run() {\n  return ${scriptText(functionText, input.from)}(${asciiJson(input.argument)});\n}\n`;
}

// A nil is truthy in JXA, so isNil() is asked.
const readFile = `  ObjC.import("Foundation");
  var read = $.NSString.stringWithContentsOfFileEncodingError(argument, $.NSUTF8StringEncoding, null);
  if (read.isNil()) throw new Error("cannot read the input file");
  argument = read.js;
`;
