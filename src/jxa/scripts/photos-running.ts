import type { JxaApplication, JxaError, JxaFoundation, JxaObjC } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;
declare const ObjC: JxaObjC;
declare const $: JxaFoundation;

/**
 * Is Photos running, as which process, and since when? Sends no Apple event and starts nothing.
 * `pid` is null where only the yes or no could be found out; `launchedAtMs` (since 1970) is null where the
 * system did not note it.
 */
export function photosRunning(): ScriptEnvelope<{
  running: boolean;
  pid: number | null;
  launchedAtMs: number | null;
}> {
  let step = "ask AppKit";
  try {
    try {
      ObjC.import("AppKit");
      const running = $.NSRunningApplication.runningApplicationsWithBundleIdentifier("com.apple.Photos");
      if (Number(running.count) === 0) {
        return { ok: true, value: { running: false, pid: null, launchedAtMs: null } };
      }
      const app = running.objectAtIndex(0);
      const pid = Number(app.processIdentifier);
      if (pid > 0) {
        const date = app.launchDate;
        const launchedAtMs = date.isNil() ? null : Math.round(Number(date.timeIntervalSince1970) * 1000);
        return { ok: true, value: { running: true, pid, launchedAtMs } };
      }
    } catch {
      // The bridge to AppKit is missing or differs: the plain question below is still answered.
    }
    step = "ask whether it runs";
    const running = Application("com.apple.Photos").running() === true;
    return { ok: true, value: { running, pid: null, launchedAtMs: null } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
