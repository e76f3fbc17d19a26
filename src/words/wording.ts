import { homedir } from "node:os";
import { sep } from "node:path";
import { quoted } from "../shell-word.js";

/** 4,812 */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** "1 photo", "412 photos" */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** "1 file that is not a photo or video" */
export function notPhotos(files: number): string {
  return `${counted(files, "file")} that ${files === 1 ? "is not a photo or video" : "are not photos or videos"}`;
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** "3.1 GB", in powers of 1000 as macOS counts. */
export function bytes(number: number): string {
  const { value, unit } = inUnit(number);
  return `${value} ${unit}`;
}

/** "2.2 of 3.1 GB": one unit for both where that reads well. */
export function bytesOfBytes(done: number, total: number): string {
  const whole = inUnit(total);
  const part = inUnit(done);
  return part.unit === whole.unit
    ? `${part.value} of ${whole.value} ${whole.unit}`
    : `${bytes(done)} of ${bytes(total)}`;
}

function inUnit(number: number): { value: string; unit: string } {
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return {
    value: unit === 0 || value >= 99.95 ? String(Math.round(value)) : value.toFixed(1),
    unit: UNITS[unit]!,
  };
}

/** "26 s", "1 min 5 s", "2 h 3 min" */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `~/Pictures/Rollcall` */
export function tilde(path: string): string {
  const home = homedir();
  return home !== sep && path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
}

/** A path as one word for a shell, with `~` for home where it needs no quotes. */
export function shellWord(path: string): string {
  const short = tilde(path);
  return /^~?[\w./@+-]+$/.test(short) ? short : quoted(path);
}

/** The same for every path in a sentence. */
export function withTildes(text: string): string {
  const home = homedir();
  return home === sep ? text : text.replaceAll(`${home}${sep}`, `~${sep}`);
}

/** Lines as one, with a space between; what is indented or empty leaves none of it. */
export function inOneLine(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
