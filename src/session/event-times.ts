import type { Clock } from "../clock.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import { STARTS_WITHIN_MS } from "./has-ended.js";

/**
 * When something was asked of Photos. Any event starts a Photos that has ended by itself, and nobody says so: that
 * its start falls together with an event of ours is all there is to tell it from one that a person started.
 */
export class EventTimes {
  readonly #clock: Pick<Clock, "now">;
  #spans: { readonly fromMs: number; toMs: number }[] = [];

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** True where a Photos of this start was started by something that passed here. */
  hasStarted(startedAt: Date): boolean {
    const ms = startedAt.getTime();
    return this.#spans.some(
      ({ fromMs, toMs }) => ms >= fromMs && ms <= Math.min(toMs, fromMs + STARTS_WITHIN_MS),
    );
  }

  /** The Photos that runs now is known: what was asked before is of no use any more. */
  forget(): void {
    this.#spans = this.#spans.filter(({ toMs }) => toMs === Number.POSITIVE_INFINITY);
  }

  /** The same library, noting when it is asked. */
  watch(photos: PhotosLibrary): PhotosLibrary {
    const noted = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
      const span = { fromMs: this.#clock.now().getTime(), toMs: Number.POSITIVE_INFINITY };
      this.#spans.push(span);
      try {
        return await ask();
      } finally {
        span.toMs = this.#clock.now().getTime();
      }
    };
    return {
      makeReady: (signal) => noted(() => photos.makeReady(signal)),
      createAlbum: (name, signal) => noted(() => photos.createAlbum(name, signal)),
      findAlbums: (name, signal) => noted(() => photos.findAlbums(name, signal)),
      describeAlbum: (id, signal) => noted(() => photos.describeAlbum(id, signal)),
      renameAlbum: (id, name, signal) => noted(() => photos.renameAlbum(id, name, signal)),
      deleteAlbum: (id, signal) => noted(() => photos.deleteAlbum(id, signal)),
      albumContents: (id, signal, options) => noted(() => photos.albumContents(id, signal, options)),
      importFiles: (paths, options) => noted(() => photos.importFiles(paths, options)),
      countItems: (signal) => noted(() => photos.countItems(signal)),
      addToAlbum: (itemIds, albumId, signal) => noted(() => photos.addToAlbum(itemIds, albumId, signal)),
      describeItems: (ids, signal) => noted(() => photos.describeItems(ids, signal)),
    };
  }
}
