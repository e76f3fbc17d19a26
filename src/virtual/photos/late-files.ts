import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { VirtualLibrary } from "./virtual-library.js";

interface LateFile {
  /** Below the package. */
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly dueAtMs: number;
}

const stateName = "lateFiles";

/** Where a file lies until it is in its place. Nobody looks there. */
export function waitingPlace(place: string): string {
  return join("private", "late", place);
}

/** The file was put into its {@link waitingPlace}, and is to be in its place later. */
export function comesLater({ application }: VirtualLibrary, place: string, dueAtMs: number): void {
  const waiting = application.recall<LateFile[]>(stateName) ?? [];
  application.remember(stateName, [...waiting, { place, dueAtMs }]);
}

/** Puts into their places what is due. What writes the files is not the program, so they come when that has ended, too. */
export function letLateFilesCome({ application, path }: VirtualLibrary, now: Date): void {
  const waiting = application.recall<LateFile[]>(stateName) ?? [];
  const due = waiting.filter(({ dueAtMs }) => dueAtMs <= now.getTime());
  if (due.length === 0) return;
  for (const { place } of due) {
    const from = join(path, waitingPlace(place));
    if (!existsSync(from)) continue; // a call before this one was ended in between
    mkdirSync(dirname(join(path, place)), { recursive: true });
    renameSync(from, join(path, place));
  }
  application.remember(
    stateName,
    waiting.filter((one) => !due.includes(one)),
  );
}
