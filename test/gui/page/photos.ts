import type { PhotoItem } from "../../../src/gui/page/server-state.js";

/** One new photo of 3 May 2026, 14:02 by this computer's clock; a test says what is different about its own. */
export function photo(id: number, changes: Partial<PhotoItem> = {}): PhotoItem {
  return {
    id,
    name: `IMG_${String(id).padStart(4, "0")}.HEIC`,
    kind: "photo",
    at: at(2026, 5, 3, 14, 2),
    bytes: 4_100_000,
    state: "new",
    ...changes,
  };
}

/** By this computer's clock; months count from one. */
export function at(year: number, month: number, day: number, hours = 12, minutes = 0): number {
  return new Date(year, month - 1, day, hours, minutes).getTime();
}
