import { RollcallError } from "../errors.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a person typed, as the stretch of time that it names: a year, a month, a day, a minute, or one instant. */
interface NamedTime {
  readonly from: Date;
  /** The first instant after it. */
  readonly to: Date;
}

/**
 * The instant at which `--since` begins: a plain day begins at local midnight, a span counts back from now.
 * @param flag for the message: `--since`
 * @throws RollcallError BAD_USAGE
 */
export function parseSince(flag: string, text: string, now = new Date()): Date {
  return namedTime(flag, text, now).from;
}

/** The instant before which everything still belongs to `--until`: the day or minute that was named is part of it. */
export function parseUntil(flag: string, text: string, now = new Date()): Date {
  return namedTime(flag, text, now).to;
}

/**
 * A span alone, as {@link parseSince} reads it: `12h`, `7d`, `2w`, `3m`, `1y`.
 * @returns the instant so long before another one
 * @throws RollcallError BAD_USAGE
 */
export function parseSpan(flag: string, text: string): (newest: Date) => Date {
  const fromNewest = (newest: Date) => span(text.trim(), newest)?.from;
  if (fromNewest(new Date()) !== undefined) return (newest) => fromNewest(newest)!;
  throw new RollcallError("BAD_USAGE", {
    message: `${flag}: ${JSON.stringify(text)} is not a span.`,
    remedy: `Use 12h, 7d, 2w, 3m (months) or 1y, such as ${flag} 1y.`,
  });
}

function namedTime(flag: string, text: string, now: Date): NamedTime {
  const typed = text.trim();
  const named =
    span(typed, now) ?? dayByName(typed, now) ?? monthOrYear(typed) ?? localTime(typed) ?? zonedTime(typed);
  if (named !== null) return named;
  throw new RollcallError("BAD_USAGE", {
    message: `${flag}: ${JSON.stringify(text)} is not a date.`,
    remedy:
      'Use 2026-11-21, "2026-11-21 18:00", 2026-11, yesterday, or a span: 12h, 7d, 2w, 3m (months), 1y.',
  });
}

/**
 * `12h`, `7d`, `2w`, `3m` (months, as in restic: nobody means minutes), `1y`. All but hours count by the calendar: the
 * same time of day, then; where a month is too short for the day, its last one.
 */
function span(text: string, now: Date): NamedTime | null {
  const [, digits, unit] = /^(\d{1,5})\s?([hdwmy])$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const from = before(now, Number(digits), unit.toLowerCase());
  return { from, to: new Date(from.getTime() + 1) };
}

function before(now: Date, count: number, unit: string): Date {
  const then = new Date(now);
  if (unit === "h") then.setTime(then.getTime() - count * HOUR_MS);
  else if (unit === "d") then.setDate(then.getDate() - count);
  else if (unit === "w") then.setDate(then.getDate() - 7 * count);
  else {
    then.setMonth(then.getMonth() - (unit === "y" ? 12 * count : count));
    // 31 March less a month is rolled over into March again.
    if (then.getDate() !== now.getDate()) then.setDate(0);
  }
  return then;
}

function dayByName(text: string, now: Date): NamedTime | null {
  const daysAgo = { today: 0, yesterday: 1 }[text.toLowerCase()];
  if (daysAgo === undefined) return null;
  const dayAfter = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  return { from: dayAfter(-daysAgo), to: dayAfter(1 - daysAgo) };
}

/** `2026-11`, `2026` */
function monthOrYear(text: string): NamedTime | null {
  const [, digits, monthDigits] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const year = Number(digits);
  if (monthDigits === undefined) return { from: new Date(year, 0, 1), to: new Date(year + 1, 0, 1) };
  const month = Number(monthDigits) - 1;
  if (month < 0 || month > 11) return null;
  return { from: new Date(year, month, 1), to: new Date(year, month + 1, 1) };
}

/** `2026-11-21`, `2026-11-21 18:00`, `2026-11-21T18:00:05`: on this computer's clock. */
function localTime(text: string): NamedTime | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) return null;
  const [year, month, day, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const from = new Date(year, month - 1, day, hours, minutes, seconds);
  // Date rolls 30 February over into March; a person meant something else.
  const isReal =
    from.getMonth() === month - 1 && from.getDate() === day && hours < 24 && minutes < 60 && seconds < 60;
  if (!isReal) return null;
  if (match[4] === undefined) return { from, to: new Date(year, month - 1, day + 1) };
  return { from, to: new Date(from.getTime() + (match[6] === undefined ? MINUTE_MS : 1_000)) };
}

/** ISO 8601 with a zone: `2026-11-21T18:00:00Z`, `2026-11-21T18:00:00.250+01:00`. */
function zonedTime(text: string): NamedTime | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return null;
  const from = new Date(text);
  if (Number.isNaN(from.getTime())) return null;
  return { from, to: new Date(from.getTime() + 1) };
}
