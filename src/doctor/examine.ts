import type { Clock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import { advise } from "../remedy.js";
import { type Check, sentenceOf } from "./check.js";
import type { ExamineDeps } from "./examine-parts.js";
import { type Finding, note, trouble } from "./finding.js";

/** A finding, and what was asked. */
export interface Examined extends Finding {
  readonly check: string;
  readonly question: string;
}

/**
 * Runs the checks one after the other, and gives what each found as soon as it did. A check that fails or does not
 * answer within its deadline becomes a finding too, and the next one goes on.
 * @throws RollcallError STOPPED, and nothing else
 */
export async function* examine(
  checks: readonly Check[],
  parts: ExamineDeps,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Examined> {
  for (const check of checks) {
    for (const finding of await answered(check, parts, clock, signal))
      yield { check: check.id, question: check.question, ...finding };
  }
}

async function answered(
  check: Check,
  parts: ExamineDeps,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (signal.aborted) throw stopped(signal);
  const givingUp = new AbortController();
  const timer = new AbortController();
  let onAbort = () => {};
  const stop = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  const looking = (async () => check.look(parts, AbortSignal.any([signal, givingUp.signal])))().catch(
    (error: unknown) => [failed(check, error)],
  );
  const late = clock.wait(check.deadlineMs, timer.signal).then(
    () => [silent(check)],
    () => [],
  );
  try {
    const findings = await Promise.race([looking, late, stop]);
    if (findings === null || signal.aborted) throw stopped(signal);
    return findings;
  } finally {
    signal.removeEventListener("abort", onAbort);
    timer.abort();
    givingUp.abort();
  }
}

function silent({ deadlineMs, blocks }: Check): Finding {
  const finding = `no answer within ${Math.round(deadlineMs / 1000)} s`;
  const remedy = advise`Run ${{ action: "doctor" }} again. If it stays like this, restart this computer.`;
  return blocks === null ? note(finding, remedy) : trouble(blocks, finding, remedy);
}

function failed({ blocks }: Check, error: unknown): Finding {
  const remedy =
    error instanceof RollcallError
      ? error.remedy
      : advise`Run ${{ action: "doctor" }} again, and report it if it stays.`;
  const finding = sentenceOf(error);
  return blocks === null ? note(finding, remedy) : trouble(blocks, finding, remedy);
}
