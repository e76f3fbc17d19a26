import { randomUUID } from "node:crypto";
import { lstatSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { hasErrno } from "../../errors.js";
import { isThere, removeSetUp, type SetUpFolders, textOf, writeSetUpFile } from "../set-up-files.js";
import {
  type AppJob,
  type AppJobStatus,
  type AppWish,
  isAlive,
  isWanted,
  JOB_ID,
  readJob,
  readStatus,
} from "./app-job.js";

/**
 * How work reaches Rollcall.app, and how its end is known: by files in one private folder, since arguments do not
 * reach an applet. Any copy of the app may take any job: they cannot be told apart when they are opened.
 *
 * | file | written by | holds |
 * |---|---|---|
 * | `start.sh` | setup | how to start Rollcall; the app runs it |
 * | `ID.job` | who wants something | an {@link AppJob}; the app takes it by renaming it to `ID.taken` |
 * | `ID.status` | the app's side | {@link AppJobStatus} |
 * | `ID.result` | the app's side | what `import --json` printed |
 * | `ID.cancel` | who wants it stopped | nothing |
 * | `log.txt` | the app's side | what the last import printed on stderr |
 * | `built` | setup | what the app was built from; without it an app is not ours |
 * | `allowed` | setup | which build of the app macOS let control Photos |
 * | `notice-seen.json` | setup | whether the person saw a notification of the app |
 *
 * A job is not trusted: another program of the same user may have put it there.
 */
export type JobFile = "job" | "taken" | "status" | "result" | "cancel";

/** Beside the files of jobs. */
export const START_FILE = "start.sh";
export const LOG_FILE = "log.txt";
export const BUILT_FILE = "built";
export const ALLOWED_FILE = "allowed";
export const NOTICE_SEEN_FILE = "notice-seen.json";

const LARGEST_JOB_BYTES = 16 * 1024;
/** A document without its list of files takes a few thousand. */
const LARGEST_RESULT_BYTES = 1 << 20;
const OTHERS = 0o077;

/** Fixed, whatever `ROLLCALL_HOME` says: the app has no settings by which it could find another place. */
export function mailboxFolder({ home }: Pick<SetUpFolders, "home">): string {
  return join(home, "Library", "Application Support", "Rollcall", "app");
}

export function jobFile(folder: string, id: string, file: JobFile): string {
  return join(folder, `${id}.${file}`);
}

/** Puts a job where the app will find it; what nobody waits for any more is cleared. */
export function putJob(folder: string, wish: AppWish): AppJob {
  clearLeftBehind(folder);
  const askedAt = new Date().toISOString();
  const job: AppJob = { job: 1, id: randomUUID(), asker: process.pid, askedAt, ...wish };
  writeSetUpFile({ path: jobFile(folder, job.id, "job"), text: `${JSON.stringify(job)}\n` }, 0o600);
  return job;
}

/** @returns whether it was there still: nobody has taken it, and nobody will */
export function withdrawJob(folder: string, { id }: AppJob): boolean {
  return removeSetUp(jobFile(folder, id, "job"));
}

/** Nothing is left of it. */
export function clearJob(folder: string, id: string): void {
  for (const file of ["job", "taken", "status", "result", "cancel"] as const)
    removeSetUp(jobFile(folder, id, file));
}

/**
 * Takes a job that waits and that somebody still wants: renamed, so that of two takers only one gets it. What is no job
 * of ours, or is open to others, is removed.
 * @returns null where none waits
 */
export function takeJob(folder: string, now: Date): AppJob | null {
  for (const id of idsOf(folder, "job")) {
    const path = jobFile(folder, id, "job");
    const taken = jobFile(folder, id, "taken");
    try {
      renameSync(path, taken);
    } catch (error) {
      // Another taker was first; or a folder stands in the way, for which no other job is to wait.
      if (!hasErrno(error, "ENOENT")) clearJob(folder, id);
      continue;
    }
    const job = readJob(json(taken));
    if (job !== null && job.id === id && isWanted(job, now)) return job;
    clearJob(folder, id);
  }
  return null;
}

/** The `ask` that was taken and has no end yet. */
export function askUnderWay(folder: string): AppJob | null {
  for (const id of idsOf(folder, "taken")) {
    const job = readJob(json(jobFile(folder, id, "taken")));
    if (job?.want === "ask" && statusOf(folder, job) === null) return job;
  }
  return null;
}

/** The job of this name that was taken; null where there is none. */
export function takenJob(folder: string, id: string): AppJob | null {
  if (!JOB_ID.test(id)) return null;
  const job = readJob(json(jobFile(folder, id, "taken")));
  return job?.id === id ? job : null;
}

/** Whether an import is at work inside the app. */
export function isImportUnderWay(folder: string): boolean {
  return idsOf(folder, "status").some((id) => {
    const status = readStatus(json(jobFile(folder, id, "status")));
    return isTaken(folder, { id }) && status?.state === "started" && isAlive(status.pid);
  });
}

export function isTaken(folder: string, { id }: Pick<AppJob, "id">): boolean {
  return isThere(jobFile(folder, id, "taken"));
}

export function putStatus(folder: string, status: AppJobStatus): void {
  const path = jobFile(folder, status.job, "status");
  writeSetUpFile({ path, text: `${JSON.stringify(status)}\n` }, 0o600);
}

/** Null where nothing is known of it yet. */
export function statusOf(folder: string, { id }: AppJob): AppJobStatus | null {
  const status = readStatus(json(jobFile(folder, id, "status")));
  return status?.job === id ? status : null;
}

/** What an import printed; empty where nothing of ours is there. */
export function resultOf(folder: string, { id }: AppJob): string {
  const path = jobFile(folder, id, "result");
  return isPrivateFile(path, LARGEST_RESULT_BYTES) ? (textOf(path) ?? "") : "";
}

export function putCancel(folder: string, { id }: Pick<AppJob, "id">): void {
  writeSetUpFile({ path: jobFile(folder, id, "cancel"), text: "" }, 0o600);
}

export function isCancelled(folder: string, { id }: AppJob): boolean {
  return isThere(jobFile(folder, id, "cancel"));
}

/** Of one whose asker died: not while the app is still at it. */
function clearLeftBehind(folder: string): void {
  const files = ["job", "taken", "status", "result", "cancel"] as const;
  const ids = new Set(files.flatMap((file) => idsOf(folder, file)));
  for (const id of ids) {
    const job = readJob(json(jobFile(folder, id, "job")) ?? json(jobFile(folder, id, "taken")));
    if (job !== null && isAlive(job.asker)) continue;
    const status = readStatus(json(jobFile(folder, id, "status")));
    if (status?.state !== "started" || !isAlive(status.pid)) clearJob(folder, id);
  }
}

/** The oldest first. */
function idsOf(folder: string, file: JobFile): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
  const madeMs = (id: string) =>
    lstatSync(jobFile(folder, id, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return names
    .filter((name) => name.endsWith(`.${file}`))
    .map((name) => name.slice(0, -file.length - 1))
    .filter((id) => JOB_ID.test(id))
    .sort((a, b) => madeMs(a) - madeMs(b));
}

/** This user's own, closed to others, and no larger than that: a pipe or a device would be read for ever. */
function isPrivateFile(path: string, largestBytes: number): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size > largestBytes) return false;
  return stats.uid === process.getuid?.() && (stats.mode & OTHERS) === 0;
}

/** Null also for what is none of our files. */
function json(path: string): unknown {
  try {
    if (!isPrivateFile(path, LARGEST_JOB_BYTES)) return null;
    return JSON.parse(textOf(path) ?? "null");
  } catch {
    return null;
  }
}
