import type { PhotoItem } from "./server-state.js";

/** Which photos are shown. All of it has to be true of a photo. */
export interface Filters {
  readonly show: "new" | "imported" | "left" | "all";
  /** Empty: every kind. */
  readonly kinds: readonly PhotoItem["kind"][];
  /** Place of an album of the phone; null: every photo. */
  readonly album: number | null;
  readonly isFavoritesOnly: boolean;
  /** First and last day, both included, as `2026-05-03` by the clock of this computer; empty: no bound. */
  readonly from: string;
  readonly to: string;
  /** A part of the name; case does not count. */
  readonly name: string;
}

export const NO_FILTERS: Filters = {
  show: "new",
  kinds: [],
  album: null,
  isFavoritesOnly: false,
  from: "",
  to: "",
  name: "",
};

/** Under which heading a photo stands. */
type Group = "new" | "imported" | "left";

export function groupOf({ state }: PhotoItem): Group {
  if (state === "new" || state === "again") return "new";
  return state === "imported" ? "imported" : "left";
}

/** Those that are shown, in the order in which they were given. */
export function filtered(photos: readonly PhotoItem[], filters: Filters): PhotoItem[] {
  const { show, kinds, album, isFavoritesOnly } = filters;
  const from = filters.from === "" ? Number.NEGATIVE_INFINITY : beginOf(filters.from, 0);
  const end = filters.to === "" ? Number.POSITIVE_INFINITY : beginOf(filters.to, 1);
  const name = filters.name.trim().toLowerCase();
  return photos.filter(
    (photo) =>
      (show === "all" || groupOf(photo) === show) &&
      (kinds.length === 0 || kinds.includes(photo.kind)) &&
      (album === null || photo.albums?.includes(album) === true) &&
      (!isFavoritesOnly || photo.isFavorite === true) &&
      !(photo.at < from || photo.at >= end) &&
      (name === "" || photo.name.toLowerCase().includes(name)),
  );
}

/** How many of the filters, besides which group is shown, leave something out. */
export function filtersInForce({ kinds, album, isFavoritesOnly, from, to, name }: Filters): number {
  const inForce = [kinds.length > 0, album !== null, isFavoritesOnly, from + to !== "", name.trim() !== ""];
  return inForce.filter((one) => one).length;
}

/** When a day of this computer begins, `later` days on; what is no day bounds nothing. */
function beginOf(dayText: string, later: number): number {
  const [, year, month, day] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(dayText) ?? [];
  return new Date(Number(year), Number(month) - 1, Number(day) + later).getTime();
}
