import type { JxaApplication, JxaError } from "../../src/jxa/photos-dictionary.js";
import type { ScriptEnvelope } from "../../src/jxa/run-script.js";

// Scripts that the experiments about properties, folders and order send. Each is a self-contained function.

declare const Application: JxaApplication;

/** What Photos says of one item; a property that it does not give is the number of its error. */
export interface ItemProperties {
  readonly filename: string;
  readonly name: unknown;
  readonly description: unknown;
  readonly keywords: unknown;
  readonly favorite: unknown;
  readonly date: unknown;
  readonly location: unknown;
}

/** The properties of all items of an album, each by one list. Dates as milliseconds since 1970. */
export function readAlbumProperties(input: { readonly albumId: string }): ScriptEnvelope<ItemProperties[]> {
  try {
    const P = Application("com.apple.Photos") as unknown as {
      albums: { byId(id: string): { mediaItems: Record<string, () => unknown[]> } };
    };
    const items = P.albums.byId(input.albumId).mediaItems;
    const names = ["name", "description", "keywords", "favorite", "date", "location"] as const;
    const lists: Record<string, unknown[] | number> = {};
    for (const name of names) {
      try {
        lists[name] = items[name]?.() ?? [];
      } catch (e) {
        lists[name] = Number((e as JxaError).errorNumber ?? -2700);
      }
    }
    const at = (name: string, index: number) => {
      const list = lists[name];
      const value = Array.isArray(list) ? list[index] : list;
      return value instanceof Date ? value.getTime() : (value ?? null);
    };
    const value = (items.filename?.() ?? []).map((filename, index) => ({
      filename: String(filename),
      name: at("name", index),
      description: at("description", index),
      keywords: at("keywords", index),
      favorite: at("favorite", index),
      date: at("date", index),
      location: at("location", index),
    }));
    return { ok: true, value };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "read properties",
    };
  }
}

/**
 * Sets one property of an item and reads it back. A date is given and read as milliseconds since 1970.
 * `failedAt` is the number of the error with which setting ended; null where it took it.
 */
export function setAndReadBack(input: {
  readonly itemId: string;
  readonly property: string;
  readonly value: unknown;
  readonly isDate: boolean;
}): ScriptEnvelope<{ failedAt: number | null; readBack: unknown }> {
  try {
    const P = Application("com.apple.Photos") as unknown as {
      mediaItems: { byId(id: string): Record<string, unknown> };
    };
    const item = P.mediaItems.byId(input.itemId);
    let failedAt: number | null = null;
    try {
      item[input.property] = input.isDate ? new Date(Number(input.value)) : input.value;
    } catch (e) {
      failedAt = Number((e as JxaError).errorNumber ?? -2700);
    }
    const read = (item[input.property] as () => unknown)();
    return {
      ok: true,
      value: { failedAt, readBack: read instanceof Date ? read.getTime() : (read ?? null) },
    };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "set and read",
    };
  }
}

/** One event that sets a property of every item of an album; how many have it afterwards. */
export function setOfAll(input: {
  readonly albumId: string;
  readonly property: string;
  readonly value: unknown;
}): ScriptEnvelope<{ failedAt: number | null; readBack: unknown }> {
  try {
    const P = Application("com.apple.Photos") as unknown as {
      albums: { byId(id: string): { mediaItems: Record<string, unknown> } };
    };
    const items = P.albums.byId(input.albumId).mediaItems;
    let failedAt: number | null = null;
    try {
      items[input.property] = input.value;
    } catch (e) {
      failedAt = Number((e as JxaError).errorNumber ?? -2700);
    }
    return { ok: true, value: { failedAt, readBack: (items[input.property] as () => unknown)() } };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "set of all",
    };
  }
}

/**
 * Folders in each other, three deep, with albums in the last one: two of one name, and one that is called as its
 * folder. What each `make` ended with, and what is there afterwards. The top folder is deleted again.
 */
export function nestFolders(input: { readonly name: string }): ScriptEnvelope<{
  made: { what: string; failedAt: number | null }[];
  tree: unknown;
  deletedWith: number | null;
}> {
  try {
    interface Folder {
      name(): string;
      albums: { name(): string[] };
      folders(): Folder[];
    }
    const P = Application("com.apple.Photos") as unknown as {
      make(what: Record<string, unknown>): unknown;
      delete(what: unknown): void;
      folders: { whose(test: { name: string }): () => Folder[] };
    };
    const made: { what: string; failedAt: number | null }[] = [];
    const make = (what: string, wish: Record<string, unknown>) => {
      let failedAt: number | null = null;
      try {
        P.make(wish);
      } catch (e) {
        failedAt = Number((e as JxaError).errorNumber ?? -2700);
      }
      made.push({ what, failedAt });
    };
    const inside = (folder: Folder | undefined, name: string) =>
      folder === undefined ? undefined : folder.folders().filter((one) => one.name() === name)[0];
    make("a folder", { new: "folder", named: input.name });
    const top = P.folders.whose({ name: input.name })()[0];
    make("a folder in it", { new: "folder", named: "B", at: top });
    const second = inside(top, "B");
    make("a folder in that", { new: "folder", named: "C", at: second });
    const third = inside(second, "C");
    make("an album in the third", { new: "album", named: "D", at: third });
    make("another of the same name", { new: "album", named: "D", at: third });
    make("an album of the folder's name", { new: "album", named: "C", at: third });
    const shown = (folder: Folder | undefined): unknown =>
      folder === undefined
        ? null
        : {
            name: folder.name().slice(-1),
            albums: folder.albums.name(),
            folders: folder.folders().map(shown),
          };
    const tree = shown(top);
    let deletedWith: number | null = null;
    try {
      P.delete(top);
    } catch (e) {
      deletedWith = Number((e as JxaError).errorNumber ?? -2700);
    }
    return { ok: true, value: { made, tree, deletedWith } };
  } catch (e) {
    return {
      ok: false,
      number: Number((e as JxaError).errorNumber ?? -2700),
      message: String(e),
      step: "nest folders",
    };
  }
}
