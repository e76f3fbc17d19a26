import { expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import type { PhoneFinder, SeenPhone } from "../../src/phone/phone-watch.js";
import {
  type ArrivalEnd,
  importWhenPhoneArrives,
  type WatchEvent,
} from "../../src/run/import-when-phone-arrives.js";
import { OrderedClock } from "../phone/ordered-clock.js";

const MINUTE_MS = 60_000;
const ANNA = "00008140-000C0FFEE0DDF00D";
const BEN = "a".repeat(40);

function seen(udid: string, state: SeenPhone["state"] = "ready", deviceId = 1): SeenPhone {
  const name = udid === ANNA ? "Anna" : "Ben";
  return {
    udid,
    identity: { udid, name, productType: "iPhone16,1", iosVersion: "18.5" },
    state,
    reason: state === "ready" ? null : { code: "PHONE_LOCKED", message: `${name} is ${state}.`, remedy: "" },
    cableBitsPerSecond: null,
    seenBy: { usb: true, usbmuxd: true },
    deviceId,
  };
}

function trouble(code: string): ArrivalEnd {
  return { kind: "trouble", code, message: `${code}.`, remedy: "" };
}

const DONE: ArrivalEnd = { kind: "done", summary: "all proved", newItems: 1 };

/** A cable and a person: what is on it changes by `put`, and time passes as it is waited for. */
class ImportHarness {
  readonly told: string[] = [];
  readonly imports: { readonly name: string; readonly atMinute: number }[] = [];
  readonly clock = new OrderedClock();
  readonly approved = new Set([ANNA]);
  readonly #stop = new AbortController();
  readonly #begunMs = this.clock.now().getTime();
  #now: readonly SeenPhone[] | null = [];
  #ring = () => {};

  put(...phones: readonly SeenPhone[]): void {
    this.#now = phones;
    this.#ring();
  }

  /** usbmuxd is not there. */
  takeServiceAway(): void {
    this.#now = null;
    this.#ring();
  }

  stop(): void {
    this.#stop.abort(new RollcallError("STOPPED", { message: "Stopped.", remedy: "" }));
  }

  /**
   * Watches until it is stopped.
   * @param steps what happens after each event of the watch, by its words; each once, in this order
   */
  async watch(
    steps: readonly (readonly [after: string, then: (harness: ImportHarness) => void])[],
    options: { ends?: readonly ArrivalEnd[]; minutes?: number } = {},
  ): Promise<void> {
    const finder: PhoneFinder = {
      look: async () => {
        if (this.#now !== null) return [...this.#now];
        throw new RollcallError("USBMUXD_ABSENT", { message: "Nobody listens.", remedy: "" });
      },
      open: () => Promise.reject(new Error("it was opened")),
      watch: (onChange, signal) => {
        this.#ring = onChange;
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      },
    };
    const left = [...steps];
    const ends = [...(options.ends ?? [])];
    const report = (event: WatchEvent) => {
      const words = event.type === "no-service" ? event.type : `${event.type} ${event.phone.identity?.name}`;
      this.told.push(words);
      if (left[0]?.[0] === words) left.shift()![1](this);
    };
    const watching = importWhenPhoneArrives(
      {
        finder,
        clock: this.clock,
        signal: this.#stop.signal,
        isApproved: async (udid) => this.approved.has(udid),
        importFrom: async (phone) => {
          const atMinute = Math.floor((this.clock.now().getTime() - this.#begunMs) / MINUTE_MS);
          this.imports.push({ name: phone.identity?.name ?? "", atMinute });
          await this.clock.wait(20_000);
          return ends.shift() ?? DONE;
        },
        report,
      },
      (options.minutes ?? 0) * MINUTE_MS,
    );
    await expect(watching).rejects.toMatchObject({ code: "STOPPED" });
    expect(left.map(([after]) => after)).toEqual([]);
  }
}

test("what may pass is tried again after 1, 5 and 15 minutes, then not before the next arrival", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  let failures = 0;
  const count = () => {
    failures += 1;
  };
  await harness.watch(
    [
      ["failed Anna", count],
      ["failed Anna", count],
      ["failed Anna", count],
      ["failed Anna", (it) => it.put()],
      ["left Anna", (it) => it.put(seen(ANNA))],
      ["imported Anna", (it) => it.stop()],
    ],
    { ends: Array.from({ length: 4 }, () => trouble("PHOTOS_UNAVAILABLE")) },
  );
  expect(failures).toBe(3);
  const minutes = harness.imports.map(({ atMinute }) => atMinute);
  expect(minutes.slice(0, 4)).toEqual([0, 1, 6, 22]);
  expect(minutes).toHaveLength(5);
});

test("what waiting does not mend is left until the next arrival", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch(
    [
      ["failed Anna", (it) => it.put(seen(ANNA), seen(BEN))],
      ["not-approved Ben", (it) => it.put(seen(BEN))],
      ["left Anna", (it) => it.stop()],
    ],
    { ends: [trouble("PHOTOS_NOT_PERMITTED")] },
  );
  expect(harness.imports).toHaveLength(1);
});

test("a phone that left and came back while its import was running is imported from again", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch([
    ["importing Anna", (it) => it.put()],
    ["left Anna", (it) => it.put(seen(ANNA))],
    ["came Anna", () => {}],
    ["imported Anna", () => {}],
    ["importing Anna", () => {}],
    ["imported Anna", (it) => it.stop()],
  ]);
  expect(harness.imports).toHaveLength(2);
});

test("with a minimum interval the next import of a phone waits, while another one is not held up by it", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch(
    [
      ["imported Anna", (it) => it.put()],
      ["left Anna", (it) => it.put(seen(ANNA), seen(BEN))],
      ["postponed Anna", () => {}],
      ["not-approved Ben", () => {}],
      ["imported Anna", (it) => it.stop()],
    ],
    { minutes: 60 },
  );
  expect(harness.imports.map(({ atMinute }) => atMinute)).toEqual([0, 60]);
});

test("a phone that locks itself after its import, and is unlocked, has not arrived again", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch([
    ["imported Anna", (it) => it.put(seen(ANNA, "locked"))],
    ["changed Anna", (it) => it.put(seen(ANNA))],
    ["changed Anna", (it) => it.put()],
    ["left Anna", (it) => it.stop()],
  ]);
  expect(harness.imports).toHaveLength(1);
});

/** Does something later, while the watch waits. */
function later(harness: ImportHarness, minutes: number, then: () => void): void {
  void harness.clock.wait(minutes * MINUTE_MS).then(then);
}

test("a phone that is approved while plugged in is imported without replugging, and named once before", async () => {
  const harness = new ImportHarness();
  harness.put(seen(BEN));
  await harness.watch([
    ["not-approved Ben", (it) => later(it, 30, () => it.approved.add(BEN))],
    ["imported Ben", (it) => it.stop()],
  ]);
  expect(harness.told).toEqual(["here Ben", "not-approved Ben", "importing Ben", "imported Ben"]);
  expect(harness.imports).toEqual([{ name: "Ben", atMinute: 30 }]);
});

test("a guest is named again when it comes again, and looked at no more once it has left", async () => {
  const harness = new ImportHarness();
  harness.put(seen(BEN));
  await harness.watch([
    ["not-approved Ben", (it) => it.put()],
    ["left Ben", (it) => it.put(seen(BEN))],
    ["not-approved Ben", (it) => it.put()],
    ["left Ben", (it) => later(it, 60, () => it.stop())],
  ]);
  expect(harness.told.filter((words) => words === "not-approved Ben")).toHaveLength(2);
  expect(harness.imports).toEqual([]);
});

test("a phone that is unlocked ten minutes after it came, or a day, is imported from then, once", async () => {
  for (const minutes of [10, 24 * 60]) {
    const harness = new ImportHarness();
    harness.put(seen(ANNA, "locked"));
    await harness.watch([
      ["here Anna", (it) => later(it, minutes, () => it.put(seen(ANNA)))],
      ["imported Anna", (it) => later(it, 60, () => it.stop())],
    ]);
    expect(harness.imports).toHaveLength(1);
    expect(harness.imports[0]!.atMinute).toBe(minutes);
  }
});

test("a usbmuxd that is absent at the start is waited for, and told once", async () => {
  const harness = new ImportHarness();
  harness.takeServiceAway();
  await harness.watch([
    ["no-service", (it) => later(it, 90, () => it.put(seen(ANNA)))],
    ["imported Anna", (it) => it.stop()],
  ]);
  expect(harness.told.filter((words) => words === "no-service")).toHaveLength(1);
  expect(harness.imports).toHaveLength(1);
});

test("a computer that sleeps and wakes with the same plug-in imports nothing again", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch([
    [
      "imported Anna",
      (it) => {
        later(it, 5, () => it.clock.jump(8 * 60 * MINUTE_MS));
        later(it, 120, () => it.stop());
      },
    ],
  ]);
  expect(harness.imports).toHaveLength(1);
});

test("a phone that was unplugged and came back while the computer slept has arrived again", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch([
    [
      "imported Anna",
      (it) =>
        later(it, 5, () => {
          it.clock.jump(8 * 60 * MINUTE_MS);
          it.put(seen(ANNA, "ready", 2));
        }),
    ],
    ["left Anna", () => {}],
    ["came Anna", () => {}],
    ["imported Anna", (it) => it.stop()],
  ]);
  expect(harness.imports).toHaveLength(2);
});

test("usbmuxd gives a phone another number without any sleep: the same arrival still", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch([
    ["imported Anna", (it) => it.put(seen(ANNA, "locked", 2))],
    ["changed Anna", (it) => it.put(seen(ANNA, "ready", 3))],
    ["changed Anna", (it) => it.stop()],
  ]);
  expect(harness.imports).toHaveLength(1);
});

test("a minimum interval passes while the computer sleeps, and setting the clock back does not extend it", async () => {
  for (const [jumpMinutes, atMinute] of [
    [120, 125],
    [-24 * 60, -24 * 60 + 65],
  ] as const) {
    const harness = new ImportHarness();
    harness.put(seen(ANNA));
    await harness.watch(
      [
        ["imported Anna", (it) => it.put()],
        ["left Anna", (it) => it.put(seen(ANNA))],
        ["postponed Anna", (it) => later(it, 5, () => it.clock.jump(jumpMinutes * MINUTE_MS))],
        ["imported Anna", (it) => it.stop()],
      ],
      { minutes: 60 },
    );
    expect(Math.abs(harness.imports.at(-1)!.atMinute - atMinute), `${jumpMinutes}`).toBeLessThanOrEqual(2);
  }
});

test("while another Rollcall is running it is tried again as long as the phone stays", async () => {
  const harness = new ImportHarness();
  harness.put(seen(ANNA));
  await harness.watch([["imported Anna", (it) => it.stop()]], {
    ends: Array.from({ length: 6 }, () => trouble("ANOTHER_ROLLCALL")),
  });
  expect(harness.imports.map(({ atMinute }) => atMinute)).toEqual([0, 1, 6, 22, 37, 52, 68]);
});
