import { describe, expect } from "vitest";
import type { RunEvent } from "../../src/run/run-events.js";
import type { PhotosMisbehaviour } from "../../src/virtual/photos/photos-misbehaviour.js";
import { oneTestIn } from "../sampled.js";
import { Desk } from "./one-desk.js";
import { jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(4);

const request = { withoutPhoneLibrary: true, batchLimits: { items: 10, bytes: 1e9 } } as const;

function photos(count: number) {
  const files = Array.from({ length: count }, (_, at) => {
    const name = `/DCIM/100APPLE/IMG_${String(at + 1).padStart(4, "0")}.JPG`;
    return [name, jpeg(at + 1)] as const;
  });
  return phoneWith(Object.fromEntries(files));
}

function relaunches({ events }: Desk): string[] {
  return events.flatMap((event) => (event.type === "relaunching" ? [event.because] : []));
}

function notices({ events }: Desk): string[] {
  const isNotice = (event: RunEvent) => event.type === "notice";
  return events.filter(isNotice).map(({ code }) => code);
}

const wears: PhotosMisbehaviour = {
  name: "wears-out",
  afterItems: 30,
  failsAfterItems: 60,
  slowByMs: 12_000,
};

describe("a Photos that becomes slow after many items", () => {
  test("is started anew where Rollcall had started it: everything comes in one run, and it is closed again", async () => {
    using desk = new Desk();
    desk.photos.end();
    desk.photos.misbehave(wears);
    const { head } = await desk.import(photos(70), request);

    expect(head.totals.byAnswer.proved).toBe(70);
    expect(desk.photos.running()).toBeNull();
    expect(desk.albums()).toEqual({ "Last Import": expect.objectContaining({ length: 70 }) });
    expect(relaunches(desk)[0]).toBe("it has become slow");
    expect(notices(desk)).not.toContain("PHOTOS_SLOW");
  });

  test("is left alone where the person had opened it: they are told, and what comes in comes in once", async () => {
    using desk = new Desk();
    desk.photos.launch();
    desk.photos.misbehave({ ...wears, failsAfterItems: 10_000 });
    const { head } = await desk.import(photos(70), request);

    expect(head.totals.byAnswer.proved).toBe(70);
    expect(relaunches(desk)).toEqual([]);
    expect(notices(desk)).toContain("PHOTOS_SLOW");
    expect(desk.photos.running()).not.toBeNull();
  });

  test("goes on as soon as the person has quit it, and is open again at the end", async () => {
    using desk = new Desk();
    desk.photos.launch();
    const before = desk.photos.running();
    desk.photos.misbehave(wears);
    const whole = desk.runScript;
    desk.runScript = (script, input, options) => {
      if (notices(desk).at(-1) === "PHOTOS_SLOW" && desk.photos.running()?.pid === before?.pid)
        desk.photos.end();
      return whole(script, input, options);
    };
    const { head } = await desk.import(photos(60), request);

    expect(head.totals.byAnswer.proved).toBe(60);
    expect(desk.photos.running()).not.toBeNull();
  });

  test("is started anew with --relaunch though the person had opened it, and is open at the end", async () => {
    using desk = new Desk();
    desk.photos.launch();
    desk.photos.misbehave(wears);
    const { head } = await desk.import(photos(70), { ...request, mayRelaunch: true });

    expect(head.totals.byAnswer.proved).toBe(70);
    expect(relaunches(desk)[0]).toBe("it has become slow");
    expect(desk.photos.running()).not.toBeNull();
  });
});

describe("a Photos that answers nothing any more in the middle of a run", () => {
  const wedges: PhotosMisbehaviour = { name: "stops-answering", manner: "times-out", atEvent: 30, times: 1 };

  test("is ended where Rollcall had started it, and the run goes on to its end", async () => {
    using desk = new Desk();
    desk.photos.end();
    desk.photos.misbehave({ name: "stops-answering", manner: "times-out", atEvent: 30 });
    const first = desk.photos;
    const { head } = await desk.import(photos(40), request).finally(() => first.misbehave(null));

    expect(head.totals.byAnswer.proved).toBe(40);
    expect(desk.albums()["Last Import"]).toHaveLength(40);
    expect(relaunches(desk)).not.toEqual([]);
  });

  test("is the person's to look at where they had opened it: the run says so, ends, and the next one goes on", async () => {
    using desk = new Desk();
    desk.photos.launch();
    desk.photos.misbehave({ ...wedges, times: 1_000 });
    await expect(desk.import(photos(40), request)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
    expect(notices(desk)).toContain("PHOTOS_SILENT");
    expect(desk.photos.running()).not.toBeNull();

    desk.photos.misbehave(null);
    desk.photos.end();
    const { head } = await desk.import(photos(40), request);
    expect(head.totals.byAnswer.proved).toBe(40);
    expect(desk.itemCount()).toBe(40);
  });
});

describe("a file before which Photos opens an alert and falls silent", () => {
  const poison: PhotosMisbehaviour = { name: "poison-file", names: "^IMG_0007\\.", manner: "alert" };

  test("is found by halves, and all others are in, where Rollcall had started Photos", async () => {
    using desk = new Desk();
    desk.photos.end();
    desk.photos.misbehave(poison);
    const { answersByPath } = await desk.import(photos(30), request);

    const failed = [...answersByPath].filter(([, answer]) => answer !== "proved");
    expect(failed).toEqual([["/DCIM/100APPLE/IMG_0007.JPG", "failed"]]);
    expect(desk.itemCount()).toBe(29);
    expect(relaunches(desk).length).toBeLessThanOrEqual(5); // ten, five, three, two, one
  });
});

test("a Photos that falls silent at every import, however often it is started, ends the run; nothing is lost", async () => {
  using desk = new Desk();
  desk.photos.end();
  desk.photos.misbehave({ name: "import-times-out", lateByMs: 0, comes: 0 });
  await expect(desk.import(photos(40), request)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
  expect(relaunches(desk).length).toBeLessThanOrEqual(10);

  desk.photos.misbehave(null);
  const { head } = await desk.import(photos(40), request);
  expect(head.totals.byAnswer.proved).toBe(40);
  expect(desk.itemCount()).toBe(40);
});

describe("an album event that fails once", () => {
  const events = ["make", "add", "delete", "set"] as const;
  const cases = events.flatMap((event) =>
    [-1712, -609, -600, -10000].flatMap((number) =>
      [true, false].map((isDone) => ({ event, number, isDone })),
    ),
  );
  test.each(cases)("$event ($number, done: $isDone) is made good in the same run", async (how) => {
    using desk = new Desk();
    await desk.import(photos(3), request);
    desk.photos.misbehave({ name: "event-fails", ...how, times: 1 });
    const phone = photos(6);
    const { head } = await desk.import(phone, request);

    expect(head.totals.byAnswer.proved).toBe(6);
    expect(desk.albums()).toEqual({ "Last Import": ["IMG_0004.JPG", "IMG_0005.JPG", "IMG_0006.JPG"] });
  });
});

test("another library opened in the middle of a run ends it before anything is claimed of that one, and the next run in the first ends well", async () => {
  for (let atEvent = 12; atEvent < 34; atEvent += 3) {
    using desk = new Desk();
    const phone = photos(4);
    const inTwos = { ...request, batchLimits: { items: 2, bytes: 1e9 } };
    desk.photos.misbehave({ name: "library-switched", atEvent });
    const ending = await desk.import(phone, inTwos).then(
      ({ head }) => `${head.totals.byAnswer.proved} proved`,
      (error: { code?: string }) => error.code,
    );
    const isSwitched = desk.photos.openLibraryPath() !== desk.photos.library.path;
    expect({ atEvent, ending }).toEqual({
      atEvent,
      ending: isSwitched ? "PHOTOS_LIBRARY_SWITCHED" : "4 proved",
    });
    if (isSwitched) expect(desk.itemCount()).toBe(0);

    desk.photos.misbehave(null);
    desk.photos.openLibrary(desk.photos.library.path);
    const { head } = await desk.import(phone, inTwos);
    expect(head.totals.byAnswer.proved).toBe(4);
    expect(desk.itemCount()).toBe(4);
    expect(desk.albums()["Last Import"]).toHaveLength(4);
  }
});

describe("at the end Photos is as it was found", () => {
  test.each([6, 12, 18, 24])(
    "where the one that Rollcall had started ended by itself, and an event (%i) started it again: closed",
    async (atEvent) => {
      using desk = new Desk();
      desk.photos.misbehave({ name: "photos-ends", when: "before", atEvent });
      const { head } = await desk.import(photos(4), request);
      expect(head.totals.byAnswer.proved).toBe(4);
      expect(desk.photos.library.application.launches).toBe(2);
      expect(desk.photos.running()).toBeNull();
    },
  );

  test("where a person's ended by itself, and an event started it again: open", async () => {
    using desk = new Desk();
    desk.photos.launch();
    desk.photos.misbehave({ name: "photos-ends", when: "before", atEvent: 12 });
    await desk.import(photos(4), request);
    expect(desk.photos.running()).not.toBeNull();
  });

  /** Rollcall is killed at the first script of this name, before or after Photos has heard it. */
  const killedAt = async (desk: Desk, name: string, when: "before" | "after") => {
    class Kill extends Error {}
    const whole = desk.runScript;
    let isDead = false;
    desk.runScript = async (script, input, options) => {
      if (isDead || (script.name === name && when === "before")) {
        isDead = true;
        throw new Kill();
      }
      const envelope = await whole(script, input, options);
      isDead = script.name === name;
      if (isDead) throw new Kill();
      return envelope;
    };
    await desk.import(photos(2), request).catch((error: unknown) => {
      if (!(error instanceof Kill)) throw error;
    });
    desk.runScript = whole;
    await desk.clock.wait(60_000);
  };

  test("where Rollcall was killed right after it started Photos, before anything else: the next run closes it, for whatever phone", async () => {
    using desk = new Desk();
    await killedAt(desk, "launchPhotos", "after");
    expect(desk.photos.running()).not.toBeNull();
    const other = photos(3);
    Object.assign(other.identity, { udid: "F".repeat(40) });
    await desk.import(other, request);
    expect(desk.photos.running()).toBeNull();
  });

  test("where Rollcall was killed when all was done: the next run closes it, also where nothing is new", async () => {
    using desk = new Desk();
    await killedAt(desk, "quitPhotos", "before");
    expect(desk.photos.running()).not.toBeNull();
    const before = desk.photos.counters().events;
    await desk.import(photos(2), request);
    expect(desk.photos.running()).toBeNull();
    expect(desk.photos.counters().events).toEqual({ ...before, quit: 1 });
  });

  test("where Rollcall was killed before it could start Photos, and a person opened it later: open", async () => {
    using desk = new Desk();
    await killedAt(desk, "launchPhotos", "before");
    expect(desk.photos.running()).toBeNull();
    desk.photos.launch();
    await desk.import(photos(2), request);
    expect(desk.photos.running()).not.toBeNull();
  });
});
