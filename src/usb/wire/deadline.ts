/** Nothing came within the time that was allowed. */
export class DeadlineError extends Error {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = "DeadlineError";
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Waits for `work`, for at most `timeoutMs` and not beyond an abort. It bounds the wait only, so `cancel`
 * has to end the work (destroy the socket); it is called once, and only where the wait was cut short.
 * @throws DeadlineError, or the signal's reason, or whatever `work` throws
 */
export async function withDeadline<T>(
  work: Promise<T>,
  limits: { timeoutMs: number; signal?: AbortSignal | undefined; cancel: (why: Error) => void },
): Promise<T> {
  const { timeoutMs, signal, cancel } = limits;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const cutShort = new Promise<never>((_, reject) => {
    const end = (reason: unknown) => {
      cancel(reason instanceof Error ? reason : new Error("stopped"));
      reject(reason);
    };
    if (signal?.aborted) return end(signal.reason);
    timer = setTimeout(() => end(new DeadlineError(timeoutMs)), timeoutMs);
    onAbort = () => end(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, cutShort]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener("abort", onAbort);
    // Where the wait was cut short, the work fails later, and nobody is listening any more.
    work.catch(() => {});
  }
}
