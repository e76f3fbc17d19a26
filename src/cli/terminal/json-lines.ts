import type { RunEvent } from "../../run/run-events.js";
import { noticeWords, wordedInJson } from "./command-words.js";

/** The least time between two `copied` events: a phone gives hundreds of pieces a second. */
const BETWEEN_COPIED_MS = 200;

/** Writes each event as one line of JSON. `copied` is thinned out by time, never the last of an item count. */
export function jsonLines(write: (line: string) => void, now: () => number): (event: RunEvent) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastItems = -1;
  return (event) => {
    if (event.type === "copied") {
      if (event.items === lastItems && now() - lastMs < BETWEEN_COPIED_MS) return;
      lastMs = now();
      lastItems = event.items;
    }
    write(`${JSON.stringify(asWritten(event), wordedInJson)}\n`);
  };
}

/** What to do about a notice is part of its message. */
function asWritten(event: RunEvent): object {
  if (event.type !== "notice") return event;
  const { remedy, ...notice } = event;
  return { ...notice, message: noticeWords(event) };
}
