import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/**
 * The import names of items by id, one event each: for old receipts only. An id that Photos does not know
 * (-1728) is left out.
 */
export function describeItems(input: {
  readonly ids: readonly string[];
}): ScriptEnvelope<{ id: string; filename: string }[]> {
  const step = "read filenames";
  try {
    const P = Application("com.apple.Photos");
    const known: { id: string; filename: string }[] = [];
    for (const id of input.ids) {
      try {
        known.push({ id, filename: String(P.mediaItems.byId(id).filename()) });
      } catch (e) {
        if ((e as JxaError).errorNumber !== -1728) throw e;
      }
    }
    return { ok: true, value: known };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
