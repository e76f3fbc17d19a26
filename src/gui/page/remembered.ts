import { type Filters, NO_FILTERS } from "./filters.js";

/** What a reload of this tab comes back to; everything else is in the server. */
interface Remembered {
  readonly filters: Filters;
  /** Least length of a tile's side, in CSS pixels. */
  readonly tile: number;
  readonly scrollTop: number;
}

const STORED = "rollcall-view";

export function recall(): Remembered {
  const unknown: Partial<Remembered> = read();
  return {
    filters: { ...NO_FILTERS, ...unknown.filters },
    tile: typeof unknown.tile === "number" ? unknown.tile : 132,
    scrollTop: typeof unknown.scrollTop === "number" ? unknown.scrollTop : 0,
  };
}

export function remember(what: Partial<Remembered>): void {
  sessionStorage.setItem(STORED, JSON.stringify({ ...read(), ...what }));
}

function read(): Partial<Remembered> {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Partial<Remembered>;
  } catch {
    return {};
  }
}
