import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { faultyPhotos } from "./faulty-photos.js";

/** Asks without sending an event and without a question to the person. */
const probe = `ObjC.import("CoreServices");
  ObjC.bindFunction("AEDeterminePermissionToAutomateTarget",
    ["int", ["void *", "unsigned int", "unsigned int", "bool"]]);
  var target = $.NSAppleEventDescriptor.descriptorWithBundleIdentifier("com.apple.Photos");
  return { answer: $.AEDeterminePermissionToAutomateTarget(target.aeDesc, 0x2a2a2a2a, 0x2a2a2a2a, false) };`;

const version = "return P.version()";

describe("the right to send events", () => {
  it("is there in ordinary times, and cannot be asked for while Photos is closed", () => {
    const { ask, photos } = faultyPhotos();
    expect(ask(probe)).toEqual({ answer: 0 });
    photos.end();
    photos.resetCounters();
    expect(ask(probe)).toEqual({ answer: -600 });
    expect(photos.running()).toBeNull();
    expect(photos.counters().total).toBe(0);
  });

  it("is refused with -1743, and Photos is started all the same", () => {
    const { ask, photos } = faultyPhotos({ name: "refuses-events" });
    photos.end();
    expect(ask(version)).toBe(-1743);
    expect(photos.running()).not.toBeNull();
    expect(ask(probe)).toEqual({ answer: -1743 });
  });

  it.each([
    ["allow" as const, "11.0", 0],
    ["deny" as const, -1743, -1743],
  ])(
    "undecided is -1744 to the probe; the first event waits for the person, who says %s",
    (answer, first, later) => {
      const { ask, timed } = faultyPhotos({ name: "asks-permission", answer, afterMs: 4000 });
      expect(ask(probe)).toEqual({ answer: -1744 });
      expect(timed(() => expect(ask(version)).toBe(first))).toBe(4000);
      expect(timed(() => expect(ask(version)).toBe(first))).toBe(0);
      expect(ask(probe)).toEqual({ answer: later });
    },
  );

  it("stays undecided where nobody is there to answer, and the event waits for ever", () => {
    const { ask, timed } = faultyPhotos({ name: "asks-permission", answer: "nobody" });
    expect(timed(() => ask(version))).toBeGreaterThan(3_600_000);
    expect(ask(probe)).toEqual({ answer: -1744 });
  });
});

describe("starting Photos", () => {
  it.each([-600, -10810] as const)(
    "fails with %i, by event and by launch, as long as it is closed",
    (number) => {
      const { ask, photos } = faultyPhotos({ name: "photos-will-not-start", number });
      expect(ask(version)).toBe("11.0");
      photos.end();
      expect(ask(version)).toBe(number);
      expect(ask("P.launch()")).toBe(number);
      expect(photos.running()).toBeNull();
      photos.faults(null);
      expect(ask(version)).toBe("11.0");
    },
  );

  it.each<[PhotosFault & { name: "starts-slowly" }, questions: unknown[]]>([
    [{ name: "starts-slowly", readyAfterMs: 8000, manner: "fails" }, [-600, -600, -600, -600]],
    [
      { name: "starts-slowly", readyAfterMs: 8000, manner: "fails", number: -1728 },
      [-1728, -1728, -1728, -1728],
    ],
    [{ name: "starts-slowly", readyAfterMs: 8000, manner: "nothing-there" }, ["11.0", 0, [], -1728]],
  ])("%j: until it is ready, after every launch", (how, early) => {
    const { ask, photos, wait, albumId } = faultyPhotos(how);
    const questions = [
      version,
      "return P.mediaItems.length",
      "return P.albums.name()",
      `return P.albums.byId(${JSON.stringify(albumId)}).name()`,
    ];
    const answers = () => questions.map((question) => ask(question));
    for (let launch = 0; launch < 2; launch++) {
      photos.end();
      expect(answers()).toEqual(early);
      wait(7999);
      expect(answers()).toEqual(early);
      wait(1);
      expect(answers()).toEqual(["11.0", 0, ["Trip"], "Trip"]);
    }
  });

  it("makes the first event wait until it is ready, or time out", () => {
    const { ask, photos, timed } = faultyPhotos({
      name: "starts-slowly",
      readyAfterMs: 90_000,
      manner: "blocks",
    });
    photos.end();
    expect(timed(() => expect(ask(version)).toBe(-1712))).toBe(60_000);
    expect(timed(() => expect(ask(version)).toBe("11.0"))).toBe(30_000);
    expect(timed(() => expect(ask(version)).toBe("11.0"))).toBe(0);
  });

  it("lets an album be made by name before its library can be asked for it", () => {
    const { ask, photos, wait } = faultyPhotos({
      name: "starts-slowly",
      readyAfterMs: 8000,
      manner: "nothing-there",
    });
    photos.end();
    ask("P.make({new: 'album', named: 'Early'})");
    expect(ask("return P.albums.whose({name: 'Early'})().length")).toBe(0);
    expect(ask("return P.albums.byName('Early').exists()")).toBe(false);
    wait(8000);
    expect(ask("return P.albums.whose({name: 'Early'})().length")).toBe(1);
  });
});
