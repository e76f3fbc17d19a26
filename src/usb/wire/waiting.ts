import { stopped } from "../../errors.js";

/**
 * Waits for one promise after another until the signal aborts. It adds one listener for all of them and
 * removes it when disposed: a listener for each of thousands of reads would be a leak, and racing each
 * against one long-lived promise would be another.
 */
export class Waiting implements Disposable {
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => {
    for (const reject of this.#rejects) reject(this.#reason());
    this.#rejects.clear();
  };
  readonly #rejects = new Set<(reason: Error) => void>();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** @throws RollcallError STOPPED as soon as the signal aborts; the work itself goes on unheard */
  until<T>(work: Promise<T>): Promise<T> {
    if (this.#signal === undefined) return work;
    if (this.#signal.aborted) {
      work.catch(() => {});
      return Promise.reject(this.#reason());
    }
    return new Promise((resolve, reject) => {
      this.#rejects.add(reject);
      const settle = () => this.#rejects.delete(reject);
      work.then(
        (value) => {
          settle();
          resolve(value);
        },
        (error) => {
          settle();
          reject(error);
        },
      );
    });
  }

  throwIfStopped(): void {
    if (this.#signal?.aborted) throw this.#reason();
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #reason(): Error {
    return stopped(this.#signal ?? AbortSignal.abort());
  }
}
