import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/clock.js";

/** Every wait is over at once, and the time it would have taken has passed. */
export class QuickClock implements Clock {
  readonly #before: () => Promise<unknown>;
  #nowMs = Date.UTC(2026, 10, 22);

  /** @param before what has to be done before any time passes: what a person does in no time */
  constructor(before: () => Promise<unknown> = async () => {}) {
    this.#before = before;
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#nowMs += ms;
    await this.#before();
    await setImmediate();
    signal?.throwIfAborted();
  }
}
