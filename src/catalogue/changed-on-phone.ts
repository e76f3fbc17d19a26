import type { DateFact, PlaceFact } from "./carried-facts.js";

/** Files keep whole seconds, or round differently; nobody corrects a date by less. */
const SAME_DATE_MS = 2_000;
const HALF_HOUR_MS = 30 * 60_000;
/** Between what was read in one zone and what was meant in another. */
const MOST_ZONE_MS = 14 * 60 * 60_000;

/** Dates of one photo, as milliseconds since 1970. */
interface DatesOfPhoto {
  /** What the phone shows. */
  readonly shownMs: number | null;
  /** What the file says, as the phone read it. */
  readonly inFileMs: number | null;
  /** Whether the file says its zone itself. */
  readonly hasOwnZone: boolean;
}

/** Half and whole hours of a file without a zone are zones and no changes: facts of real libraries, 5 of 6 such rows. */
export function dateFact({ shownMs, inFileMs, hasOwnZone }: DatesOfPhoto): DateFact {
  if (shownMs === null || inFileMs === null) return "unsaid";
  const difference = Math.abs(shownMs - inFileMs);
  if (difference < SAME_DATE_MS) return "as-in-file";
  const fromHalfHours = Math.abs(difference - Math.round(difference / HALF_HOUR_MS) * HALF_HOUR_MS);
  const isZone = fromHalfHours < SAME_DATE_MS && difference < MOST_ZONE_MS + SAME_DATE_MS;
  return isZone && !hasOwnZone ? "other-zone" : "changed";
}

/** Eleven metres: films keep four decimals of what the camera knew. */
const SAME_DEGREES = 0.0001;

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Photos writes -180 for none, which is no latitude. */
export function placeOf(latitude: unknown, longitude: unknown): Place | null {
  if (typeof latitude !== "number" || typeof longitude !== "number") return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

/** @param isFileKnown false where the database does not tell what the file says */
export function placeFact(shown: Place | null, inFile: Place | null, isFileKnown: boolean): PlaceFact {
  if (!isFileKnown) return { state: "unsaid" };
  if (shown === null) return { state: inFile === null ? "as-in-file" : "removed" };
  if (inFile !== null && isSamePlace(shown, inFile)) return { state: "as-in-file" };
  return { state: "changed", ...shown };
}

function isSamePlace(one: Place, other: Place): boolean {
  const around = Math.abs(one.longitude - other.longitude);
  return (
    Math.abs(one.latitude - other.latitude) < SAME_DEGREES && Math.min(around, 360 - around) < SAME_DEGREES
  );
}
