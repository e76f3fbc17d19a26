import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/** Name and length of one album, two events. The value is null where no album has this id (-1728). */
export function describeAlbum(input: {
  readonly id: string;
}): ScriptEnvelope<{ name: string; length: number } | null> {
  let step = "read the name";
  try {
    const album = Application("com.apple.Photos").albums.byId(input.id);
    const name = String(album.name());
    step = "count items";
    return { ok: true, value: { name, length: Number(album.mediaItems.length) } };
  } catch (e) {
    const error = e as JxaError;
    if (error.errorNumber === -1728) return { ok: true, value: null };
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
