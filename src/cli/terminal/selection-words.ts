import type { Selection } from "../../plan/selection.js";
import type { Report } from "../../run/run-events.js";
import { dayAndTime } from "./format-day.js";

/** Says which moments a selection's dates mean: what is typed as `3m` may be meant otherwise. */
export function printDates(report: Report, { since, before, takenSince }: Selection): void {
  const parts: string[] = [];
  if (since !== undefined) parts.push(`that came onto the phone since ${dayAndTime(since)}`);
  if (before !== undefined)
    parts.push(`${since === undefined ? "that came onto the phone " : ""}before ${dayAndTime(before)}`);
  if (takenSince !== undefined) parts.push(`taken since ${dayAndTime(takenSince)}`);
  if (parts.length === 0) return;
  report({ type: "notice", code: "DATES_MEANT", message: `Only photos ${parts.join(", ")}.` });
}
