import { twoDigits } from "../../text/two-digits.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "22 Nov 2026", on this computer's clock. */
export function day(date: Date): string {
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** "22 Nov 2026, 14:05" */
export function dayAndTime(date: Date): string {
  return `${day(date)}, ${timeOfDay(date)}`;
}

/** "14:05", or with its day where that is another one than now. */
export function moment(date: Date, now: Date): string {
  return day(date) === day(now) ? timeOfDay(date) : dayAndTime(date);
}

function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes()].map(twoDigits).join(":");
}
