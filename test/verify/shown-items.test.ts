import { expect, test } from "vitest";
import type { LibraryPackageRecords } from "../../src/photos/library-package.js";
import { knowsAllShown, type ShownItems } from "../../src/verify/shown-items.js";

const begunAt = new Date("2026-12-01T10:00:00Z");
const countedAt = new Date("2026-12-01T10:01:00Z");

/** Two photos came by one event. Ids: OURS is in the ledger, STRANGER is not, OTHER came from somebody else meanwhile. */
const shown: ShownItems = {
  itemIds: [1, 2],
  unknownIds: ["STRANGER"],
  knownIds: ["OURS"],
  items: 2,
  begunAt,
  countedAt,
};

/** A database with these rows, all of the time in between. */
function withRows(ids: readonly string[], addedIds: readonly string[] | null = ids): LibraryPackageRecords {
  return {
    standingOf: (id: string) => (ids.includes(id) ? "listed" : "absent"),
    idsAddedBetween: (from: Date, to: Date) =>
      from.getTime() > begunAt.getTime() || to.getTime() < countedAt.getTime() ? [] : addedIds,
  } as unknown as LibraryPackageRecords;
}

test.each<[what: string, isKnown: boolean, shown: ShownItems, records: LibraryPackageRecords]>([
  ["every row is there", true, shown, withRows(["OURS", "STRANGER"])],
  [
    "the row of a known photo is late, and that of the stranger is there",
    true,
    shown,
    withRows(["STRANGER"]),
  ],
  ["the row of an id that Photos showed is late", false, shown, withRows(["OURS"])],
  ["that, and another photo came meanwhile", false, shown, withRows(["OURS", "OTHER"])],
  ["Photos only counted, and has no row for one", false, { ...shown, unknownIds: [] }, withRows(["OURS"])],
  ["Photos only counted, and all are there", true, { ...shown, unknownIds: [] }, withRows(["OURS", "OTHER"])],
  ["nothing but known photos was counted", true, { ...shown, unknownIds: [], items: 1 }, withRows([])],
  [
    "the database does not say when rows came",
    false,
    { ...shown, unknownIds: [] },
    withRows(["OURS", "OTHER"], null),
  ],
])("a database knows all that Photos showed, or is behind it: %s", (_what, isKnown, one, records) => {
  expect(knowsAllShown(one, records)).toBe(isKnown);
});
