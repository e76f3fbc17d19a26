import type { RunEvent } from "../../run/run-events.js";

/** A reader of run events for people. */
export interface ProgressScreen {
  report(event: RunEvent): void;
  /** Takes the live part off the screen, so that something else can be written or asked. */
  pause(): void;
  /** Shows the last state and stops. May be called twice. */
  close(): void;
}

/** Where a screen writes, and how it tells the time. */
export interface ScreenDeps {
  readonly write: (text: string) => void;
  readonly now: () => number;
  /** "Photos", or the folder. */
  readonly destination: string;
  readonly hasImport: boolean;
  /** How long an item took in earlier imports; null or absent where nobody knows. */
  readonly earlierMsPerItem?: number | null;
}

export const noScreen: ProgressScreen = { report: () => {}, pause: () => {}, close: () => {} };
