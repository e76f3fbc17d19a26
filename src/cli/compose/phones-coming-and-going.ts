import { systemClock } from "../../clock.js";
import { type PhoneFinder, stateWords } from "../../phone/phone-watch.js";
import { type PhoneChange, watchPhones } from "../../phone/watch-phones.js";
import { escapeControls } from "../../text/escape-controls.js";
import { twoDigits } from "../../text/two-digits.js";
import type { CommandContext } from "../command-context.js";
import { EXIT, type ExitStatus } from "../process/exit-status.js";
import { wordedInJson } from "../terminal/command-words.js";
import { linesBelow, phoneKind, phoneName } from "../terminal/phone-lines.js";
import { isUnheard, writeOut } from "../terminal/standard-output.js";

/**
 * Tells who is here, who comes and who leaves, until it is stopped: a few lines for each, or with `--json` one
 * object a line.
 * @throws RollcallError STOPPED; its other end is a stdout that nobody reads any more
 */
export async function reportWhoComes(
  { output, signal }: CommandContext,
  finder: PhoneFinder,
): Promise<ExitStatus> {
  output.note("Watching for iPhones. Ctrl-C ends it.");
  for await (const change of watchPhones(finder, { clock: systemClock, signal })) {
    const at = systemClock.now();
    if (output.isJson) await writeOut(`${JSON.stringify(asEvent(change, at), wordedInJson)}\n`);
    else if (change.type === "no-service")
      output.note(`${time(at)}  ${escapeControls(change.trouble.message)}`);
    else await output.result(...changeLines(change, at));
    if (isUnheard()) break;
  }
  return EXIT.ok;
}

function changeLines(change: Exclude<PhoneChange, { type: "no-service" }>, at: Date): string[] {
  const { type, phone } = change;
  const kind = phoneKind(phone);
  const words = [
    phoneName(phone),
    ...(type === "left" ? [] : [...(kind === "" ? [] : [kind]), stateWords(phone)]),
  ];
  const head = `${time(at)}  ${type.padEnd(7)}  ${words.join("   ")}`;
  return type === "left" ? [head] : [head, ...linesBelow(phone).map((line) => `          ${line}`)];
}

function asEvent(change: PhoneChange, at: Date): object {
  if (change.type !== "no-service") return { type: change.type, at, phone: change.phone };
  const { code, message, remedy } = change.trouble;
  return { type: change.type, at, code, message, remedy };
}

/** "14:05:12", on this computer's clock. */
function time(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(":");
}
