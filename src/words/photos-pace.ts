/** The first batch is small, and starting Photos is a part of it. */
const TELLING_ITEMS = 10;

/** How long Photos takes for an item: by this run as soon as it shows, before that by earlier ones. */
export class PhotosPace {
  readonly #earlierMsPerItem: number | null;
  #firstAskedAtMs: number | null = null;
  #items = 0;
  #answeredAtMs = 0;

  constructor(earlierMsPerItem: number | null) {
    this.#earlierMsPerItem = earlierMsPerItem;
  }

  /** A batch was sent. */
  asked(nowMs: number): void {
    this.#firstAskedAtMs ??= nowMs;
  }

  /** @param items all that are in so far */
  answered(items: number, nowMs: number): void {
    this.#items = items;
    this.#answeredAtMs = nowMs;
  }

  /** For so many items; null while nobody can know. */
  msFor(items: number): number | null {
    const pace = this.#msPerItem;
    return pace === null ? null : pace * items;
  }

  /** For what is not in yet of so many items. A batch that takes longer than the pace says makes the rest longer, too. */
  leftMs(items: number, nowMs: number): number | null {
    const pace = this.#msPerItem;
    if (pace === null) return null;
    const since = this.#items > 0 ? this.#answeredAtMs : (this.#firstAskedAtMs ?? nowMs);
    const waitedMs = Math.max(0, nowMs - since);
    const restMs = Math.max(0, items - this.#items) * pace;
    return restMs > waitedMs ? restMs - waitedMs : Math.max(restMs, waitedMs);
  }

  get #msPerItem(): number | null {
    if (this.#firstAskedAtMs === null || this.#items < TELLING_ITEMS) return this.#earlierMsPerItem;
    return Math.max(0, this.#answeredAtMs - this.#firstAskedAtMs) / this.#items;
  }
}
