import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { all, faultyPhotos } from "./faulty-photos.js";

interface Course {
  readonly title: string;
  readonly how: PhotosFault;
  readonly answer: unknown;
  /** What is in library and album so many seconds after the event has answered. */
  readonly afterwards: readonly (readonly [seconds: number, items: readonly string[]])[];
  readonly survives: boolean;
}

const first = all.slice(0, 1);

const courses: Course[] = [
  {
    title: "-1712, and everything is in at once",
    how: { name: "import-times-out", lateByMs: 0 },
    answer: -1712,
    afterwards: [[0, all]],
    survives: true,
  },
  {
    title: "-1712, and everything comes together later",
    how: { name: "import-times-out", lateByMs: 45_000 },
    answer: -1712,
    afterwards: [
      [44, []],
      [45, all],
    ],
    survives: true,
  },
  {
    title: "-1712, and the items come one by one",
    how: { name: "import-times-out", lateByMs: 10_000, everyMs: 5000 },
    answer: -1712,
    afterwards: [
      [9, []],
      [10, first],
      [15, all.slice(0, 2)],
      [20, all],
    ],
    survives: true,
  },
  {
    title: "-1712, and only some items ever come",
    how: { name: "import-times-out", lateByMs: 0, everyMs: 1000, comes: 2 },
    answer: -1712,
    afterwards: [
      [0, first],
      [3600, all.slice(0, 2)],
    ],
    survives: true,
  },
  {
    title: "-1712, and nothing ever comes",
    how: { name: "import-times-out", lateByMs: 0, comes: 0 },
    answer: -1712,
    afterwards: [[3600, []]],
    survives: true,
  },
  {
    title: "-609 with Photos dead before the first item",
    how: { name: "import-loses-connection", photos: "dies" },
    answer: -609,
    afterwards: [[3600, []]],
    survives: false,
  },
  {
    title: "-609 with Photos dead after one item",
    how: { name: "import-loses-connection", photos: "dies", afterItems: 1 },
    answer: -609,
    afterwards: [[3600, first]],
    survives: false,
  },
  {
    title: "-609 as a plain time-out: Photos lives and goes on after one item",
    how: { name: "import-loses-connection", photos: "lives", afterItems: 1, lateByMs: 20_000 },
    answer: -609,
    afterwards: [
      [19, first],
      [20, all],
    ],
    survives: true,
  },
  {
    title: "-600 though everything is in",
    how: { name: "import-says-not-running" },
    answer: -600,
    afterwards: [[0, all]],
    survives: true,
  },
  {
    title: "an error that did nothing",
    how: { name: "event-fails", number: -10000, event: "import" },
    answer: -10000,
    afterwards: [[3600, []]],
    survives: true,
  },
  {
    title: "an error that did everything",
    how: { name: "event-fails", number: -10000, event: "import", isDone: true },
    answer: -10000,
    afterwards: [[0, all]],
    survives: true,
  },
];

describe("an import that ends badly", () => {
  it.each(courses)("$title", ({ how, answer, afterwards, survives }) => {
    const { importInto, holds, photos, wait } = faultyPhotos({ ...how, times: 1 } as PhotosFault);
    const pid = photos.running()?.pid;
    expect(importInto()).toBe(answer);
    expect(photos.running()?.pid).toBe(survives ? pid : undefined);
    let passed = 0;
    for (const [seconds, items] of afterwards) {
      wait((seconds - passed) * 1000);
      passed = seconds;
      expect(holds()).toMatchObject({ items, trip: items });
    }
  });

  it("is one import session, in however many pieces its items come", () => {
    const { importInto, holds, photos, wait } = faultyPhotos({
      name: "import-times-out",
      lateByMs: 0,
      everyMs: 1000,
    });
    importInto();
    wait(10_000);
    expect(holds().items).toEqual(all);
    const sessions = photos.library.database.prepare(
      "SELECT count(DISTINCT ZIMPORTSESSION) sessions FROM ZASSET",
    );
    expect(sessions.get()).toEqual({ sessions: 1 });
  });

  it("can keep other questions waiting until its work is done", () => {
    const { importInto, ask, timed } = faultyPhotos({
      name: "import-times-out",
      lateByMs: 45_000,
      readsBlock: true,
    });
    expect(importInto()).toBe(-1712);
    expect(timed(() => expect(ask("return P.mediaItems.length")).toBe(3))).toBe(45_000);
    expect(timed(() => expect(ask("return P.mediaItems.length")).toBe(3))).toBe(0);
  });

  it("can be followed by -609 for a while, though Photos lives", () => {
    const { importInto, ask, wait, photos } = faultyPhotos({
      name: "import-times-out",
      lateByMs: 10_000,
      thenBrokenMs: 30_000,
    });
    importInto();
    expect(ask("return P.version()")).toBe(-609);
    wait(30_000);
    expect(ask("return P.mediaItems.length")).toBe(3);
    expect(photos.library.application.launches).toBe(1);
  });

  it("imports no item twice when the process that carried it out died before it could cross it out", () => {
    const { importInto, holds, photos, wait } = faultyPhotos(
      { name: "import-times-out", lateByMs: 1000, everyMs: 1000 },
      { name: "into-shows-late", lateByMs: 500 },
    );
    importInto();
    const { application } = photos.library;
    const postponed = application.recall("postponed");
    wait(60_000);
    expect(holds()).toMatchObject({ items: all, trip: all });
    application.remember("postponed", postponed);
    expect(holds()).toMatchObject({ items: all, trip: all });
  });

  it("may open the sheet over a duplicate as any import may", () => {
    const { importInto, ask, paths, photos, holds } = faultyPhotos();
    importInto();
    photos.faults({ name: "import-times-out", lateByMs: 0 });
    expect(ask("return P.import(input.map(function (p) { return Path(p); }))", paths)).toBe(-1712);
    expect(photos.sheetText()).toMatch(/already in your library/);
    expect(holds().items).toEqual(all);
  });

  it("leaves what Photos had not done undone when Photos is ended", () => {
    const { importInto, holds, photos, wait } = faultyPhotos({
      name: "import-times-out",
      lateByMs: 10_000,
      everyMs: 5000,
    });
    importInto();
    wait(12_000);
    photos.end();
    wait(60_000);
    expect(holds().items).toEqual(["IMG_0001.PNG"]);
  });

  it("imports each item once when the same files are sent again", () => {
    const { importInto, holds, wait } = faultyPhotos({
      name: "import-times-out",
      lateByMs: 10_000,
      times: 1,
    });
    expect(importInto()).toBe(-1712);
    expect(importInto()).toEqual(all);
    wait(60_000);
    expect(holds().items).toEqual([...all, ...all]);
  });
});
