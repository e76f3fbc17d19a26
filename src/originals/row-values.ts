const SECONDS_FROM_1970_TO_2001 = 978_307_200;
/** Nobody took a photograph before 1826; and 123456789012345 seconds have been seen. */
const EARLIEST = Date.UTC(1826, 0);
const LATEST = Date.UTC(2200, 0);

/** Seconds since 2001-01-01 UTC; null for a date that cannot be. */
export function dateOf(seconds: unknown): Date | null {
  if (typeof seconds !== "number") return null;
  const milliseconds = Math.round((seconds + SECONDS_FROM_1970_TO_2001) * 1000);
  return milliseconds >= EARLIEST && milliseconds < LATEST ? new Date(milliseconds) : null;
}

/** {@link dateOf} the other way round. */
export function secondsOf(date: Date): number {
  return date.getTime() / 1000 - SECONDS_FROM_1970_TO_2001;
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** 0 says nothing: shared albums have it, and no picture is empty. */
export function bytesOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Anything but 0 counts. Null where the database does not say. */
export function isSet(value: unknown): boolean | null {
  return typeof value === "number" ? value !== 0 : null;
}
