import { EXIT, type ExitStatus } from "./process/exit-status.js";

/** How a command may end, by what it uses. */
const STATUSES_BY_USE = {
  "data folder": [EXIT.space, EXIT.anotherRollcall],
  disk: [EXIT.space],
  phone: [EXIT.phone],
  /** Which library is open; no event is sent for that, so no permission is needed. */
  library: [EXIT.photos],
  Photos: [EXIT.notPermitted, EXIT.photos],
  /** Programs of macOS, on another system. */
  macOS: [EXIT.photos],
  answers: [EXIT.wrongAnswers],
} as const satisfies Record<string, readonly ExitStatus[]>;

/** Its own end is the signal; only a second one is not waited for. */
export const STATUSES_UNTIL_STOPPED = [EXIT.ok, EXIT.unexpected, EXIT.usage];

/** Every command may end well, in a way that nobody foresaw, by what was typed, or by a signal. */
export function statuses(...uses: readonly (keyof typeof STATUSES_BY_USE)[]): ExitStatus[] {
  const always = [EXIT.ok, EXIT.unexpected, EXIT.usage, EXIT.interrupted, EXIT.terminated];
  const all = new Set<ExitStatus>([...always, ...uses.flatMap((use) => STATUSES_BY_USE[use])]);
  return [...all].sort((a, b) => a - b);
}
