import type { ErrorCode } from "../../../errors.js";
import { namedAmong } from "../../../phone/choose-phone.js";
import { stateWords } from "../../../phone/phone-watch.js";
import type { WatchEvent } from "../../../run/import-when-phone-arrives.js";
import { nameForShell } from "../../../shell-word.js";
import { waitingWords } from "../../../words/waiting-words.js";
import { duration } from "../../../words/wording.js";
import { inCommandWords } from "../../terminal/command-words.js";
import { phoneName } from "../../terminal/phone-lines.js";

/** What one event of the watch is to a person; the first line says it, others what to do about it. */
export function watchLines(event: WatchEvent): string[] {
  if (event.type === "no-service") return ["usbmuxd is not running: waiting for it", event.trouble.message];
  const name = phoneName(event.phone);
  switch (event.type) {
    case "left":
      return [`left       ${name}`];
    case "here":
    case "came":
    case "changed": {
      const { reason } = event.phone;
      const state = stateWords(event.phone);
      return [
        `${event.type.padEnd(9)}  ${name}: ${state}`,
        ...(reason === null ? [] : [waitingWords({ ...reason, code: reason.code as ErrorCode })]),
      ];
    }
    case "not-approved":
      return [
        `left alone ${name}: not approved`,
        `rollcall watch --approve ${nameForShell(namedAmong(event.phone, [event.phone]))} approves it; it may stay plugged in.`,
      ];
    case "postponed":
      return [`later      ${name}: in ${duration(event.waitMs)}, it was imported from a short while ago`];
    case "importing":
      return [`importing  ${name}${event.attempt === 1 ? "" : ` (try ${event.attempt})`}`];
    case "imported":
      return [`imported   ${name}: ${event.summary}`];
    case "failed": {
      const next =
        event.retryInMs === null
          ? "It is tried again when the iPhone is plugged in again."
          : `It is tried again in ${duration(event.retryInMs)}.`;
      return [`failed     ${name}: ${event.message}`, inCommandWords(event.remedy), next];
    }
  }
}

/** The same for a program: one object without a line break. */
export function watchObject(event: WatchEvent, at: Date): object {
  if (event.type !== "no-service") return { at, ...event };
  const { code, message, remedy } = event.trouble;
  return { at, type: event.type, code, message, remedy };
}
