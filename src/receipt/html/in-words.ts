import { twoDigits } from "../../text/two-digits.js";

/** Made once: making one takes longer than a whole photo of the page. */
const COUNT = new Intl.NumberFormat("en-US");

/** 4,812 */
export function count(number: number): string {
  return COUNT.format(number);
}

/** "1 photo", "412 photos" */
export function counted(number: number, one: string): string {
  return `${count(number)} ${one}${number === 1 ? "" : "s"}`;
}

export const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** "3.1 GB", in powers of 1000 as macOS counts. */
export function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

export const MONTHS =
  "January February March April May June July August September October November December".split(" ");

/** "22 November 2026", likewise. */
export function day(instant: string): string {
  const date = new Date(instant);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** "22 November 2026 at 18:40", by the clock of the computer that writes the page. */
export function moment(instant: string): string {
  const date = new Date(instant);
  return `${day(instant)} at ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}
