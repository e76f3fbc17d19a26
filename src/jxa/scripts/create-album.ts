import type { JxaApplication, JxaDelay, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;
declare const delay: JxaDelay;

/**
 * Makes one top-level album and finds it. `make` is sent once and neither its result nor its error is
 * believed (it returns nothing, or -1700, although the album was made; a second `make` makes a second
 * album): the name is looked for up to 20 times, 0.5 s apart.
 * @param input.name unique in the library, so that what is found is what was made
 */
export function createAlbum(input: { readonly name: string }): ScriptEnvelope<{ id: string }> {
  let step = "make";
  let trouble: unknown = null;
  try {
    const P = Application("com.apple.Photos");
    try {
      P.make({ new: "album", named: input.name });
    } catch (e) {
      trouble = e;
      const number = (e as JxaError).errorNumber;
      if (number === -1743 || number === -1744) throw e;
    }
    step = "find the new album";
    for (let look = 0; look < 20; look++) {
      if (look > 0) delay(0.5);
      try {
        // whose() may ignore case; the name is compared by whoever chose it
        for (const album of P.albums.whose({ name: input.name })()) {
          if (String(album.name()) === input.name) return { ok: true, value: { id: String(album.id()) } };
        }
      } catch (e) {
        trouble = e;
        const number = (e as JxaError).errorNumber;
        if (number === -1743 || number === -1744) throw e;
      }
    }
    if (trouble !== null) throw trouble;
    return { ok: false, number: -1728, message: "The new album did not appear.", step };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
