import type { JxaApplication, JxaDelay, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;
declare const delay: JxaDelay;

/**
 * Deletes one album (its photos stay) and looks until it is gone, up to 10 times, 0.5 s apart. False when Photos
 * says that there is none.
 */
export function deleteAlbum(input: { readonly id: string }): ScriptEnvelope<boolean> {
  let step = "delete";
  try {
    const P = Application("com.apple.Photos");
    const album = P.albums.byId(input.id);
    P.delete(album);
    step = "look whether it is gone";
    for (let look = 0; look < 10; look++) {
      if (look > 0) delay(0.5);
      album.name(); // -1728 when it is gone
    }
    return { ok: false, number: -10000, message: "Photos kept the album.", step };
  } catch (e) {
    const error = e as JxaError;
    if (error.errorNumber === -1728) return { ok: true, value: step !== "delete" };
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
