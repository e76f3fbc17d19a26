/** Numbers, sizes and times as the page says them; the same words as on the receipt. */

const COUNT = new Intl.NumberFormat("en-US");
const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** 4,812 */
export function count(number: number): string {
  return COUNT.format(number);
}

/** "1 photo", "412 photos" */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** "3.1 GB", in powers of 1000 as macOS counts. */
export function size(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (value >= 999.5 && power < UNITS.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${power === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** "2.2 of 3.1 GB": one unit for both where that reads well. */
export function sizeOfSize(done: number, total: number): string {
  const [part = "", unit] = size(done).split(" ");
  const whole = size(total);
  return whole.endsWith(` ${unit}`) ? `${part} of ${whole}` : `${size(done)} of ${whole}`;
}

/** "a second", "26 seconds", "5 minutes", "2 h 3 min": how long something takes, as far as that can be known. */
export function about(seconds: number): string {
  if (seconds < 1.5) return "a second";
  if (seconds < 60) return `${Math.round(seconds)} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return counted(minutes, "minute");
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "0:07", "12:05", "1:02:05": the length of a film. */
export function length(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = twoDigits(whole % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** "May 2026", by the clock of this computer. */
export function month(at: number): string {
  const date = new Date(at);
  return `${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** "Sun 3 May" */
export function weekdayAndDay(at: number): string {
  const date = new Date(at);
  return `${WEEKDAYS[date.getDay()]?.slice(0, 3)} ${date.getDate()} ${MONTHS[date.getMonth()]?.slice(0, 3)}`;
}

/** "3 May 2026" */
export function day(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${month(at)}`;
}

/** "14:02" */
export function time(at: number): string {
  const date = new Date(at);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A name from the phone: what would break a line or turn the direction of writing is spelled out. */
function escapeControls(text: string): string {
  return text.replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same, with its middle left out where it is long: the beginning and the extension tell most. */
export function shortName(text: string, longest = 48): string {
  const readable = escapeControls(text);
  const characters = Array.from(readable.slice(0, longest * 2));
  if (readable.length <= longest) return readable;
  const end = Array.from(readable.slice(-8));
  return `${characters.slice(0, longest - 10).join("")}…${end.join("")}`;
}
