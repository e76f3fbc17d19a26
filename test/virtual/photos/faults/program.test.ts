import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { all, faultyPhotos } from "./faulty-photos.js";

const version = "return P.version()";
const forceTerminate = `ObjC.import("AppKit");
  return $.NSRunningApplication.runningApplicationsWithBundleIdentifier("com.apple.Photos")
    .objectAtIndex(0).forceTerminate`;

describe("a Photos that wears out", () => {
  it("is slow after so many items, fails after some more, and is cured by a relaunch", () => {
    const { importInto, ask, photos, paths, timed } = faultyPhotos({
      name: "wears-out",
      afterItems: 3,
      failsAfterItems: 4,
      slowByMs: 7000,
    });
    expect(timed(() => importInto())).toBe(0);
    expect(timed(() => expect(ask(version)).toBe("11.0"))).toBe(7000);
    expect(importInto(paths.slice(0, 1))).toEqual(all.slice(0, 1));
    expect(timed(() => expect(ask(version)).toBe(-1712))).toBe(60_000);
    photos.end();
    expect(timed(() => expect(ask("return P.mediaItems.length")).toBe(4))).toBe(0);
  });

  it("goes on with a slow event after its sender gave up", () => {
    const { importInto, holds, paths, wait } = faultyPhotos({
      name: "wears-out",
      afterItems: 1,
      slowByMs: 90_000,
    });
    importInto(paths.slice(0, 1));
    expect(importInto(paths.slice(1))).toBe(-1712);
    expect(holds().items).toHaveLength(1);
    wait(30_000);
    expect(holds().items).toEqual(all);
  });

  it("counts 2,000 items unless told otherwise", () => {
    const { ask, photos, timed } = faultyPhotos({ name: "wears-out" });
    const { application } = photos.library;
    application.remember("importedSinceLaunch", 1999);
    expect(timed(() => ask(version))).toBe(0);
    application.remember("importedSinceLaunch", 2000);
    expect(timed(() => ask(version))).toBeGreaterThan(0);
  });
});

describe("a Photos that hangs", () => {
  it.each(["times-out", "blocks-for-good"] as const)(
    "%s from one event on, until it is forced to quit",
    (manner) => {
      const { ask, photos, timed } = faultyPhotos({ name: "stops-answering", manner, atEvent: 2 });
      expect(ask(version)).toBe("11.0");
      const pid = photos.running()?.pid;
      expect(timed(() => expect(ask(version)).toBe(-1712))).toBeGreaterThanOrEqual(60_000);
      expect(ask("P.quit()")).toBe(-1712);
      expect(ask(version)).toBe(-1712);
      expect(photos.running()?.pid).toBe(pid);
      expect(ask(forceTerminate)).toBe(true);
      expect(photos.running()).toBeNull();
      expect(ask(version)).toBe("11.0");
      expect(photos.running()?.pid).not.toBe(pid);
    },
  );
});

describe("a Photos that somebody ends", () => {
  it.each<[PhotosFault, answer: unknown, items: readonly string[], runs: boolean]>([
    [{ name: "photos-ends", when: "before" }, all, all, true],
    [{ name: "photos-ends", when: "during" }, -609, [], false],
    [{ name: "photos-ends", when: "during", isDone: true }, -609, all, false],
    [{ name: "photos-ends", when: "after" }, all, all, false],
  ])("%j: once, at the event it is told", (how, answer, items, runs) => {
    const { importInto, ask, holds, photos } = faultyPhotos({
      ...how,
      atEvent: 2,
    } as PhotosFault);
    const pid = photos.running()?.pid;
    ask(version);
    expect(photos.running()?.pid).toBe(pid);
    expect(importInto()).toEqual(answer);
    expect(photos.running() !== null).toBe(runs);
    expect(holds().items).toEqual(items);
    ask(version);
    expect(photos.running()?.pid).toBe(pid! + 1);
  });
});

describe("a sheet over the window", () => {
  it("opens at an event, blocks it and all others, and goes when it is answered", () => {
    const { ask, importInto, photos, holds } = faultyPhotos({
      name: "sheet-opens",
      text: "Welcome to Photos",
      atEvent: 2,
    });
    expect(ask(version)).toBe("11.0");
    expect(importInto()).toBe(-1712);
    expect(photos.sheetText()).toBe("Welcome to Photos");
    expect(ask(version)).toBe(-1712);
    photos.answerSheet("ok");
    expect(holds().items).toEqual([]);
    expect(importInto()).toEqual(all);
  });

  it("may let version() through, or make events wait for ever", () => {
    const answering = faultyPhotos({ name: "sheet-opens" }, { name: "sheets-differ", answersVersion: true });
    expect(answering.ask("return P.mediaItems.length")).toBe(-1712);
    expect(answering.ask(version)).toBe("11.0");
    const blocking = faultyPhotos({ name: "sheet-opens" }, { name: "sheets-differ", blocksForGood: true });
    expect(blocking.timed(() => blocking.ask(version))).toBeGreaterThan(3_600_000);
  });

  it("closes when Photos is forced to quit, and not when it is asked politely", () => {
    const { ask, photos } = faultyPhotos({ name: "sheet-opens" });
    ask(version);
    expect(ask(forceTerminate.replace("forceTerminate", "terminate"))).toBe(false);
    expect(photos.sheetText()).not.toBeNull();
    expect(ask(forceTerminate)).toBe(true);
    expect(photos.sheetText()).toBeNull();
    expect(ask(version)).toBe("11.0");
  });
});
