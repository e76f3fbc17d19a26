import type { JxaApplication, JxaAutomation, JxaError, JxaPath } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const Application: JxaApplication;
declare const Path: JxaPath;
declare const Automation: JxaAutomation;

/**
 * One import event, into one album, without Photos' own check for duplicates (it would open a sheet).
 *
 * The returned items are read from their display strings, which sends nothing:
 * `Application("Photos").mediaItems.byId("UUID/L0/001")`. How they are written is not documented, so where
 * one of them looks different `ids` is null; it is null too where Photos returned no items.
 */
export function importFiles(input: {
  readonly paths: readonly string[];
  readonly albumId: string;
}): ScriptEnvelope<{ ids: string[] | null; count: number | null }> {
  let step = "prepare";
  try {
    const P = Application("com.apple.Photos");
    const album = P.albums.byId(input.albumId);
    const files = input.paths.map((path) => Path(path));
    step = "import";
    const items = P.import(files, { skipCheckDuplicates: true, into: album });

    let ids: string[] | null = null;
    try {
      if (Array.isArray(items) && items.length > 0) {
        ids = [];
        for (const item of items) {
          const id = /\.byId\("([^"\\]+)"\)$/.exec(Automation.getDisplayString(item))?.[1];
          if (id === undefined) {
            ids = null;
            break;
          }
          ids.push(id);
        }
      }
    } catch {
      ids = null; // the items are in; only their ids have to be found another way
    }
    const count = Array.isArray(items) ? items.length : items == null ? 0 : null;
    return { ok: true, value: { ids, count } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
