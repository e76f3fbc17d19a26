import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LastRun } from "../../doctor/last-run.js";
import type { StartedFrom } from "../../integrations/started-from.js";
import { makeFolder } from "../../make-folder.js";

/** Below the data folder. One file for each place and command, each written anew by the next run: it cannot grow. */
export const LAST_RUNS_FOLDER = "last-runs";

export function lastRunPath(dataFolder: string, from: StartedFrom, command: LastRun["command"]): string {
  return join(dataFolder, LAST_RUNS_FOLDER, `${from}-${command}.json`);
}

/**
 * Writes it whole or not at all, for this user alone.
 * @throws the system's error
 */
export function writeLastRun(path: string, run: LastRun): void {
  makeFolder(dirname(path));
  const partial = `${path}.${run.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify({ lastRun: 1, ...run }, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, path);
}

/** With the set-up goes what its runs left behind, half written or whole. */
export function forgetLastRuns(dataFolder: string, from: StartedFrom): void {
  const folder = join(dataFolder, LAST_RUNS_FOLDER);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.startsWith(`${from}-`)) rmSync(join(folder, name), { force: true });
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
