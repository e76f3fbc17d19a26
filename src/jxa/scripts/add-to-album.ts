import type { JxaApplication, JxaError } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;

/** One `add` event. Photos is known to leave some out without saying so: the caller reads the length. */
export function addToAlbum(input: {
  readonly itemIds: readonly string[];
  readonly albumId: string;
}): ScriptEnvelope<null> {
  let step = "prepare";
  try {
    const P = Application("com.apple.Photos");
    const album = P.albums.byId(input.albumId);
    const items = input.itemIds.map((id) => P.mediaItems.byId(id));
    step = "add";
    P.add(items, { to: album });
    return { ok: true, value: null };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
