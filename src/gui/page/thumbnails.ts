/** A small picture that a browser can show; `bytes` is what it takes up. */
export interface Picture {
  readonly url: string;
  readonly bytes: number;
}

/** One picture that is wanted. `key` names the photo itself: another plan may give it another id. */
export interface WantedPicture {
  readonly key: string;
  readonly id: number;
}

interface ThumbnailSource {
  /** Null: the phone has none. Rejects where it could not be had now. */
  readonly fetch: (id: number, signal: AbortSignal) => Promise<Picture | null>;
  /** Gives back what {@link Picture.url} holds. */
  readonly revoke: (url: string) => void;
}

/** A browser opens six connections to a server: the changes, a film and a click have to get through. */
const AT_ONCE = 4;
const MOST_BYTES = 64_000_000;

/**
 * The small pictures of what is in view: what is wanted last is fetched first, what scrolled away is given up, and
 * what was not shown for longest is let go.
 */
export class Thumbnails {
  readonly #source: ThumbnailSource;
  readonly #onPicture: (key: string) => void;
  readonly #mostBytes: number;
  /** The one that was not wanted for longest comes first. Null: there is none. */
  readonly #pictures = new Map<string, Picture | null>();
  readonly #fetching = new Map<string, AbortController>();
  /** Not asked again until something else is wanted. */
  readonly #failed = new Set<string>();
  #wanted: readonly WantedPicture[] = [];
  #bytes = 0;

  constructor(source: ThumbnailSource, onPicture: (key: string) => void, mostBytes = MOST_BYTES) {
    this.#source = source;
    this.#onPicture = onPicture;
    this.#mostBytes = mostBytes;
  }

  /** Undefined: not known yet; null: there is none. */
  get(key: string): Picture | null | undefined {
    return this.#pictures.get(key);
  }

  /** All that is wanted now, the most urgent first. */
  want(wanted: readonly WantedPicture[]): void {
    this.#wanted = wanted;
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, controller] of this.#fetching) {
      if (keys.has(key)) continue;
      this.#fetching.delete(key);
      controller.abort();
    }
    for (const key of this.#failed) if (!keys.has(key)) this.#failed.delete(key);
    for (const { key } of wanted.toReversed()) this.#touch(key);
    this.#fetchNext();
  }

  /** What could not be had is asked for again: the phone is back. */
  tryAgain(): void {
    this.#failed.clear();
    this.#fetchNext();
  }

  /** Everything is given up and let go: another phone is shown. */
  clear(): void {
    this.want([]);
    for (const picture of this.#pictures.values()) if (picture !== null) this.#source.revoke(picture.url);
    this.#pictures.clear();
    this.#bytes = 0;
  }

  #touch(key: string): void {
    const picture = this.#pictures.get(key);
    if (picture === undefined) return;
    this.#pictures.delete(key);
    this.#pictures.set(key, picture);
  }

  #fetchNext(): void {
    for (const wanted of this.#wanted) {
      if (this.#fetching.size >= AT_ONCE) return;
      const { key } = wanted;
      if (this.#pictures.has(key) || this.#fetching.has(key) || this.#failed.has(key)) continue;
      void this.#fetch(wanted);
    }
  }

  async #fetch({ key, id }: WantedPicture): Promise<void> {
    const controller = new AbortController();
    this.#fetching.set(key, controller);
    try {
      const picture = await this.#source.fetch(id, controller.signal);
      if (controller.signal.aborted) {
        if (picture !== null) this.#source.revoke(picture.url);
        return;
      }
      this.#keep(key, picture);
      this.#onPicture(key);
    } catch {
      // Aborted, or the phone is away: the tile keeps its drawing.
      if (!controller.signal.aborted) this.#failed.add(key);
    } finally {
      if (this.#fetching.get(key) === controller) this.#fetching.delete(key);
      this.#fetchNext();
    }
  }

  #keep(key: string, picture: Picture | null): void {
    this.#pictures.set(key, picture);
    this.#bytes += picture?.bytes ?? 0;
    const inView = new Set(this.#wanted.map(({ key }) => key));
    for (const [oldest, old] of this.#pictures) {
      if (this.#bytes <= this.#mostBytes) return;
      if (inView.has(oldest) || old === null) continue;
      this.#pictures.delete(oldest);
      this.#bytes -= old.bytes;
      this.#source.revoke(old.url);
    }
  }
}
