/**
 * Pulls a source as fast as it gives, into a bounded buffer, so that copying goes on while Photos is busy.
 * Iterate it once. Leaving the loop ends the source. An error of the source comes after what it gave before.
 */
export class ReadAhead<Item> implements AsyncIterable<Item> {
  readonly #source: AsyncIterator<Item>;
  readonly #buffer: Item[] = [];
  readonly #limit: number;
  readonly #whenBlocked: () => Promise<void>;
  readonly #close: () => void;
  #hasEnded = false;
  #error: { readonly reason: unknown } | null = null;
  #wake: (() => void)[] = [];
  #starved: Promise<void> | null = null;

  /**
   * @param limit most items in the buffer
   * @param whenBlocked resolves while the source waits for something that only the consumer can give
   * @param leave called when the loop is over: wakes a source that waits, so that it can end
   */
  constructor(
    source: AsyncIterable<Item>,
    limit: number,
    whenBlocked: () => Promise<void>,
    close: () => void = () => {},
  ) {
    this.#source = source[Symbol.asyncIterator]();
    this.#limit = limit;
    this.#whenBlocked = whenBlocked;
    this.#close = close;
  }

  /** Resolves when the buffer is empty and the source is blocked: nothing will come until the consumer acts. */
  whenStarved(): Promise<void> {
    this.#starved ??= this.#waitUntilStarved().finally(() => {
      this.#starved = null;
    });
    return this.#starved;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    const filling = this.#fill();
    try {
      for (;;) {
        if (this.#buffer.length > 0) {
          const item = this.#buffer.shift()!;
          this.#changed();
          yield item;
        } else if (this.#error !== null) throw this.#error.reason;
        else if (this.#hasEnded) return;
        else await this.#change();
      }
    } finally {
      this.#hasEnded = true;
      this.#changed();
      this.#close();
      await this.#source.return?.();
      await filling;
    }
  }

  async #fill(): Promise<void> {
    try {
      while (!this.#hasEnded) {
        if (this.#buffer.length >= this.#limit) {
          await this.#change();
          continue;
        }
        const { value, done } = await this.#source.next();
        if (done === true) this.#hasEnded = true;
        else this.#buffer.push(value);
        this.#changed();
      }
    } catch (reason) {
      this.#error = { reason };
      this.#changed();
    }
  }

  async #waitUntilStarved(): Promise<void> {
    for (;;) {
      await this.#whenBlocked();
      if (this.#buffer.length === 0) return;
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
