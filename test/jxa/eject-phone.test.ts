import vm from "node:vm";
import { expect, test } from "vitest";
import { askToEject } from "../../src/jxa/after-an-import.js";
import type { RunScript } from "../../src/jxa/run-script.js";
import { programText } from "../../src/jxa/script-text.js";

interface Camera {
  readonly serial: string | null;
  /** Absent: it never goes. */
  readonly goesAfterMs?: number;
}

/** ImageCaptureCore as its headers describe it, with a clock that a run loop moves. */
function imageCapture(
  cameras: readonly Camera[],
  { seenAfterMs = 0, hasListener = true } = {},
): RunScript & {
  /** Whether anything but the browser, whose own reference is weak, would keep its delegate from being collected. */
  isDelegateHeld(): boolean;
} {
  let globals: Record<string, unknown> = {};
  let nowMs = 0;
  const asked = new Map<Camera, number>();
  const nil = { isNil: () => true };
  const wrapped = (js: string | null) => (js === null ? nil : { isNil: () => false, js });
  const device = (camera: Camera) => ({
    serialNumberString: wrapped(camera.serial),
    capabilities: { containsObject: () => false },
    get requestEject() {
      asked.set(camera, nowMs);
      return undefined;
    },
  });
  let isStarted = false;
  const browser = {
    delegate: null,
    browsedDeviceTypeMask: 0,
    get start() {
      isStarted = (this.browsedDeviceTypeMask & 0x101) === 0x101;
      return undefined;
    },
    stop: undefined,
    get devices() {
      const isHere = (one: Camera) =>
        one.goesAfterMs === undefined ||
        nowMs < (asked.get(one) ?? Number.POSITIVE_INFINITY) + one.goesAfterMs;
      const here = isStarted && nowMs >= seenAfterMs ? cameras.filter(isHere) : [];
      return {
        isNil: () => false,
        count: String(here.length),
        objectAtIndex: (at: number) => device(here[at]!),
      };
    },
  };
  const $ = {
    ICDeviceBrowser: { alloc: { init: browser } },
    RollcallDeviceListener: { alloc: { init: {} } },
    NSDate: { dateWithTimeIntervalSinceNow: (seconds: number) => seconds },
    NSRunLoop: {
      currentRunLoop: {
        runUntilDate: (seconds: number) => {
          nowMs += 1000 * seconds;
        },
      },
    },
  };
  const ObjC = {
    import: () => undefined,
    registerSubclass: () => {
      if (!hasListener) throw new Error("the class is there already");
    },
  };
  const run: RunScript = async (script, input) => {
    const context = vm.createContext({ $, ObjC, Date: { now: () => nowMs } });
    vm.runInContext(programText(script.toString(), "argument"), context);
    context.input = JSON.stringify(input);
    globals = context;
    return JSON.parse(vm.runInContext("run([input])", context));
  };
  const isDelegateHeld = () =>
    browser.delegate !== null && Object.values(globals).some((one) => one === browser.delegate);
  return Object.assign(run, { isDelegateHeld });
}

const UDID = "00008140-000C0FFEE0DDF00D";
const SERIAL = "00008140000C0FFEE0DDF00D";

test.each([
  ["that goes when it is asked", [{ serial: "X" }, { serial: SERIAL, goesAfterMs: 800 }], {}, "ejected"],
  ["that is seen after a while", [{ serial: SERIAL, goesAfterMs: 0 }], { seenAfterMs: 3_000 }, "ejected"],
  ["without anybody to tell", [{ serial: SERIAL, goesAfterMs: 0 }], { hasListener: false }, "ejected"],
  ["that stays", [{ serial: SERIAL }], {}, "stayed"],
  ["that is another one", [{ serial: "X", goesAfterMs: 0 }, { serial: null }], {}, "not-seen"],
  ["that is not there", [], {}, "not-seen"],
] as const)("a phone %s", async (_name, cameras, behavior, expected) => {
  expect(await askToEject(imageCapture(cameras, behavior), UDID)).toBe(expected);
});

test("the phone's going is still told at the end: the listener of the browser is held by the script", async () => {
  const run = imageCapture([{ serial: SERIAL, goesAfterMs: 800 }]);
  expect(await askToEject(run, UDID)).toBe("ejected");
  expect(run.isDelegateHeld()).toBe(true);
});

test("a Mac that would not be asked is told in plain words, and ends nothing", async () => {
  const refusing: RunScript = async () => ({
    ok: false,
    number: -2700,
    message: "no such framework",
    step: "load",
  });
  expect(await askToEject(refusing, UDID)).toBe("no-answer");
});
