import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/clock.js";

/** Every wait is over at once, and the time it would have taken has passed. */
export class QuickClock implements Clock {
  #nowMs = Date.UTC(2026, 10, 22);

  now(): Date {
    return new Date(this.#nowMs);
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#nowMs += ms;
    await setImmediate();
    signal?.throwIfAborted();
  }
}
