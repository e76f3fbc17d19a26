import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/** Renames one album and reads the name back: a read-only library may ignore what is written. Two events. */
export function renameAlbum(input: { readonly id: string; readonly name: string }): ScriptEnvelope<null> {
  let step = "rename";
  try {
    const album = Application("com.apple.Photos").albums.byId(input.id);
    album.name = input.name;
    step = "read the name back";
    const now = String(album.name());
    if (now.normalize("NFC") !== input.name.normalize("NFC")) {
      return { ok: false, number: -10006, message: "Photos kept the album's old name.", step };
    }
    return { ok: true, value: null };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
