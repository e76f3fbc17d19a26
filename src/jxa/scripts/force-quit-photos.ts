import type { JxaError, JxaFoundation, JxaObjC } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const ObjC: JxaObjC;
declare const $: JxaFoundation;

/**
 * Ends one Photos by its pid without asking it, through AppKit, so that no Apple event has to get through.
 * False where that process is not Photos (any more). A method without arguments is read as a property.
 */
export function forceQuitPhotos(input: { readonly pid: number }): ScriptEnvelope<{ ended: boolean }> {
  const step = "force quit";
  try {
    ObjC.import("AppKit");
    const running = $.NSRunningApplication.runningApplicationsWithBundleIdentifier("com.apple.Photos");
    for (let index = 0; index < Number(running.count); index++) {
      const app = running.objectAtIndex(index);
      if (Number(app.processIdentifier) === input.pid) {
        return { ok: true, value: { ended: Boolean(app.forceTerminate) } };
      }
    }
    return { ok: true, value: { ended: false } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
