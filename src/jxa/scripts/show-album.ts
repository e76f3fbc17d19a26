import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/** Brings Photos to the front and shows one album. The value is false where no album has this id (-1728). */
export function showAlbum(input: { readonly id: string }): ScriptEnvelope<boolean> {
  let step = "activate";
  try {
    const P = Application("com.apple.Photos");
    P.activate();
    step = "spotlight";
    P.spotlight(P.albums.byId(input.id));
    return { ok: true, value: true };
  } catch (e) {
    const error = e as JxaError;
    if (error.errorNumber === -1728) return { ok: true, value: false };
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
