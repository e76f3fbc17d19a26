import { closest, distance } from "fastest-levenshtein";

/** Further apart than that, two words are two words. */
const MOST_EDITS = 2;

/** The longest word that is compared: a typed text may have any length. */
const LONGEST = 64;

/**
 * The name that a person most likely meant; upper and lower case are the same.
 * @returns null where none is near
 */
export function nearest(typed: string, names: readonly string[]): string | null {
  const word = typed.toLowerCase();
  const near = names.filter((name) => Math.abs(name.length - word.length) <= MOST_EDITS);
  if (word.length > LONGEST || near.length === 0) return null;
  const lower = near.map((name) => name.toLowerCase());
  const found = closest(word, lower);
  const isNear = distance(word, found) <= Math.min(MOST_EDITS, Math.floor(word.length / 2));
  return isNear ? near[lower.indexOf(found)]! : null;
}
