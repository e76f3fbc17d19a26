import type {
  Album,
  Get,
  JxaApplication,
  JxaAutomation,
  JxaError,
  JxaObjC,
  JxaPath,
  MediaItem,
} from "../../src/jxa/photos-dictionary.js";
import type { ScriptEnvelope } from "../../src/jxa/run-script.js";

// Scripts that only experiments send. Each is a self-contained function, as those of src/jxa/scripts.

declare const Application: JxaApplication;
declare const Automation: JxaAutomation;
declare const Path: JxaPath;
declare const ObjC: JxaObjC;
declare const $: unknown;

/** Names of all items of the library: only for one that was counted and is small. */
export function libraryFilenames(_input: null): ScriptEnvelope<string[]> {
  try {
    const items = Application("com.apple.Photos").mediaItems as unknown as { filename: Get<string[]> };
    return { ok: true, value: items.filename().map((name) => String(name)) };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "read names",
    };
  }
}

/** Top-level albums whose names begin so. */
export function albumsBeginning(input: { readonly start: string }): ScriptEnvelope<string[]> {
  try {
    const albums = Application("com.apple.Photos").albums as unknown as {
      name: Get<string[]>;
      id: Get<string[]>;
    };
    const names = albums.name();
    const ids = albums.id();
    return { ok: true, value: ids.filter((_id, index) => String(names[index]).indexOf(input.start) === 0) };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "list albums",
    };
  }
}

/** Imports, and shows each returned item as its display string writes it, beside its id and its name. */
export function importAndShow(input: {
  readonly paths: readonly string[];
  readonly albumId: string;
}): ScriptEnvelope<{ isList: boolean; items: { shown: string; id: string; filename: string }[] }> {
  try {
    const P = Application("com.apple.Photos");
    const returned = P.import(
      input.paths.map((path) => Path(path)),
      { skipCheckDuplicates: true, into: P.albums.byId(input.albumId) },
    );
    const items = (returned || []).map((item) => ({
      shown: Automation.getDisplayString(item),
      id: String(item.id()),
      filename: String(item.filename()),
    }));
    return { ok: true, value: { isList: Array.isArray(returned), items } };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "import",
    };
  }
}

/** What an import of no files answers: "null", "undefined", or a list of so many. */
export function importNothing(_input: null): ScriptEnvelope<string> {
  try {
    const returned = Application("com.apple.Photos").import([], { skipCheckDuplicates: true });
    return { ok: true, value: Array.isArray(returned) ? `a list of ${returned.length}` : String(returned) };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "import",
    };
  }
}

/** The same command with paths as text. How many items it returned. */
export function importTextPaths(input: { readonly paths: readonly string[] }): ScriptEnvelope<number> {
  try {
    const returned = Application("com.apple.Photos").import(input.paths as never, {
      skipCheckDuplicates: true,
    });
    return { ok: true, value: returned === null ? 0 : returned.length };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "import",
    };
  }
}

/** How many albums `whose` finds under each name. */
export function countAlbumsNamed(input: { readonly names: readonly string[] }): ScriptEnvelope<number[]> {
  try {
    const { albums } = Application("com.apple.Photos");
    return { ok: true, value: input.names.map((name) => albums.whose({ name })().length) };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "whose",
    };
  }
}

/** Photos' own "last import album", which Photos 5 and later hide: how many it holds, and which of `ids`. */
export function readLastImportAlbum(input: {
  readonly ids: readonly string[];
}): ScriptEnvelope<{ count: number; known: number }> {
  try {
    const P = Application("com.apple.Photos") as unknown as { lastImportAlbum: Get<Album> };
    const held = P.lastImportAlbum().mediaItems.id();
    return {
      ok: true,
      value: { count: held.length, known: held.filter((id) => input.ids.indexOf(id) >= 0).length },
    };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "read",
    };
  }
}

/** The error number of each thing that Photos cannot know; null where it gave none. */
export function askTheUnknown(input: {
  readonly albumId: string;
}): ScriptEnvelope<Record<string, number | null>> {
  const numbers: Record<string, number | null> = {};
  const P = Application("com.apple.Photos") as unknown as {
    flavour: Get<unknown>;
    frobnicate(): unknown;
    albums: { byId(id: string): Album };
    mediaItems: { byId(id: string): MediaItem };
  };
  const tries: Record<string, () => unknown> = {
    "a property": () => P.flavour(),
    "a command": () => P.frobnicate(),
    "an album by an id of nobody": () => P.albums.byId("00000000-0000-0000-0000-000000000000/L0/040").name(),
    "an item by an id of nobody": () =>
      P.mediaItems.byId("00000000-0000-0000-0000-000000000000/L0/001").filename(),
    "an album by the bare UUID of its id": () => P.albums.byId(input.albumId.split("/")[0] || "").name(),
  };
  for (const what of Object.keys(tries)) {
    try {
      tries[what]?.();
      numbers[what] = null;
    } catch (e) {
      numbers[what] = Number((e as JxaError).errorNumber ?? -2700);
    }
  }
  return { ok: true, value: numbers };
}

/** Whether Photos is hidden and whether it has the focus, by AppKit; "undefined" where that cannot be read. */
export function readWindowState(_input: null): ScriptEnvelope<{ hidden: string; active: string }> {
  try {
    ObjC.import("AppKit");
    const { NSRunningApplication } = $ as {
      NSRunningApplication: {
        runningApplicationsWithBundleIdentifier(id: string): {
          objectAtIndex(index: number): { hidden: unknown; active: unknown };
        };
      };
    };
    const app =
      NSRunningApplication.runningApplicationsWithBundleIdentifier("com.apple.Photos").objectAtIndex(0);
    return { ok: true, value: { hidden: String(app.hidden), active: String(app.active) } };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "AppKit",
    };
  }
}
