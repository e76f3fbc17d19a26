import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/clock.js";

/** So many turns of the event loop without anything new count as: everybody waits. */
const QUIET_TURNS = 5;

/** Time that passes only while everybody waits, and then to the end of the shortest wait. */
export class OrderedClock implements Clock {
  /** In time as a timer measures it, which knows of no jump. */
  readonly #waits = new Set<{ readonly dueMs: number; readonly over: () => void }>();
  #timerMs = 0;
  #nowMs = Date.UTC(2026, 10, 22);
  #isPassing = false;
  #changes = 0;

  now(): Date {
    return new Date(this.#nowMs);
  }

  /** The computer sleeps, or its clock is set: time jumps, and no wait is over by that. Negative: set back. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const over = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const wait = { dueMs: this.#timerMs + ms, over };
      this.#waits.add(wait);
      this.#changes += 1;
      const onAbort = () => {
        this.#waits.delete(wait);
        this.#changes += 1;
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      void this.#pass();
    });
  }

  async #pass(): Promise<void> {
    if (this.#isPassing) return;
    this.#isPassing = true;
    while (this.#waits.size > 0) {
      for (let turns = 0, seen = this.#changes; turns < QUIET_TURNS; turns += 1) {
        await setImmediate();
        if (seen === this.#changes) continue;
        seen = this.#changes;
        turns = 0;
      }
      const [next] = [...this.#waits].sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.#waits.delete(next);
      this.#nowMs += next.dueMs - this.#timerMs;
      this.#timerMs = next.dueMs;
      next.over();
    }
    this.#isPassing = false;
  }
}
