import { describe, expect, it } from "vitest";
import { ordered } from "../../../src/gui/page/months.js";
import {
  boxOf,
  layoutRows,
  placeBeside,
  placesIn,
  type Row,
  rowOf,
  rowsBetween,
} from "../../../src/gui/page/rows.js";
import type { PhotoItem } from "../../../src/gui/page/server-state.js";
import { at, photo } from "./photos.js";

/** Four columns of 100, 10 apart. */
const look = { width: 430, tile: 100, gap: 10 };
const laidOut = (photos: readonly PhotoItem[]) => layoutRows(ordered(photos).sections, look);

/** So many photos on each of these days, the oldest first. */
function onDays(...days: [at: number, photos: number][]): PhotoItem[] {
  const times = days.flatMap(([day, photos]) => Array.from({ length: photos }, (_, hour) => day + hour * 60));
  return times.map((time, id) => photo(id, { at: time }));
}

const inWords = (row: Row) =>
  row.type === "tiles"
    ? `${row.days.map(({ words, column }) => `${words} at ${column}`).join(", ")} ${row.first}-${row.end}`
    : `${row.type} ${row.words}`;

describe("photos by month and day, the newest first", () => {
  it("short days share a row, and a long one has rows of its own", () => {
    const photos = onDays(
      [at(2026, 3, 31), 1],
      [at(2026, 5, 1), 6],
      [at(2026, 5, 2), 1],
      [at(2026, 5, 3), 2],
    );
    expect(laidOut(photos).rows.map(inWords)).toEqual([
      "month May 2026",
      "Sun 3 May at 0, Sat 2 May at 2 0-3",
      "Fri 1 May at 0 3-7",
      " 7-9",
      "month March 2026",
      "Tue 31 Mar at 0 9-10",
    ]);
  });

  it("groups come one after the other with their names, where there are several", () => {
    const photos = [photo(0), photo(1, { state: "imported" }), photo(2, { state: "left" }), photo(3)];
    const { photos: inOrder, sections } = ordered(photos);
    expect(sections.map(({ title }) => title)).toEqual([
      "New Items",
      "Already Imported",
      "Stays on the iPhone",
    ]);
    expect(inOrder.map(({ id }) => id)).toEqual([3, 0, 1, 2]);
    expect(ordered([photo(0)]).sections.map(({ title }) => title)).toEqual([null]);
  });

  it("rows follow each other without a hole, and end where the whole ends", () => {
    const { rows, height } = laidOut(onDays([at(2026, 1, 1), 9], [at(2026, 2, 1), 3], [at(2026, 2, 2), 30]));
    let top = 0;
    for (const row of rows) {
      expect(row.top).toBe(top);
      top += row.height;
    }
    expect(top).toBe(height);
  });

  it("a width of nothing still has a column, and no photos have no rows", () => {
    expect(layoutRows(ordered([photo(0)]).sections, { ...look, width: 0 }).columns).toBe(1);
    expect(laidOut([]).height).toBe(0);
  });
});

describe("where a tile is", () => {
  const layout = laidOut(onDays([at(2026, 4, 1), 6], [at(2026, 5, 1), 2]));

  it("each photo is in the row that holds it, and its box is where its row and column are", () => {
    for (let place = 0; place < 8; place += 1) {
      const row = layout.rows[rowOf(layout, place)]!;
      expect(place >= row.first && place < row.end && row.type === "tiles").toBe(true);
    }
    const { left, top } = boxOf(layout, 1)!;
    expect(placesIn(layout, { left: left + 5, top: top + 5, right: left + 6, bottom: top + 6 })).toEqual([1]);
    expect(rowOf(layout, 8)).toBe(-1);
    expect(boxOf(layout, 8)).toBeNull();
  });

  it("a box touches the tiles under it in their order, and none between them", () => {
    const first = boxOf(layout, 2)!;
    const last = boxOf(layout, 7)!;
    expect(placesIn(layout, { left: 0, top: first.top, right: 205, bottom: last.bottom })).toEqual([
      2, 3, 6, 7,
    ]);
    expect(placesIn(layout, { left: 101, top: first.top, right: 109, bottom: last.bottom })).toEqual([]);
  });

  it("up and down keep to the column, or the last tile of a shorter row", () => {
    expect(placeBeside(layout, 0, 1)).toBe(2);
    expect(placeBeside(layout, 5, 1)).toBe(7);
    expect(placeBeside(layout, 5, -1)).toBe(1);
    expect(placeBeside(layout, 7, 1)).toBe(7);
    expect(placeBeside(layout, 0, -1)).toBe(0);
    expect(placeBeside(layout, 1, 9)).toBe(7);
  });

  it("20,000 photos: only the rows of a part of the height are found", () => {
    const many = laidOut(onDays([at(2024, 1, 1), 8000], [at(2025, 1, 1), 8000], [at(2026, 1, 1), 4000]));
    const { first, end } = rowsBetween(many, 50_000, 51_000);
    expect(end - first).toBeLessThan(13);
    expect(many.rows[first]!.top).toBeLessThanOrEqual(50_000);
    expect(many.rows[end - 1]!.top).toBeLessThan(51_000);
  });
});
