import { setMaxListeners } from "node:events";
import { stopped } from "../errors.js";

/**
 * Starts up to `limit` pieces of work ahead of their turn and yields each result in the order of the
 * inputs. `settle` runs one at a time. When the loop is left early, or anything throws, what was
 * started is aborted, waited for, and handed to `discard`.
 */
export async function* severalAtOnce<Input, Started, Result>(
  inputs: Iterable<Input>,
  work: {
    readonly limit: number;
    readonly start: (input: Input, signal: AbortSignal) => Promise<Started>;
    readonly settle: (started: Started) => Promise<Result>;
    readonly discard: (started: Started) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Result> {
  const { limit, start, settle, discard, signal } = work;
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  setMaxListeners(0, either); // one for each read under way
  const window: Promise<Started>[] = [];
  try {
    for (const input of inputs) {
      if (signal?.aborted) throw stopped(signal);
      const started = start(input, either);
      started.catch(() => undefined); // seen below, in order
      window.push(started);
      if (window.length >= limit) yield await settle(await window.shift()!);
    }
    while (window.length > 0) yield await settle(await window.shift()!);
  } catch (error) {
    throw signal?.aborted ? stopped(signal) : error;
  } finally {
    left.abort();
    for (const one of await Promise.allSettled(window)) {
      if (one.status === "fulfilled") await discard(one.value);
    }
  }
}
