import { closeSync, lstatSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { isLogEntry, WATCH_LOG_NAMES } from "../../../integrations/launchd/agent-plist.js";
import { notWritable } from "../../../ledger/ledger-trouble.js";
import { openOwnFile, requireOwnOrAbsent } from "../../../owned-file.js";
import { adoptFolder, claimFolder, removeFrom, removeIfEmpty } from "../../../owned-folder.js";
import type { Settings } from "../../process/settings.js";

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
  const [now, earlier] = WATCH_LOG_NAMES;
  return [join(folder, now), join(folder, earlier)];
}

/**
 * Removes what watches wrote there; the folder, too, where nothing else lies in it.
 * @returns what was removed
 */
export function removeWatchLogs(folder: string): string[] {
  const names: readonly string[] = WATCH_LOG_NAMES;
  adoptFolder(folder, isLogEntry);
  const removed = removeFrom(folder, ({ name }) => names.includes(name));
  removeIfEmpty(folder);
  return removed;
}

/** `watch.log`, and `watch.1.log` with what was before it: together never more than 2 MiB. */
export class WatchLog {
  readonly path: string;
  readonly #earlier: string;
  readonly #largestBytes: number;

  /** @throws RollcallError FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE */
  constructor(folder: string, largestBytes = LARGEST_BYTES) {
    try {
      claimFolder(folder, isLogEntry);
    } catch (error) {
      throw error instanceof RollcallError ? error : notWritable(folder, error);
    }
    [this.path, this.#earlier] = logsIn(folder);
    this.#largestBytes = largestBytes;
  }

  /** Best effort: a full disk is no reason to stop watching. */
  write(line: string): void {
    const text = `${line}\n`;
    try {
      const sizeBytes = lstatSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
      if (sizeBytes > 0 && sizeBytes + Buffer.byteLength(text) > this.#largestBytes) {
        requireOwnOrAbsent(this.path);
        requireOwnOrAbsent(this.#earlier);
        renameSync(this.path, this.#earlier);
      }
      const file = openOwnFile(this.path, "append");
      try {
        writeSync(file, text);
      } finally {
        closeSync(file);
      }
    } catch {
      // told on the terminal, where there is one
    }
  }
}

/** Empties a file that others write into, once it has become large. Best effort. */
export function keepSmall(path: string, largestBytes = LARGEST_BYTES): void {
  try {
    if ((lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestBytes)
      closeSync(openOwnFile(path, "empty"));
  } catch {
    // its writer goes on all the same
  }
}
