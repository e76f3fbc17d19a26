import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/**
 * Ids, import names and sizes of everything in one album, as three parallel lists from three events whatever
 * its size; sizes are null, and cost no event, where they are not asked for. Read once more where the lists differ in length (the album changed in between). A size is null
 * where Photos gives none. The value is null where no album has this id.
 */
export function albumContents(input: {
  readonly id: string;
  readonly withoutSizes?: boolean;
}): ScriptEnvelope<{ ids: string[]; filenames: string[]; sizes: (number | null)[] } | null> {
  let step = "read ids";
  try {
    const album = Application("com.apple.Photos").albums.byId(input.id);
    for (let reading = 0; reading < 2; reading++) {
      let ids: string[];
      step = "read ids";
      try {
        ids = album.mediaItems.id().map((id) => String(id));
      } catch (e) {
        if ((e as JxaError).errorNumber !== -1728) throw e;
        // No album, or no items? Reading the album's own name tells; -1728 from here means no album.
        try {
          album.name();
        } catch (gone) {
          if ((gone as JxaError).errorNumber === -1728) return { ok: true, value: null };
          throw gone;
        }
        if (album.mediaItems.length > 0) throw e;
        ids = [];
      }
      if (ids.length === 0) return { ok: true, value: { ids: [], filenames: [], sizes: [] } };
      step = "read filenames";
      const filenames = album.mediaItems.filename().map((filename) => String(filename));
      step = "read sizes";
      const sizes: (number | null)[] = input.withoutSizes
        ? ids.map(() => null)
        : album.mediaItems.size().map((size) => (typeof size === "number" && size >= 0 ? size : null));
      if (ids.length === filenames.length && ids.length === sizes.length) {
        return { ok: true, value: { ids, filenames, sizes } };
      }
    }
    return { ok: false, number: -1719, message: "The album keeps changing while it is read.", step };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
