import type { JxaError, JxaFoundation, JxaObjC } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const ObjC: JxaObjC;
declare const $: JxaFoundation;

/**
 * May any event be sent to Photos? Nobody is asked (the last argument), and nothing is started or sent.
 * `answer` is an Apple event error number: 0 allowed, -1743 refused, -1744 macOS would ask, -600 Photos is closed.
 * CoreServices, AEDeterminePermissionToAutomateTarget, macOS 10.14 and later; unverified on macOS in this form.
 */
export function mayControlPhotos(): ScriptEnvelope<{ answer: number }> {
  const step = "ask whether Photos may be controlled";
  try {
    ObjC.import("CoreServices");
    ObjC.bindFunction("AEDeterminePermissionToAutomateTarget", [
      "int",
      ["void *", "unsigned int", "unsigned int", "bool"],
    ]);
    const target = $.NSAppleEventDescriptor.descriptorWithBundleIdentifier("com.apple.Photos");
    const anyCode = 0x2a2a2a2a; // "****", typeWildCard
    const answer = Number($.AEDeterminePermissionToAutomateTarget(target.aeDesc, anyCode, anyCode, false));
    return { ok: true, value: { answer } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
