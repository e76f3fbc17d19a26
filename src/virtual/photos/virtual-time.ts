import type { Clock } from "../../clock.js";

/** Time as the virtual Photos sees it: a script blocks, so waiting here is synchronous. */
export interface VirtualTime {
  now(): Date;
  /** Lets `ms` go by before it returns. */
  pass(ms: number): void;
}

/** The real thing: the process sleeps. For a stand-in that is a process of its own. */
export const realTime: VirtualTime = {
  now: () => new Date(),
  pass: (ms) => {
    if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(ms, 2 ** 31 - 1));
  },
};

/** Time that goes by only when somebody waits, and then at once. One object serves the stages and Photos. */
export class ManualTime implements Clock, VirtualTime {
  #nowMs: number;

  constructor(start: Date = new Date("2026-11-22T18:40:00Z")) {
    this.#nowMs = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  pass(ms: number): void {
    this.#nowMs += Math.max(0, ms);
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.pass(ms);
  }
}
