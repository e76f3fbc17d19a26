import { RollcallError } from "../errors.js";

/** Ctrl-C and SIGTERM as an AbortSignal. */
export interface StopSignals extends Disposable {
  readonly signal: AbortSignal;
  /** The signal that came; null when none did. */
  stoppedBy(): NodeJS.Signals | null;
}

/**
 * The first signal asks for a clean stop at the next safe point; a second one ends the process at once, which
 * loses nothing either.
 * @param onFirst to say that it is stopping
 */
export function listenForSignals(onFirst: (signal: NodeJS.Signals) => void = () => {}): StopSignals {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    if (first !== null) process.exit(name === "SIGTERM" ? 143 : 130);
    first = name;
    onFirst(name);
    controller.abort(
      new RollcallError("STOPPED", {
        message: "Stopped, as asked.",
        remedy: "Run the same command again: it goes on where it stopped.",
      }),
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    stoppedBy: () => first,
    [Symbol.dispose]: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
