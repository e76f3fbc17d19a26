import { expect, it, test } from "vitest";
import { type Filters, filtered, filtersInForce, NO_FILTERS } from "../../../src/gui/page/filters.js";
import { at, photo } from "./photos.js";

const photos = [
  photo(0, { state: "imported" }),
  photo(1, { kind: "live", isFavorite: true, albums: [0, 2] }),
  photo(2, { kind: "video", at: at(2026, 4, 30, 23, 59), albums: [2] }),
  photo(3, { state: "again", at: at(2026, 5, 1, 0, 0), name: "Beach.PNG", kind: "screenshot" }),
  photo(4, { state: "left", note: "Hidden on the iPhone", mayBeChosen: true }),
  photo(5, { state: "icloud-only" }),
  photo(6, { at: at(2026, 5, 31, 23, 59), isFavorite: true }),
];

const rows: [string, Partial<Filters>, number[]][] = [
  ["nothing chosen: only what is new or to be tried again", {}, [1, 2, 3, 6]],
  ["what was imported before", { show: "imported" }, [0]],
  ["what stays on the phone by itself", { show: "left" }, [4, 5]],
  ["all", { show: "all" }, [0, 1, 2, 3, 4, 5, 6]],
  ["a kind", { kinds: ["video"] }, [2]],
  ["an album of the phone", { album: 2 }, [1, 2]],
  ["favourites", { isFavoritesOnly: true }, [1, 6]],
  ["from a day on, its first minute included", { from: "2026-05-01" }, [1, 3, 6]],
  ["until a day, its last minute included", { to: "2026-04-30" }, [2]],
  ["one month", { from: "2026-05-01", to: "2026-05-31" }, [1, 3, 6]],
  ["a part of the name in either case", { name: " beach " }, [3]],
  ["two of them: both have to be true", { album: 2, isFavoritesOnly: true }, [1]],
  ["a day that is none bounds nothing", { from: "2026-05" }, [1, 2, 3, 6]],
];

test.each(rows)("%s", (_, filters, ids) => {
  expect(filtered(photos, { ...NO_FILTERS, ...filters }).map(({ id }) => id)).toEqual(ids);
});

it("says how many filters leave something out, whatever group is shown", () => {
  expect(filtersInForce({ ...NO_FILTERS, show: "all" })).toBe(0);
  expect(filtersInForce({ ...NO_FILTERS, kinds: ["raw"], from: "2026-01-01", to: "2026-02-01" })).toBe(2);
});
