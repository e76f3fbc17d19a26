/** People saw Photos slow down after some 2,000 items, and stop; being started anew cures it. */
const MOST_ITEMS = 1_000;
/** Fewer do not wear it: an error has another cause then. */
const FEWEST_ITEMS = 200;
/** A film counts as so many photos more as it holds this many bytes. */
const BYTES_LIKE_AN_ITEM = 20_000_000;
const BATCHES_TO_COMPARE = 3;
const TIMES_SLOWER = 4;
/** Below this a relaunch costs more than it saves. */
const SLOW_MS_PER_ITEM = 500;
/** Halving a batch of fifty down to one bad file takes fewer. */
const MOST_IN_VAIN = 8;

/** How worn the running Photos is, by what it took and how long that lasted. Pure. */
export class Wear {
  #items = 0;
  /** Milliseconds an item, one number a batch. */
  #pace: number[] = [];
  #startsInVain = 0;

  /** One batch that Photos took without an error. */
  took(batch: { readonly items: number; readonly bytes: number; readonly ms: number }): void {
    this.#items += batch.items;
    if (batch.items > 0) this.sawProgress();
    this.#pace.push(batch.ms / (batch.items + batch.bytes / BYTES_LIKE_AN_ITEM));
  }

  /** Something came in, with an error or without. */
  sawProgress(): void {
    this.#startsInVain = 0;
  }

  /** It has taken as many items as it should in one life. */
  get hasTakenMany(): boolean {
    return this.#items >= MOST_ITEMS;
  }

  /** Its last two batches took several times as long as its first ones did. */
  get isSlow(): boolean {
    if (this.#pace.length < BATCHES_TO_COMPARE + 2) return false;
    const first = this.#pace.slice(0, BATCHES_TO_COMPARE).sort((a, b) => a - b);
    const usual = first[Math.floor(BATCHES_TO_COMPARE / 2)]!;
    const bound = Math.max(SLOW_MS_PER_ITEM, usual * TIMES_SLOWER);
    return this.#pace.slice(-2).every((pace) => pace > bound);
  }

  /** An error may come from wear. */
  get isPossible(): boolean {
    return this.#items >= FEWEST_ITEMS;
  }

  /** Photos was started anew again and again, and took nothing in between. */
  get isHopeless(): boolean {
    return this.#startsInVain >= MOST_IN_VAIN;
  }

  /** Photos was started anew, or the person was asked to do it and did not. */
  startedAnew(): void {
    this.#startsInVain += 1;
    this.#items = 0;
    this.#pace = [];
  }
}
