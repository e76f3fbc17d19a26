import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/**
 * Does Photos answer? Two events: its version, then the number of items, because the program answers before
 * its library does. An empty library is ready too.
 * @param input.launch whether to start Photos first, without the focus
 */
export function launchPhotos(input: { readonly launch: boolean }): ScriptEnvelope<{ version: string }> {
  let step = "find Photos";
  try {
    const P = Application("com.apple.Photos");
    if (input.launch) {
      step = "launch";
      P.launch();
    }
    step = "version";
    const version = String(P.version());
    step = "count items";
    P.mediaItems.length;
    return { ok: true, value: { version } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
