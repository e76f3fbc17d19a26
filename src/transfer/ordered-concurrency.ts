import { setMaxListeners } from "node:events";
import { stopped } from "../errors.js";

/** Results that are settled together: one sync and one commit serve them all. */
const MOST_SETTLED_AT_ONCE = 64;
/** Under way, or ready and not settled yet. */
const MOST_WAITING = 256;

/** How much of something there is. */
export interface Load {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Starts pieces of work ahead of their turn and yields each result in the order of the inputs. `settle` gets
 * those that are ready, in order, and runs one at a time, while others go on. When the loop is left early, or
 * anything throws, what was started is aborted, waited for, and handed to `discard`.
 */
export async function* orderedConcurrency<Input, Started, Result>(
  inputs: Iterable<Input>,
  work: {
    /**
     * Whether no more is to be started now.
     * @param atWork those that are not ready; never empty
     * @param begun those, and the ones that are ready and wait for their turn
     */
    readonly isEnough: (atWork: Load, begun: Load) => boolean;
    readonly bytesOf: (input: Input) => number;
    readonly start: (input: Input, signal: AbortSignal) => Promise<Started>;
    /** One result for each, in their order. */
    readonly settle: (started: readonly Started[]) => Promise<readonly Result[]>;
    readonly discard: (started: Started) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Result> {
  const { isEnough, bytesOf, start, settle, discard, signal } = work;
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  setMaxListeners(0, either); // one for each read under way
  const source = inputs[Symbol.iterator]();
  const window: Under<Started>[] = [];
  let settling: Promise<void> | null = null;
  let settled: readonly Result[] = [];
  let failure: { readonly error: unknown } | null = null;
  let hasEnded = false;
  /** A change that nobody waits for yet is kept: giving results away takes time, too. */
  let hasChanged = false;
  let wake = () => {};
  const changed = () => {
    hasChanged = true;
    wake();
  };
  const atWork = { count: 0, bytes: 0 };
  const begun = { count: 0, bytes: 0 };
  const topUp = () => {
    while (!hasEnded && window.length < MOST_WAITING) {
      if (atWork.count > 0 && isEnough(atWork, begun)) return;
      const { value, done } = source.next();
      if (done === true) hasEnded = true;
      else {
        const bytes = bytesOf(value);
        add(atWork, 1, bytes);
        add(begun, 1, bytes);
        const ready = () => {
          add(atWork, -1, -bytes);
          changed();
        };
        window.push(underWay(start(value, either), bytes, { ready, failed: changed }));
      }
    }
  };
  const settleReady = () => {
    const notReady = window.findIndex(({ isReady }) => !isReady);
    const batch = window.splice(
      0,
      Math.min(notReady === -1 ? window.length : notReady, MOST_SETTLED_AT_ONCE),
    );
    if (batch.length === 0) return;
    for (const { bytes } of batch) add(begun, -1, -bytes);
    settling = settleAll(batch, settle).then(
      (results) => {
        settled = results;
        settling = null;
        changed();
      },
      (error: unknown) => {
        failure = { error };
        settling = null;
        changed();
      },
    );
  };
  try {
    for (;;) {
      if (signal?.aborted) throw stopped(signal);
      if (failure !== null) throw (failure as { readonly error: unknown }).error;
      hasChanged = false;
      topUp();
      const results: readonly Result[] = settled;
      settled = [];
      if (settling === null) settleReady();
      yield* results;
      if (results.length > 0 || hasChanged) continue;
      if (settling === null && window[0]?.hasFailed === true) await window[0].result;
      if (settling === null && window.length === 0 && hasEnded) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } catch (error) {
    throw signal?.aborted ? stopped(signal) : error;
  } finally {
    left.abort();
    source.return?.();
    await settling;
    for (const one of await Promise.allSettled(window.map(({ result }) => result))) {
      if (one.status === "fulfilled") await discard(one.value);
    }
  }
}

function add(load: { count: number; bytes: number }, count: number, bytes: number): void {
  load.count += count;
  load.bytes += bytes;
}

interface Under<Started> {
  readonly result: Promise<Started>;
  readonly bytes: number;
  isReady: boolean;
  /** Thrown in its turn, when those before it are settled. */
  hasFailed: boolean;
}

function underWay<Started>(
  result: Promise<Started>,
  bytes: number,
  on: { readonly ready: () => void; readonly failed: () => void },
): Under<Started> {
  const under = { result, bytes, isReady: false, hasFailed: false };
  result.then(
    () => {
      under.isReady = true;
      on.ready();
    },
    () => {
      under.hasFailed = true;
      on.failed();
    },
  );
  return under;
}

async function settleAll<Started, Result>(
  batch: readonly Under<Started>[],
  settle: (started: readonly Started[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  return await settle(await Promise.all(batch.map(({ result }) => result)));
}
