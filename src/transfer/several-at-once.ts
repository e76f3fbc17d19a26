import { setMaxListeners } from "node:events";
import { stopped } from "../errors.js";

/** Results that are settled together: one sync and one commit serve them all. */
const MOST_SETTLED_AT_ONCE = 64;

/**
 * Starts pieces of work ahead of their turn and yields each result in the order of the inputs. `settle` gets
 * those that are ready, in order, and runs one at a time, while others go on. When the loop is left early, or
 * anything throws, what was started is aborted, waited for, and handed to `discard`.
 */
export async function* severalAtOnce<Input, Started, Result>(
  inputs: Iterable<Input>,
  work: {
    /** Whether no more is to be started beside these. */
    readonly isEnough: (underWay: readonly Input[]) => boolean;
    readonly start: (input: Input, signal: AbortSignal) => Promise<Started>;
    /** One result for each, in their order. */
    readonly settle: (started: readonly Started[]) => Promise<readonly Result[]>;
    readonly discard: (started: Started) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Result> {
  const { isEnough, start, settle, discard, signal } = work;
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  setMaxListeners(0, either); // one for each read under way
  const source = inputs[Symbol.iterator]();
  const window: Under<Input, Started>[] = [];
  let settling: Promise<readonly Result[]> | null = null;
  let hasEnded = false;
  try {
    for (;;) {
      if (signal?.aborted) throw stopped(signal);
      while (!hasEnded && !(window.length > 0 && isEnough(window.map(({ input }) => input)))) {
        const { value, done } = source.next();
        if (done === true) hasEnded = true;
        else window.push(underWay(value, start(value, either)));
      }
      const results: readonly Result[] = settling === null ? [] : await settling;
      settling = null;
      if (window.length > 0) {
        if (results.length === 0) await window[0]!.result;
        const ready = window.findIndex(({ isReady }) => !isReady);
        const batch = window.splice(0, Math.min(ready === -1 ? window.length : ready, MOST_SETTLED_AT_ONCE));
        if (batch.length > 0) settling = settleAll(batch, settle);
        settling?.catch(() => {}); // heard when it is awaited, if the loop goes on
      }
      yield* results;
      if (hasEnded && window.length === 0 && settling === null) return;
    }
  } catch (error) {
    throw signal?.aborted ? stopped(signal) : error;
  } finally {
    left.abort();
    source.return?.();
    await settling?.catch(() => {});
    for (const one of await Promise.allSettled(window.map(({ result }) => result))) {
      if (one.status === "fulfilled") await discard(one.value);
    }
  }
}

interface Under<Input, Started> {
  readonly input: Input;
  readonly result: Promise<Started>;
  isReady: boolean;
}

function underWay<Input, Started>(input: Input, result: Promise<Started>): Under<Input, Started> {
  const under = { input, result, isReady: false };
  // A failure is never ready: it is thrown in its turn, when those before it are settled.
  result.then(
    () => {
      under.isReady = true;
    },
    () => {},
  );
  return under;
}

async function settleAll<Input, Started, Result>(
  batch: readonly Under<Input, Started>[],
  settle: (started: readonly Started[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  return await settle(await Promise.all(batch.map(({ result }) => result)));
}
