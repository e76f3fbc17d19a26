import type { PhonePictures, WantedPicture } from "../run/phone-pictures.js";
import type { SmallPicture } from "../run/small-picture.js";
import type { CableShare } from "./cable-share.js";

const AT_ONCE = 4;
const MOST_KEPT_BYTES = 200_000_000;
/** What is asked for beyond this was scrolled past long ago. */
const MOST_WAITING = 2_000;

interface Waiting {
  readonly id: number;
  readonly wanted: WantedPicture;
  readonly signal: AbortSignal;
  readonly give: (picture: SmallPicture | null) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The pictures of one list of photos, by id: the newest request first, so that what is in view comes before what was
 * scrolled past. What was read is kept, up to 200 MB.
 */
export class Pictures {
  readonly #source: Pick<PhonePictures, "of">;
  readonly #share: CableShare;
  readonly #waiting: Waiting[] = [];
  /** The one used longest ago first. Null: the phone has none. */
  readonly #kept = new Map<number, SmallPicture | null>();
  #keptBytes = 0;
  #reading = 0;

  constructor(source: Pick<PhonePictures, "of">, share: CableShare) {
    this.#source = source;
    this.#share = share;
  }

  /** How many are being read off the phone now. */
  get reading(): number {
    return this.#reading;
  }

  /**
   * Null where the phone has none.
   * @throws the signal's reason where it aborts first; whatever ends the connection to the phone
   */
  get(id: number, wanted: WantedPicture, signal: AbortSignal): Promise<SmallPicture | null> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
      return Promise.resolve(kept);
    }
    return new Promise((give, fail) => {
      this.#waiting.push({ id, wanted, signal, give, fail });
      if (this.#waiting.length > MOST_WAITING) this.#waiting.shift()?.give(null);
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    if (this.#reading >= (this.#share.isCopying ? 1 : AT_ONCE)) return;
    this.#reading += 1;
    try {
      for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop())
        await this.#one(next);
    } finally {
      this.#reading -= 1;
    }
  }

  async #one({ id, wanted, signal, give, fail }: Waiting): Promise<void> {
    try {
      signal.throwIfAborted();
      const kept = this.#kept.get(id); // two tabs may ask for the same
      if (kept !== undefined) return give(kept);
      await this.#share.turn(signal);
      const picture = await this.#source.of(wanted, signal);
      signal.throwIfAborted();
      this.#share.spent(picture?.bytes.length ?? 0);
      this.#keep(id, picture);
      give(picture);
    } catch (error) {
      fail(error);
    }
  }

  #keep(id: number, picture: SmallPicture | null): void {
    this.#kept.set(id, picture);
    this.#keptBytes += picture?.bytes.length ?? 0;
    for (const [oldest, old] of this.#kept) {
      if (this.#keptBytes <= MOST_KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= old?.bytes.length ?? 0;
    }
  }
}
