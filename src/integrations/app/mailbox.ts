import { randomUUID } from "node:crypto";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { hasErrno } from "../../errors.js";
import { removeSetUp, type SetUpFolders, textOf, writeSetUpFile } from "../set-up-files.js";

/**
 * How work reaches Rollcall.app, and how its end is known: by files in one private folder, since arguments do not
 * reach an applet. One job at a time.
 *
 * | file | written by | holds |
 * |---|---|---|
 * | `start.sh` | setup | how to start Rollcall; the app runs it |
 * | `job.json` | who wants something | {@link AppJob}; the app takes it by renaming it to `taken.json` |
 * | `status.json` | the app's side | {@link AppJobStatus} |
 * | `result.json` | the app's side | what `import --json` printed |
 * | `log.txt` | the app's side | what it printed on stderr |
 * | `cancel` | who wants it stopped | the id of the job |
 *
 * Whoever can write here could as well change Rollcall itself: it is the same user's folder, and closed to others.
 */
export interface AppJob {
  readonly job: 1;
  readonly id: string;
  /** `ask`: the app asks macOS for the right to control Photos. `import`: it runs an import. */
  readonly want: "ask" | "import";
  /** Of the import, after the word itself. */
  readonly arguments: readonly string[];
}

export type AppJobStatus =
  | { readonly job: string; readonly state: "started"; readonly pid: number; readonly startedAt: string }
  | {
      readonly job: string;
      readonly state: "ended";
      /** Of the import; null where a signal ended it, or it could not be started. */
      readonly exitStatus: number | null;
      /** Of `ask`: 0, or the number of the Apple event error; null for an import. */
      readonly errorNumber: number | null;
      readonly endedAt: string;
    };

/** Fixed, whatever `ROLLCALL_HOME` says: the app has no settings by which it could find another place. */
export function mailboxFolder({ home }: Pick<SetUpFolders, "home">): string {
  return join(home, "Library", "Application Support", "Rollcall", "app");
}

export const MAILBOX = {
  start: "start.sh",
  job: "job.json",
  taken: "taken.json",
  status: "status.json",
  result: "result.json",
  log: "log.txt",
  cancel: "cancel",
} as const;

/** Puts a job where the app will find it; what an earlier one left is cleared. */
export function putJob(folder: string, want: AppJob["want"], args: readonly string[] = []): AppJob {
  const job: AppJob = { job: 1, id: randomUUID(), want, arguments: args };
  const { taken, status, result, log, cancel } = MAILBOX;
  for (const name of [taken, status, result, log, cancel]) removeSetUp(join(folder, name));
  writeSetUpFile({ path: join(folder, MAILBOX.job), text: `${JSON.stringify(job)}\n` }, 0o600);
  return job;
}

/** Takes back a job that nobody took. */
export function withdrawJob(folder: string): void {
  removeSetUp(join(folder, MAILBOX.job));
}

/**
 * Takes the job that waits: renamed, so that of two only one gets it.
 * @returns null where none waits, or it is none that this version knows
 */
export function takeJob(folder: string): AppJob | null {
  try {
    renameSync(join(folder, MAILBOX.job), join(folder, MAILBOX.taken));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
  return takenJob(folder);
}

/** The job that was taken last. */
export function takenJob(folder: string): AppJob | null {
  const value = readJson(join(folder, MAILBOX.taken));
  const { job, id, want, arguments: args } = value;
  if (job !== 1 || typeof id !== "string" || (want !== "ask" && want !== "import")) return null;
  if (!Array.isArray(args) || !args.every((one) => typeof one === "string")) return null;
  return { job, id, want, arguments: args };
}

export function putStatus(folder: string, status: AppJobStatus): void {
  writeSetUpFile({ path: join(folder, MAILBOX.status), text: `${JSON.stringify(status)}\n` }, 0o600);
}

/** What is known of this job; null where nothing is, or only of another one. */
export function statusOf(folder: string, { id }: AppJob): AppJobStatus | null {
  const status = readJson(join(folder, MAILBOX.status));
  if (status.job !== id || (status.state !== "started" && status.state !== "ended")) return null;
  return status as unknown as AppJobStatus;
}

export function putCancel(folder: string, { id }: AppJob): void {
  writeSetUpFile({ path: join(folder, MAILBOX.cancel), text: id }, 0o600);
}

export function isCancelled(folder: string, { id }: AppJob): boolean {
  return textOf(join(folder, MAILBOX.cancel))?.trim() === id;
}

function readJson(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(textOf(path) ?? "null");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
