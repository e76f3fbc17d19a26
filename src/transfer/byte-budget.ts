/**
 * Keeps the bytes that are copied and not yet imported under a bound. One item may exceed it, alone.
 * Whoever gathers a batch watches {@link whenBlocked}: waiting for more items while the copier waits
 * for room would be waiting for ever.
 */
export class ByteBudget {
  readonly #limitBytes: number;
  #heldBytes = 0;
  readonly #waiting: { bytes: number; admit: () => void }[] = [];
  #blocked: { promise: Promise<void>; resolve: () => void } | null = null;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Waits for room, in order of asking. Rejects with the signal's reason when it aborts. */
  async acquire(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#heldBytes += bytes;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const entry = {
        bytes,
        admit: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(entry);
      this.#blocked?.resolve();
      this.#blocked = null;
    });
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#heldBytes += next.bytes;
      next.admit();
    }
  }

  /** Resolves as soon as the copier waits for room; at once when it does already. */
  whenBlocked(): Promise<void> {
    if (this.#waiting.length > 0) return Promise.resolve();
    if (this.#blocked === null) {
      let resolve = () => {};
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#blocked = { promise, resolve };
    }
    return this.#blocked.promise;
  }

  #fits(bytes: number): boolean {
    return this.#heldBytes === 0 || this.#heldBytes + bytes <= this.#limitBytes;
  }
}
