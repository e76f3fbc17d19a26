import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/**
 * Top-level albums that Photos finds under one name. Whether it ignores case or Unicode forms is not
 * documented: the precomposed and the decomposed form are asked for, and the caller compares the names.
 * One event for each form (one where they are equal) and three for each album found.
 */
export function findAlbums(input: {
  readonly name: string;
}): ScriptEnvelope<{ id: string; name: string; length: number }[]> {
  let step = "find albums";
  try {
    const P = Application("com.apple.Photos");
    const found: { id: string; name: string; length: number }[] = [];
    const forms = new Set([input.name.normalize("NFC"), input.name.normalize("NFD")]);
    for (const form of forms) {
      step = "find albums";
      const albums = P.albums.whose({ name: form })();
      step = "describe albums";
      for (const album of albums) {
        const id = String(album.id());
        if (found.some((known) => known.id === id)) continue;
        found.push({ id, name: String(album.name()), length: Number(album.mediaItems.length) });
      }
    }
    return { ok: true, value: found };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
