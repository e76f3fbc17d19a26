import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/** How many items the library has, one event. Whether hidden ones are counted is unverified on macOS. */
export function countItems(_input: undefined): ScriptEnvelope<number> {
  try {
    return { ok: true, value: Number(Application("com.apple.Photos").mediaItems.length) };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step: "count the items of the library" };
  }
}
