import { expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import type { PhoneFinder, SeenPhone } from "../../src/phone/phone-watch.js";
import { type PhoneChange, watchPhones } from "../../src/phone/watch-phones.js";
import { QuickClock } from "./quick-clock.js";

function seen(name: string, udid: string | null, state: SeenPhone["state"] = "ready"): SeenPhone {
  return {
    udid,
    identity: { udid: udid ?? "", name, productType: "iPhone16,1", iosVersion: "18.5" },
    state,
    reason: state === "ready" ? null : { code: "PHONE_LOCKED", message: `${name} is ${state}.`, remedy: "" },
    cableBitsPerSecond: null,
    seenBy: { usb: true, usbmuxd: true },
  };
}

/** What usbmuxd and the bus would show, look by look; the last one stays. Between two looks somebody rings thrice. */
async function told(looks: readonly (readonly SeenPhone[] | "no usbmuxd")[]): Promise<string[]> {
  const stop = new AbortController();
  let set = () => {};
  let place = 0;
  const finder: PhoneFinder = {
    async look() {
      const now = looks[place];
      place += 1;
      for (let time = 0; time < 3; time += 1) set();
      if (now === undefined) stop.abort(new RollcallError("STOPPED", { message: "Stopped.", remedy: "" }));
      if (now === "no usbmuxd") {
        throw new RollcallError("USBMUXD_ABSENT", { message: "Nobody listens.", remedy: "" });
      }
      return [...(now ?? (looks.at(-1) as readonly SeenPhone[]))];
    },
    open: () => Promise.reject(new Error("it was opened")),
    watch: (onChange, signal) => {
      set = onChange;
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    },
  };
  const words: string[] = [];
  const asWords = (change: PhoneChange) =>
    change.type === "no-service"
      ? change.type
      : `${change.type} ${change.phone.identity?.name} ${change.phone.state}`;
  const watching = (async () => {
    const parts = { clock: new QuickClock(), signal: stop.signal };
    for await (const change of watchPhones(finder, parts)) words.push(asWords(change));
  })();
  await expect(watching).rejects.toMatchObject({ code: "STOPPED" });
  return words;
}

const anna = seen("Anna", "00008140-000C0FFEE0DDF00D");

test("each phone is told by its serial number, in whatever spelling: here, came, changed, left", async () => {
  const respelled = seen("Anna", "00008140000c0ffee0ddf00d");
  const locked = seen("Anna", anna.udid, "locked");
  const ben = seen("Ben", "a".repeat(40));
  expect(await told([[locked], [locked], [anna, ben], [respelled, ben], [ben], [ben, anna]])).toEqual([
    "here Anna locked",
    "changed Anna ready",
    "came Ben ready",
    "left Anna ready",
    "came Anna ready",
  ]);
});

test("phones without a serial number are counted", async () => {
  const nameless = seen("?", null, "cable-only");
  expect(await told([[], [nameless], [nameless, { ...nameless }], [nameless]])).toEqual([
    "came ? cable-only",
    "came ? cable-only",
    "left ? cable-only",
  ]);
});

test("a usbmuxd that is restarted takes no phone away that is back with it", async () => {
  expect(await told([[anna], "no usbmuxd", "no usbmuxd", [anna], "no usbmuxd", []])).toEqual([
    "here Anna ready",
    "no-service",
    "no-service",
    "left Anna ready",
  ]);
});
