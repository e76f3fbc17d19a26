import { describe, expect } from "vitest";
import type { RunEvent } from "../../src/run/run-events.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { oneTestIn } from "../sampled.js";

const test = oneTestIn(4);

const request = { withoutPhoneLibrary: true, batchLimits: { items: 10, bytes: 1e9 } } as const;

function photos(count: number) {
  const files = Array.from({ length: count }, (_, at) => {
    const name = `/DCIM/100APPLE/IMG_${String(at + 1).padStart(4, "0")}.JPG`;
    return [name, jpeg(at + 1)] as const;
  });
  return phoneWith(Object.fromEntries(files));
}

function relaunches({ events }: ImportHarness): string[] {
  return events.flatMap((event) => (event.type === "relaunching" ? [event.because] : []));
}

function notices({ events }: ImportHarness): string[] {
  const isNotice = (event: RunEvent) => event.type === "notice";
  return events.filter(isNotice).map(({ code }) => code);
}

const wears: PhotosFault = {
  name: "wears-out",
  afterItems: 30,
  failsAfterItems: 60,
  slowByMs: 12_000,
};

describe("a Photos that becomes slow after many items", () => {
  test("is started anew where Rollcall had started it: everything comes in one run, and it is closed again", async () => {
    using harness = new ImportHarness();
    harness.photos.end();
    harness.photos.faults(wears);
    const { head } = await harness.import(photos(70), request);

    expect(head.totals.byAnswer.proved).toBe(70);
    expect(harness.photos.running()).toBeNull();
    expect(harness.albums()).toEqual({ "Last Import": expect.objectContaining({ length: 70 }) });
    expect(relaunches(harness)[0]).toBe("it has become slow");
    expect(notices(harness)).not.toContain("PHOTOS_SLOW");
  });

  test("is left alone where the person had opened it: they are told, and what comes in comes in once", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    harness.photos.faults({ ...wears, failsAfterItems: 10_000 });
    const { head } = await harness.import(photos(70), request);

    expect(head.totals.byAnswer.proved).toBe(70);
    expect(relaunches(harness)).toEqual([]);
    expect(notices(harness)).toContain("PHOTOS_SLOW");
    expect(harness.photos.running()).not.toBeNull();
  });

  test("goes on as soon as the person has quit it, and is open again at the end", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    const before = harness.photos.running();
    harness.photos.faults(wears);
    const whole = harness.runScript;
    harness.runScript = (script, input, options) => {
      if (notices(harness).at(-1) === "PHOTOS_SLOW" && harness.photos.running()?.pid === before?.pid)
        harness.photos.end();
      return whole(script, input, options);
    };
    const { head } = await harness.import(photos(60), request);

    expect(head.totals.byAnswer.proved).toBe(60);
    expect(harness.photos.running()).not.toBeNull();
  });

  test("is started anew with --restart-photos though the person had opened it, and is open at the end", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    harness.photos.faults(wears);
    const { head } = await harness.import(photos(70), { ...request, mayRelaunch: true });

    expect(head.totals.byAnswer.proved).toBe(70);
    expect(relaunches(harness)[0]).toBe("it has become slow");
    expect(harness.photos.running()).not.toBeNull();
  });
});

describe("a Photos that answers nothing any more in the middle of a run", () => {
  const wedges: PhotosFault = { name: "stops-answering", manner: "times-out", atEvent: 30, times: 1 };

  test("is ended where Rollcall had started it, and the run goes on to its end", async () => {
    using harness = new ImportHarness();
    harness.photos.end();
    harness.photos.faults({ name: "stops-answering", manner: "times-out", atEvent: 30 });
    const first = harness.photos;
    const { head } = await harness.import(photos(40), request).finally(() => first.faults(null));

    expect(head.totals.byAnswer.proved).toBe(40);
    expect(harness.albums()["Last Import"]).toHaveLength(40);
    expect(relaunches(harness)).not.toEqual([]);
  });

  test("is the person's to look at where they had opened it: the run says so, ends, and the next one goes on", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    harness.photos.faults({ ...wedges, times: 1_000 });
    await expect(harness.import(photos(40), request)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
    expect(notices(harness)).toContain("PHOTOS_SILENT");
    expect(harness.photos.running()).not.toBeNull();

    harness.photos.faults(null);
    harness.photos.end();
    const { head } = await harness.import(photos(40), request);
    expect(head.totals.byAnswer.proved).toBe(40);
    expect(harness.itemCount()).toBe(40);
  });
});

describe("a file before which Photos opens an alert and falls silent", () => {
  const poison: PhotosFault = { name: "poison-file", names: "^IMG_0007\\.", manner: "alert" };

  test("is found by halves, and all others are in, where Rollcall had started Photos", async () => {
    using harness = new ImportHarness();
    harness.photos.end();
    harness.photos.faults(poison);
    const { answersByPath } = await harness.import(photos(30), request);

    const failed = [...answersByPath].filter(([, answer]) => answer !== "proved");
    expect(failed).toEqual([["/DCIM/100APPLE/IMG_0007.JPG", "failed"]]);
    expect(harness.itemCount()).toBe(29);
    expect(relaunches(harness).length).toBeLessThanOrEqual(5); // ten, five, three, two, one
  });
});

test("a Photos that falls silent at every import ends the run after its restarts; nothing is lost", async () => {
  using harness = new ImportHarness();
  harness.photos.end();
  harness.photos.faults({ name: "import-times-out", lateByMs: 0, comes: 0 });
  await expect(harness.import(photos(40), request)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
  expect(relaunches(harness).length).toBeLessThanOrEqual(10);

  harness.photos.faults(null);
  const { head } = await harness.import(photos(40), request);
  expect(head.totals.byAnswer.proved).toBe(40);
  expect(harness.itemCount()).toBe(40);
});

describe("an album event that fails once", () => {
  const events = ["make", "add", "delete", "set"] as const;
  const cases = events.flatMap((event) =>
    [-1712, -609, -600, -10000].flatMap((number) =>
      [true, false].map((isDone) => ({ event, number, isDone })),
    ),
  );
  test.each(cases)("$event ($number, done: $isDone) is made good in the same run", async (how) => {
    using harness = new ImportHarness();
    await harness.import(photos(3), request);
    harness.photos.faults({ name: "event-fails", ...how, times: 1 });
    const phone = photos(6);
    const { head } = await harness.import(phone, request);

    expect(head.totals.byAnswer.proved).toBe(6);
    expect(harness.albums()).toEqual({ "Last Import": ["IMG_0004.JPG", "IMG_0005.JPG", "IMG_0006.JPG"] });
  });
});

test("another library opened in the middle of a run ends it before any claim; the next run finishes", async () => {
  for (let atEvent = 12; atEvent < 34; atEvent += 3) {
    using harness = new ImportHarness();
    const phone = photos(4);
    const inTwos = { ...request, batchLimits: { items: 2, bytes: 1e9 } };
    harness.photos.faults({ name: "library-switched", atEvent });
    const ending = await harness.import(phone, inTwos).then(
      ({ head }) => `${head.totals.byAnswer.proved} proved`,
      (error: { code?: string }) => error.code,
    );
    const isSwitched = harness.photos.openLibraryPath() !== harness.photos.library.path;
    expect({ atEvent, ending }).toEqual({
      atEvent,
      ending: isSwitched ? "PHOTOS_LIBRARY_SWITCHED" : "4 proved",
    });
    if (isSwitched) expect(harness.itemCount()).toBe(0);

    harness.photos.faults(null);
    harness.photos.openLibrary(harness.photos.library.path);
    const { head } = await harness.import(phone, inTwos);
    expect(head.totals.byAnswer.proved).toBe(4);
    expect(harness.itemCount()).toBe(4);
    expect(harness.albums()["Last Import"]).toHaveLength(4);
  }
});

describe("at the end Photos is as it was found", () => {
  test.each([6, 12, 18, 24])(
    "where the one that Rollcall had started ended by itself, and an event (%i) started it again: closed",
    async (atEvent) => {
      using harness = new ImportHarness();
      harness.photos.faults({ name: "photos-ends", when: "before", atEvent });
      const { head } = await harness.import(photos(4), request);
      expect(head.totals.byAnswer.proved).toBe(4);
      expect(harness.photos.library.application.launches).toBe(2);
      expect(harness.photos.running()).toBeNull();
    },
  );

  test("where a person's ended by itself, and an event started it again: open", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    harness.photos.faults({ name: "photos-ends", when: "before", atEvent: 12 });
    await harness.import(photos(4), request);
    expect(harness.photos.running()).not.toBeNull();
  });

  /** Rollcall is killed at the first script of this name, before or after Photos has heard it. */
  const killedAt = async (harness: ImportHarness, name: string, when: "before" | "after") => {
    class Kill extends Error {}
    const whole = harness.runScript;
    let isDead = false;
    harness.runScript = async (script, input, options) => {
      if (isDead || (script.name === name && when === "before")) {
        isDead = true;
        throw new Kill();
      }
      const envelope = await whole(script, input, options);
      isDead = script.name === name;
      if (isDead) throw new Kill();
      return envelope;
    };
    await harness.import(photos(2), request).catch((error: unknown) => {
      if (!(error instanceof Kill)) throw error;
    });
    harness.runScript = whole;
    await harness.clock.wait(60_000);
  };

  test("where Rollcall was killed right after it started Photos, the next run closes it, for any phone", async () => {
    using harness = new ImportHarness();
    await killedAt(harness, "launchPhotos", "after");
    expect(harness.photos.running()).not.toBeNull();
    const other = photos(3);
    Object.assign(other.identity, { udid: "F".repeat(40) });
    await harness.import(other, request);
    expect(harness.photos.running()).toBeNull();
  });

  test("where Rollcall was killed when all was done: the next run closes it, also where nothing is new", async () => {
    using harness = new ImportHarness();
    await killedAt(harness, "quitPhotos", "before");
    expect(harness.photos.running()).not.toBeNull();
    const before = harness.photos.counters().events;
    await harness.import(photos(2), request);
    expect(harness.photos.running()).toBeNull();
    expect(harness.photos.counters().events).toEqual({ ...before, quit: 1 });
  });

  test("where Rollcall was killed before it could start Photos, and a person opened it later: open", async () => {
    using harness = new ImportHarness();
    await killedAt(harness, "launchPhotos", "before");
    expect(harness.photos.running()).toBeNull();
    harness.photos.launch();
    await harness.import(photos(2), request);
    expect(harness.photos.running()).not.toBeNull();
  });
});
