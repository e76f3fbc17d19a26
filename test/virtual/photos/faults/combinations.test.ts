import { describe, expect, it } from "vitest";
import { type PhotosFault, photosFaults } from "../../../../src/virtual/photos/photos-fault.js";
import { chanceOf, shuffled } from "../../../../src/virtual/photos/seeded-chance.js";
import { openVirtualPhotos } from "../../../../src/virtual/photos/virtual-photos.js";
import { runBody } from "../photos-fixture.js";
import { all, faultyPhotos } from "./faulty-photos.js";

const examples = photosFaults.flatMap((entry) => entry.examples);

/** One round of everything that Rollcall asks of Photos. */
function oneRound({ importInto, ask, albumId }: ReturnType<typeof faultyPhotos>): unknown[] {
  const trip = `P.albums.byId(${JSON.stringify(albumId)})`;
  return [
    ask("return P.version()"),
    importInto(),
    ask(`return ${trip}.mediaItems.filename()`),
    ask("return P.make({new: 'album', named: 'Other'}) === null"),
    ask("P.add(P.mediaItems(), {to: P.albums.byName('Other')})"),
    ask("P.albums.byName('Other').name = 'Last Import'"),
    ask(`P.delete(${trip})`),
    ask("return [P.albums.name(), P.mediaItems.length]"),
  ];
}

describe("the list of faults", () => {
  it("says of each what a person would see, where it was seen, and how to play it", () => {
    for (const { name, seen, source, examples: own } of photosFaults) {
      expect(`${name}: ${seen}`).toMatch(/: (macOS|[A-Z]).*\.$/);
      expect(source.length).toBeGreaterThan(3);
      expect(own.length).toBeGreaterThan(0);
      for (const example of own) expect(example.name).toBe(name);
    }
  });

  it("is data: what JSON makes of an example is the example", () => {
    expect(JSON.parse(JSON.stringify(examples))).toEqual(examples);
  });

  it("refuses a name that is not in it", () => {
    const { photos } = faultyPhotos();
    expect(() => photos.faults({ name: "sings" } as never)).toThrow(/no fault sings/);
  });
});

describe("every fault", () => {
  /** A round by an album and a library emptied for it, and how many items it imported. */
  const cleanRound = (at: ReturnType<typeof faultyPhotos>) => {
    at.ask("P.albums().forEach(function (a) { P.delete(a); }); P.make({new: 'album', named: 'Trip'})");
    at.photos.library.database.exec("UPDATE ZASSET SET ZTRASHEDSTATE = 1");
    const albumId = at.ask("return P.albums[0].id()") as string;
    const before = at.holds().items.length;
    const importInto = () => at.ask(importAndCount, { paths: at.paths, albumId });
    const answers = oneRound({ ...at, albumId, importInto });
    return { answers, imported: at.holds().items.length - before };
  };

  it.each(examples.map((how) => [JSON.stringify(how), how] as const))(
    "%s leaves nothing behind in Photos' manners once it is switched off",
    (_title, how) => {
      const at = faultyPhotos(how);
      oneRound(at);
      at.photos.faults(null);
      at.photos.openLibrary(at.libraryPath);
      at.wait(3_600_000);
      expect(cleanRound(at)).toEqual({
        answers: ["11.0", 3, all, false, "undefined", "undefined", "undefined", [["Last Import"], 3]],
        imported: 3,
      });
    },
  );

  it("does nothing before the event at which it is to strike", () => {
    const ordinary = oneRound(faultyPhotos());
    const occasional = examples.filter(({ name }) => !lasting.includes(name));
    expect(occasional.length).toBeGreaterThan(50);
    const at = faultyPhotos();
    for (const how of occasional) {
      at.photos.faults({ ...how, atEvent: 1000 } as PhotosFault);
      expect({ how, ...cleanRound(at) }).toMatchObject({ how, imported: 3 });
    }
    expect(ordinary.at(-1)).toEqual([["Last Import"], 3]);
  });
});

const importAndCount = `var items = P.import(input.paths.map(function (p) { return Path(p); }),
    {skipCheckDuplicates: true, into: P.albums.byId(input.albumId)});
  return items === null ? null : items.length`;

/** Manners without an event at which they strike. */
const lasting: readonly string[] = [
  "sheets-differ",
  "compares-names-exactly",
  "accepts-bare-uuids",
  "live-size-counts-both",
  "sizes-wrap",
  "unknown-names-give",
  "raw-errors-as-nserror",
  "missing-result-as-msng",
  "speaks",
];

describe("several faults at once", () => {
  it("strike together: references, late members, another order, and a time-out in pieces", () => {
    const { importInto, holds, photos, wait } = faultyPhotos(
      { name: "imports-references" },
      { name: "into-shows-late", lateByMs: 5000 },
      { name: "import-times-out", lateByMs: 0, everyMs: 1000, times: 1 },
      { name: "speaks", language: "de" },
    );
    expect(importInto()).toBe(-1712);
    wait(2000);
    expect(holds()).toMatchObject({ items: all, trip: [] });
    wait(5000);
    expect(holds()).toMatchObject({ items: all, trip: all });
    expect(photos.library.database.prepare("SELECT DISTINCT ZSAVEDASSETTYPE t FROM ZASSET").all()).toEqual([
      { t: 10 },
    ]);
  });

  it("can be placed each at an event of its own", () => {
    const { ask, importInto, holds } = faultyPhotos(
      { name: "event-fails", number: -609, atEvent: 2, times: 1 },
      { name: "make-fails-though-made", atEvent: 3, times: 1 },
      { name: "import-returns-nothing", atEvent: 1, times: 1 },
    );
    expect(importInto()).toBeNull();
    expect(ask("return P.version()")).toBe(-609);
    expect(ask("P.make({new: 'album', named: 'New'})")).toBe(-1700);
    expect(ask("return P.version()")).toBe("11.0");
    expect(holds()).toMatchObject({ items: all, albums: ["Trip", "New"] });
  });

  it("meet an event in the order of the world, not of the list: what is refused at the door is not done", () => {
    const refused = faultyPhotos({ name: "import-times-out", lateByMs: 0 }, { name: "refuses-events" });
    expect(refused.importInto()).toBe(-1743);
    expect(refused.holds().items).toEqual([]);
    const readOnly = faultyPhotos({ name: "import-times-out", lateByMs: 0 }, { name: "ignores-writes" });
    expect(readOnly.importInto()).toBeNull();
    expect(readOnly.holds().items).toEqual([]);
    const covered = faultyPhotos({ name: "import-times-out", lateByMs: 0 }, { name: "sheet-opens" });
    expect(covered.importInto()).toBe(-1712);
    expect(covered.holds().items).toEqual([]);
  });

  it("strike by chance, the same events for the same seed", () => {
    const answers = (seed: number) => {
      const { ask } = faultyPhotos({ name: "event-fails", number: -1728, chance: 0.5, seed });
      return Array.from({ length: 20 }, () => ask("return P.version()"));
    };
    expect(answers(3)).toEqual(answers(3));
    expect(answers(3)).not.toEqual(answers(4));
    expect(new Set(answers(3))).toEqual(new Set(["11.0", -1728]));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    "three by seed %i: the library always stays readable, and no item is imported twice",
    (seed) => {
      const pick = shuffled(examples, seed).slice(0, 3);
      const how = pick.map((example, index) => ({
        ...example,
        seed,
        atEvent: 1 + Math.floor(chanceOf(seed, index) * 8),
      })) as PhotosFault[];
      const at = faultyPhotos(...how);
      const answers = oneRound(at);
      expect(answers).toHaveLength(8);
      at.wait(24 * 3_600_000);
      const { items } = at.holds();
      expect(new Set(items).size, JSON.stringify(how)).toBe(items.length);
      expect(at.photos.library.database.prepare("PRAGMA integrity_check").get()).toEqual({
        integrity_check: "ok",
      });
    },
  );
});

describe("from one process to the next", () => {
  it("keeps faults, their counts, sheets and postponed work in the package", () => {
    const { importInto, photos, libraryPath, time, wait } = faultyPhotos(
      { name: "import-times-out", lateByMs: 20_000, times: 1 },
      { name: "event-fails", number: -1728, atEvent: 3, times: 1 },
    );
    importInto();
    photos.close();
    wait(20_000);
    const next = openVirtualPhotos(libraryPath, { time });
    expect(runBody(next, "return P.mediaItems.length", null)).toBe(3);
    next.close();
    const third = openVirtualPhotos(libraryPath, { time });
    expect(runBody(third, "return P.version()", null)).toMatchObject({ number: -1728 });
    expect(runBody(third, "return P.version()", null)).toBe("11.0");
    third.faults({ name: "sheet-opens" });
    runBody(third, "return P.version()", null);
    third.close();
    const fourth = openVirtualPhotos(libraryPath, { time });
    expect(fourth.sheetText()).not.toBeNull();
    fourth.close();
  });
});
