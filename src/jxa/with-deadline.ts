import type { Clock } from "../clock.js";
import { stopped } from "../errors.js";
import { type RunScriptOptions, ScriptDeadlineError } from "./run-script.js";

const LONGEST_TIMER_MS = 2 ** 31 - 1; // a longer setTimeout fires at once

/**
 * Waits for a child process to end, and kills it when the deadline or the signal comes first. Then it does
 * not wait for the end: a child stuck in the kernel keeps nobody. The listener and the timer are gone in
 * every case.
 *
 * @throws ScriptDeadlineError, RollcallError STOPPED, or whatever `ended` rejects with
 */
export async function withDeadline<Result>(
  scriptName: string,
  child: { readonly ended: Promise<Result>; readonly kill: () => void },
  clock: Clock,
  { deadlineMs, signal }: RunScriptOptions,
): Promise<Result> {
  const timer = new AbortController();
  const deadline = clock.wait(Math.min(deadlineMs, LONGEST_TIMER_MS), timer.signal).then(() => {
    throw new ScriptDeadlineError(scriptName, deadlineMs);
  });
  let onAbort = () => {};
  const abort = new Promise<never>((_, reject) => {
    if (signal === undefined) return;
    onAbort = () => reject(stopped(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  let hasEnded = false;
  child.ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  try {
    return await Promise.race([child.ended, deadline, abort]);
  } finally {
    if (!hasEnded) child.kill();
    timer.abort();
    signal?.removeEventListener("abort", onAbort);
    deadline.catch(() => {});
  }
}

/**
 * Kills a child that was started `detached`, with everything it started itself. SIGKILL, because a script
 * that waits for Photos does not act on SIGTERM.
 */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ended already
  }
}
