import type { Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { type LastRun, RUNS } from "../../doctor/last-run.js";
import { STARTED_FROM, type StartedFrom } from "../../integrations/started-from.js";
import { isPartialName, writeOwnFile } from "../../owned-file.js";
import { adoptFolder, claimFolder, removeFrom, removeIfEmpty } from "../../owned-folder.js";

/** Below the data folder. One file for each place and command, each written anew by the next run: it cannot grow. */
export const LAST_RUNS_FOLDER = "last-runs";

export function lastRunPath(dataFolder: string, from: StartedFrom, command: LastRun["command"]): string {
  return join(dataFolder, LAST_RUNS_FOLDER, fileName(from, command));
}

function fileName(from: StartedFrom, command: LastRun["command"]): string {
  return `${from}-${command}.json`;
}

/** Whether Rollcall gives this name in that folder. An earlier version wrote to `NAME.PID.partial` first. */
export function isLastRunEntry(entry: Dirent): boolean {
  return entry.isFile() && (isPartialName(entry.name) || STARTED_FROM.some((from) => isOf(from, entry.name)));
}

function isOf(from: StartedFrom, name: string): boolean {
  return RUNS.some((command) => name.replace(/\.[0-9]+\.partial$/, "") === fileName(from, command));
}

/**
 * Writes it whole or not at all, for this user alone.
 * @throws RollcallError FOLDER_NOT_OURS; the system's error
 */
export function writeLastRun(path: string, run: LastRun): void {
  const folder = dirname(path);
  claimFolder(folder, isLastRunEntry);
  const text = `${JSON.stringify({ lastRun: 1, ...run }, null, 2)}\n`;
  writeOwnFile(path, text, { mode: 0o600, mayReplace: () => true });
}

/** With the set-up goes what its runs left behind, half written or whole. */
export function forgetLastRuns(dataFolder: string, from: StartedFrom): void {
  const folder = join(dataFolder, LAST_RUNS_FOLDER);
  adoptFolder(folder, isLastRunEntry);
  removeFrom(folder, (entry) => entry.isFile() && (isPartialName(entry.name) || isOf(from, entry.name)));
  removeIfEmpty(folder);
}
