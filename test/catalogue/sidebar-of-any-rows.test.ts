import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SidebarEntry } from "../../src/catalogue/carried-facts.js";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { assertRandom, casesOr } from "../random-cases.js";
import { databaseFiles, IOS_18, insertAsset } from "./phone-database.js";

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), "rollcall-test-"));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

const [ALBUM, FOLDER, ROOT] = [2, 4000, 3999];
/** The key of the root; 500 leads nowhere. */
const TOP = 100;
const PHOTOS = 6;

/** A row of ZGENERICALBUM; its key is its place among the rows, from 1 on, and its title. */
interface Row {
  readonly kind: number;
  readonly parent: number | null;
  readonly order: number | null;
  readonly deleted: boolean;
  /** Photos and their places. */
  readonly holds: readonly { readonly photo: number; readonly order: number | null }[];
}

const order = fc.option(fc.integer({ min: -3, max: 9 }), { freq: 5 });
const row = (rows: number): fc.Arbitrary<Row> =>
  fc.record({
    kind: fc.constantFrom(ALBUM, ALBUM, FOLDER, FOLDER, FOLDER, 1505),
    parent: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: rows }) },
      { weight: 3, arbitrary: fc.constant(TOP) },
      { weight: 1, arbitrary: fc.constantFrom(null, 500) },
    ),
    order,
    deleted: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    holds: fc.array(fc.record({ photo: fc.integer({ min: 1, max: PHOTOS + 2 }), order }), { maxLength: 5 }),
  });
/** Any rows, and long chains, in which depth and circles are seen. */
const rows = fc.oneof(
  fc
    .integer({ min: 1, max: 14 })
    .chain((count) => fc.array(row(count), { minLength: count, maxLength: count })),
  fc
    .record({ length: fc.integer({ min: 30, max: 80 }), end: fc.constantFrom(TOP, null, 1, 20, 33) })
    .map(({ length, end }): Row[] =>
      Array.from({ length }, (_, at) => ({
        kind: FOLDER,
        parent: at === 0 ? end : at,
        order: null,
        deleted: false,
        holds: [],
      })),
    ),
);

async function sidebarOf(all: readonly Row[]): Promise<readonly SidebarEntry[]> {
  const files = databaseFiles((database) => {
    database.exec(`${IOS_18}
      CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, ZPARENTFOLDER INTEGER,
        Z_FOK_PARENTFOLDER INTEGER, ZTRASHEDSTATE INTEGER);
      CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);
      INSERT INTO ZGENERICALBUM VALUES (${TOP}, ${ROOT}, NULL, NULL, NULL, 0);`);
    for (let photo = 1; photo <= PHOTOS; photo++)
      insertAsset(database, "ZASSET", { path: `DCIM/100APPLE/${photo}.HEIC` });
    const insert = database.prepare("INSERT INTO ZGENERICALBUM VALUES (?, ?, ?, ?, ?, ?)");
    const join = database.prepare("INSERT INTO Z_30ASSETS VALUES (?, ?, ?)");
    for (const [at, { kind, parent, order, deleted, holds }] of all.entries()) {
      insert.run(at + 1, kind, String(at + 1), parent, order, deleted ? 1 : 0);
      for (const held of holds) join.run(at + 1, held.photo, held.order);
    }
  });
  const library = await readPhoneLibrary(new MemoryPhone(files), { workFolder, withCarriedFacts: true });
  return library.carried!.sidebar!;
}

/** Where a row leads, going up from parent to parent. */
function endOf(all: readonly Row[], key: number): "top" | "deleted" | "nowhere" | "circle" {
  let at = key;
  for (let steps = 0; steps <= all.length; steps++) {
    if (at === TOP) return "top";
    const found = all[at - 1];
    if (found === undefined || (at !== key && found.kind !== FOLDER)) return "nowhere";
    if (found.deleted) return "deleted";
    if (found.parent === null) return "nowhere";
    at = found.parent;
  }
  return "circle";
}

interface Seen {
  readonly entry: SidebarEntry;
  readonly key: number;
  readonly parent: number | null;
  readonly depth: number;
}

function* each(entries: readonly SidebarEntry[], parent: number | null = null, depth = 1): Generator<Seen> {
  for (const entry of entries) {
    const key = Number(entry.title);
    yield { entry, key, parent, depth };
    if (entry.kind === "folder") yield* each(entry.entries, key, depth + 1);
  }
}

const place = ({ order }: { readonly order: number | null }) => order ?? Number.POSITIVE_INFINITY;
const ascends = (numbers: readonly number[]) =>
  numbers.every((number, at) => at === 0 || numbers[at - 1]! <= number);

it("of any rows, each album and folder stands in the sidebar once, in its place if it has one", async () => {
  const seenOf = { lost: 0, deep: 0, deleted: 0, nested: 0 };
  const isWhole = await assertRandom(
    fc.asyncProperty(rows, async (all) => {
      const seen = [...each(await sidebarOf(all))];
      const expected = all.flatMap(({ kind }, at) =>
        kind !== 1505 && endOf(all, at + 1) !== "deleted" ? [at + 1] : [],
      );
      expect(seen.map(({ key }) => key).sort((a, b) => a - b)).toEqual(expected);
      seenOf.deleted += all.length - expected.length;

      for (const { entry, key, parent, depth } of seen) {
        const own = all[key - 1]!;
        expect(entry.kind).toBe(own.kind === ALBUM ? "album" : "folder");
        expect(depth).toBeLessThanOrEqual(33);
        if (parent !== null) expect(parent).toBe(own.parent);
        const isAtItsPlace = parent === null ? own.parent === TOP : true;
        if (!isAtItsPlace) {
          seenOf.lost++;
          const isDeep = all.length > 30;
          if (isDeep) seenOf.deep++;
          if (!isDeep && endOf(all, key) === "top") expect.fail(`${key} has a place, and is not there`);
        }
        if (parent !== null) seenOf.nested++;
        if (entry.kind === "folder") {
          const held = entry.entries.map(({ title }) => place(all[Number(title) - 1]!));
          expect(ascends(held)).toBe(true);
        } else {
          const photos = entry.members.map((path) => Number(path.split("/").at(-1)!.split(".")[0]));
          const known = own.holds.filter(({ photo }) => photo <= PHOTOS);
          expect([...photos].sort()).toEqual([...new Set(known.map(({ photo }) => photo))].sort());
          const first = photos.map((photo) =>
            Math.min(...known.filter((held) => held.photo === photo).map(place)),
          );
          expect(ascends(first)).toBe(true);
        }
      }
      const atTop = seen.filter(({ parent }) => parent === null).map(({ key }) => all[key - 1]!);
      const firstLost = atTop.findIndex(({ parent }) => parent !== TOP);
      const placed = firstLost === -1 ? atTop : atTop.slice(0, firstLost);
      expect(ascends(placed.map(place))).toBe(true);
      if (firstLost !== -1) expect(atTop.slice(firstLost).every(({ parent }) => parent !== TOP)).toBe(true);
    }),
    { numRuns: casesOr(150) },
  );
  if (isWhole)
    for (const [what, count] of Object.entries(seenOf)) expect([what, count > 20]).toEqual([what, true]);
});
