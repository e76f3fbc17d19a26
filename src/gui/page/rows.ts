import type { Section } from "./months.js";

/** What is drawn, from top to bottom, in CSS pixels. A place is that of a photo in the order shown. */
export interface Layout {
  readonly rows: readonly Row[];
  readonly height: number;
  readonly columns: number;
  /** Length of a side of a tile. */
  readonly tile: number;
  readonly gap: number;
}

export type Row = HeadingRow | TileRow;

/** The name of a section or of a month, over the whole width. */
interface HeadingRow {
  readonly type: "section" | "month";
  readonly words: string;
  readonly top: number;
  readonly height: number;
  readonly first: number;
  readonly end: number;
}

/** Tiles side by side; days that begin in it have their name above their first tile. */
interface TileRow {
  readonly type: "tiles";
  readonly days: readonly DayHeading[];
  readonly top: number;
  readonly height: number;
  readonly tilesTop: number;
  readonly first: number;
  readonly end: number;
}

interface DayHeading {
  readonly words: string;
  readonly column: number;
  /** Columns that it may take. */
  readonly span: number;
  readonly first: number;
  readonly end: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const HEIGHTS = { section: 64, month: 52, day: 28 } as const;

/**
 * Short days share a row, so that a year of single photos is no year of rows.
 * @param look.tile the least length of a side; tiles grow until they fill the width
 */
export function layoutRows(
  sections: readonly Section[],
  look: { readonly width: number; readonly tile: number; readonly gap: number },
): Layout {
  const { gap } = look;
  const width = Math.max(look.width, 48);
  const columns = Math.max(1, Math.floor((width + gap) / (look.tile + gap)));
  const tile = Math.floor((width - gap * (columns - 1)) / columns);
  const rows: Row[] = [];
  let top = 0;
  const add = (row: Row) => {
    rows.push(row);
    top += row.height;
  };
  for (const section of sections) {
    const { title, first, end } = section;
    if (title !== null) add({ type: "section", words: title, top, height: HEIGHTS.section, first, end });
    for (const { words, days, first, end } of section.months) {
      add({ type: "month", words, top, height: HEIGHTS.month, first, end });
      for (const row of packed(days, columns)) {
        const tilesTop = top + (row.days.length > 0 ? HEIGHTS.day : 0);
        add({ type: "tiles", ...row, top, tilesTop, height: tilesTop - top + tile + gap });
      }
    }
  }
  return { rows, height: top, columns, tile, gap };
}

/** Days into rows: one begins beside another where both fit into the row. */
function packed(
  days: readonly { words: string; first: number; end: number }[],
  columns: number,
): { days: DayHeading[]; first: number; end: number }[] {
  const rows: { days: DayHeading[]; first: number; end: number }[] = [];
  for (const day of days) {
    const photos = day.end - day.first;
    const row = rows.at(-1);
    const used = row === undefined ? columns : row.end - row.first;
    if (row !== undefined && row.days.length > 0 && used + photos <= columns) {
      row.days.push({ ...day, column: used, span: photos });
      row.end = day.end;
      continue;
    }
    for (let first = day.first; first < day.end; first += columns) {
      const end = Math.min(day.end, first + columns);
      const isFirst = first === day.first;
      rows.push({ days: isFirst ? [{ ...day, column: 0, span: end - first }] : [], first, end });
    }
  }
  // The last day of a row may write into what the row leaves empty.
  for (const { days } of rows) {
    const last = days.pop();
    if (last !== undefined) days.push({ ...last, span: columns - last.column });
  }
  return rows;
}

/** Rows that reach into the part between two heights. */
export function rowsBetween({ rows }: Layout, top: number, bottom: number): { first: number; end: number } {
  const first = firstWhere(rows, (row) => row.top + row.height > top);
  return {
    first,
    end: Math.max(
      first,
      firstWhere(rows, (row) => row.top >= bottom),
    ),
  };
}

/** The row of a photo; -1 where it is not shown. */
export function rowOf({ rows }: Layout, place: number): number {
  const after = firstWhere(rows, (row) => row.first > place);
  for (let at = after - 1; at >= 0; at -= 1) {
    const row = rows[at]!;
    if (row.type === "tiles") return place < row.end ? at : -1;
  }
  return -1;
}

export function boxOf(layout: Layout, place: number): Box | null {
  const row = layout.rows[rowOf(layout, place)];
  if (row?.type !== "tiles") return null;
  const left = (place - row.first) * (layout.tile + layout.gap);
  return { left, top: row.tilesTop, right: left + layout.tile, bottom: row.tilesTop + layout.tile };
}

/** Places of the tiles that a box touches, in order. */
export function placesIn(layout: Layout, box: Box): number[] {
  const { tile, gap } = layout;
  const places: number[] = [];
  const { first, end } = rowsBetween(layout, box.top, box.bottom);
  for (const row of layout.rows.slice(first, end)) {
    if (row.type !== "tiles" || row.tilesTop >= box.bottom || row.tilesTop + tile <= box.top) continue;
    for (let place = row.first; place < row.end; place += 1) {
      const left = (place - row.first) * (tile + gap);
      if (left < box.right && left + tile > box.left) places.push(place);
    }
  }
  return places;
}

/** The tile so many rows of tiles above (negative) or below another, in its column or the nearest. */
export function placeBeside(layout: Layout, place: number, byRows: number): number {
  const from = rowOf(layout, place);
  const begin = layout.rows[from];
  if (begin === undefined) return place;
  const column = place - begin.first;
  const step = byRows < 0 ? -1 : 1;
  let found = begin;
  let left = Math.abs(byRows);
  for (let at = from + step; left > 0 && at >= 0 && at < layout.rows.length; at += step) {
    const row = layout.rows[at]!;
    if (row.type !== "tiles") continue;
    found = row;
    left -= 1;
  }
  return Math.min(found.first + column, found.end - 1);
}

/** How many of the list come before the first of which it is true; the list has the false ones first. */
function firstWhere<T>(list: readonly T[], isTrue: (one: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
