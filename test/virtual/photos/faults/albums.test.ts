import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { all, faultyPhotos } from "./faulty-photos.js";

describe("making an album", () => {
  it.each<[PhotosFault, answer: unknown, lateMs: number]>([
    [{ name: "make-returns-nothing" }, null, 0],
    [{ name: "make-fails-though-made" }, -1700, 0],
    [{ name: "make-appears-late", lateByMs: 3000 }, null, 3000],
    [{ name: "event-fails", number: -1712, event: "make", isDone: true }, -1712, 0],
  ])("%j: it is there, once", (how, answer, lateMs) => {
    const { ask, holds, wait } = faultyPhotos(how);
    expect(ask("return P.make({new: 'album', named: 'New'})")).toBe(answer);
    if (lateMs > 0) {
      wait(lateMs - 1);
      expect(holds().albums).toEqual(["Trip"]);
      wait(1);
    }
    expect(holds().albums).toEqual(["Trip", "New"]);
  });
});

describe("adding to an album", () => {
  const addAll = "P.add(P.mediaItems(), {to: P.albums.byName('Trip')})";
  const filled = (how: PhotosFault) => {
    const at = faultyPhotos();
    at.ask("P.import(input.map(function (p) { return Path(p); }), {skipCheckDuplicates: true})", at.paths);
    at.photos.faults(how);
    return at;
  };

  it("drops every other item the first time, and none the second", () => {
    const { ask, holds } = filled({ name: "add-drops-some" });
    ask(addAll);
    expect(holds().trip).toEqual(["IMG_0001.PNG", "IMG_0003.PNG"]);
    ask(addAll);
    expect(new Set(holds().trip)).toEqual(new Set(all));
  });

  it("drops by seed at least one, as often as told, and says nothing", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { ask, holds } = filled({ name: "add-drops-some", seed, times: 1 });
      expect(ask(addAll)).toBe("undefined");
      expect(holds().trip.length).toBeLessThan(3);
      ask(addAll);
      expect(holds().trip.length).toBe(3);
    }
    const { ask, holds } = filled({ name: "add-drops-some", seed: 1, share: 1, times: 2 });
    ask(addAll);
    ask(addAll);
    expect(holds().trip).toEqual([]);
  });
});

describe("the album that an import goes into", () => {
  it("shows its members late", () => {
    const { importInto, holds, wait } = faultyPhotos({ name: "into-shows-late", lateByMs: 3000 });
    expect(importInto()).toEqual(all);
    expect(holds()).toMatchObject({ items: all, trip: [] });
    wait(3000);
    expect(holds()).toMatchObject({ items: all, trip: all });
  });

  it("never shows them", () => {
    const { importInto, holds, wait } = faultyPhotos({ name: "into-does-nothing" });
    expect(importInto()).toEqual(all);
    wait(3_600_000);
    expect(holds()).toMatchObject({ items: all, trip: [] });
  });
});

describe("a library that cannot be written to", () => {
  it.each<[PhotosFault, unknown]>([
    [{ name: "ignores-writes" }, null],
    [{ name: "ignores-writes", number: -10003 }, -10003],
    [{ name: "ignores-writes", number: -10006 }, -10006],
  ])("%j: is as it was after every kind of write", (how, answer) => {
    const { importInto, ask, holds, photos } = faultyPhotos();
    importInto();
    photos.faults(how);
    const before = holds();
    expect(importInto()).toBe(answer);
    const silent = answer ?? "undefined";
    expect(ask("return P.make({new: 'album', named: 'New'})")).toBe(answer);
    expect(ask("P.albums[0].name = 'Other'")).toBe(silent);
    expect(ask("P.delete(P.albums[0])")).toBe(silent);
    expect(ask("P.add(P.mediaItems(), {to: P.albums[0]})")).toBe(silent);
    expect(holds()).toEqual(before);
    expect(ask("return P.albums.name()")).toEqual(["Trip"]);
  });
});
