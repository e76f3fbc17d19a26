/** A fixed number of places; who comes when all are taken waits, first come first served. */
export class Slots {
  readonly #count: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #onRelease: (() => void)[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  get takenCount(): number {
    return this.#count - this.#free;
  }

  /** Resolves as soon as a place is given back, whoever gets it. */
  nextRelease(): Promise<void> {
    return new Promise((resolve) => this.#onRelease.push(resolve));
  }

  /** Resolves when a place is ours. Give it back with {@link release}, exactly once. */
  take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
    for (const notify of this.#onRelease.splice(0)) notify();
  }
}
