/** "07": a part of a date or of a time. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
