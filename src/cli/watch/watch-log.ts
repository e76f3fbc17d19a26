import { appendFileSync, renameSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { removeIfEmpty, removeSetUp } from "../../integrations/set-up-files.js";
import { makePrivateFolder } from "../../ledger/ledger-database.js";
import type { Settings } from "../settings.js";

const LARGEST_BYTES = 1 << 20;

/**
 * Where logs lie: where the system's own viewer looks for them, or in the data folder that was named.
 * On a Mac `~/Library/Logs/Rollcall`.
 */
export async function logFolder({ dataFolder, carried }: Settings): Promise<string> {
  if (carried.ROLLCALL_HOME !== undefined) return logFolderIn(dataFolder);
  const { default: envPaths } = await import("env-paths");
  return envPaths("Rollcall", { suffix: "" }).log;
}

/** Of a data folder that was named. */
export function logFolderIn(dataFolder: string): string {
  return join(dataFolder, "logs");
}

function logsIn(folder: string): [now: string, earlier: string] {
  return [join(folder, "watch.log"), join(folder, "watch.1.log")];
}

/**
 * Removes what watches wrote there; the folder, too, where nothing else lies in it.
 * @returns what was removed
 */
export function removeWatchLogs(folder: string): string[] {
  const removed = logsIn(folder).filter((path) => removeSetUp(path));
  if (removed.length > 0) removeIfEmpty(folder);
  return removed;
}

/** `watch.log`, and `watch.1.log` with what was before it: together never more than 2 MiB. */
export class WatchLog {
  readonly path: string;
  readonly #earlier: string;
  readonly #largestBytes: number;

  /** @throws RollcallError FOLDER_NOT_WRITABLE */
  constructor(folder: string, largestBytes = LARGEST_BYTES) {
    makePrivateFolder(folder);
    [this.path, this.#earlier] = logsIn(folder);
    this.#largestBytes = largestBytes;
  }

  /** Best effort: a full disk is no reason to stop watching. */
  write(line: string): void {
    const text = `${line}\n`;
    try {
      const sizeBytes = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
      if (sizeBytes > 0 && sizeBytes + Buffer.byteLength(text) > this.#largestBytes)
        renameSync(this.path, this.#earlier);
      appendFileSync(this.path, text, { mode: 0o600 });
    } catch {
      // told on the terminal, where there is one
    }
  }
}

/** Empties a file that others write into, once it has become large. Best effort. */
export function keepSmall(path: string, largestBytes = LARGEST_BYTES): void {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestBytes) truncateSync(path);
  } catch {
    // its writer goes on all the same
  }
}
