import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/** Asks Photos to quit. Asks nothing of a Photos that is not running: any event would start it. */
export function quitPhotos(): ScriptEnvelope<null> {
  let step = "ask whether it runs";
  try {
    const P = Application("com.apple.Photos");
    if (P.running() !== true) return { ok: true, value: null };
    step = "quit";
    P.quit();
    return { ok: true, value: null };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
