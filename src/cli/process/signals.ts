import { RollcallError } from "../../errors.js";
import { statusOfSignal } from "./exit-status.js";

const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C, SIGTERM and SIGHUP (the terminal was closed) as an AbortSignal. */
interface StopSignals extends Disposable {
  readonly signal: AbortSignal;
  /** The signal that came; null when none did. */
  stoppedBy(): NodeJS.Signals | null;
}

/**
 * The first signal asks for a clean stop at the next safe point; a second one ends the process at once, which
 * loses nothing either.
 * @param onFirst to say that it is stopping
 */
export function listenForSignals(onFirst: () => void = () => {}): StopSignals {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    if (first !== null) process.exit(statusOfSignal(name));
    first = name;
    onFirst();
    controller.abort(
      new RollcallError("STOPPED", {
        message: "Stopped, as asked.",
        remedy: "Run the same command again: it resumes where it stopped.",
      }),
    );
  };
  for (const name of STOPPING) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stoppedBy: () => first,
    [Symbol.dispose]: () => {
      for (const name of STOPPING) process.off(name, onSignal);
    },
  };
}
