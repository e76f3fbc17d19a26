import type { Clock } from "../clock.js";

/** Rung by whoever saw a change; heard by one who waits. A ring that nobody waited for is kept. */
export class AutoResetEvent {
  readonly #clock: Clock;
  #isSet = false;
  #hear: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly set = (): void => {
    this.#isSet = true;
    this.#hear();
  };

  /**
   * Waits for a ring, for at most so long.
   * @returns whether it rang
   * @throws the signal's reason as soon as it aborts
   */
  async waitFor(ms: number, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    // No AbortSignal.any: the signal of a watch lives for weeks, and would remember every wait.
    const heard = new AbortController();
    const onAbort = () => heard.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const timeUp = this.#clock.wait(ms, heard.signal);
    const signalled = new Promise<void>((resolve) => {
      this.#hear = resolve;
      if (this.#isSet) resolve();
    });
    timeUp.catch(() => {});
    try {
      await Promise.race([signalled, timeUp]);
    } finally {
      this.#hear = () => {};
      signal.removeEventListener("abort", onAbort);
      heard.abort();
    }
    const wasSet = this.#isSet;
    this.#isSet = false;
    return wasSet;
  }

  /** Waits until it has been quiet for so long, and at most `mostMs`. */
  async debounce(ms: number, mostMs: number, signal: AbortSignal): Promise<void> {
    const endMs = this.#clock.now().getTime() + mostMs;
    for (;;) {
      const leftMs = endMs - this.#clock.now().getTime();
      if (leftMs <= 0 || !(await this.waitFor(Math.min(ms, leftMs), signal))) return;
    }
  }
}
