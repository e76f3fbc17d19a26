import { randomUUID } from "node:crypto";
import { type Dirent, lstatSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasErrno } from "../../errors.js";
import { isPartialName } from "../../owned-file.js";
import {
  adoptFolder,
  claimFolder,
  claimIfAbsent,
  isFolderOf,
  removeFrom,
  removeIfEmpty,
} from "../../owned-folder.js";
import { isThere, type SetUpFolders, textOf, writeSetUpFile } from "../set-up-files.js";
import {
  type AppJob,
  type AppJobStatus,
  type AppRequest,
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
 * | `ID.result` | the app's side | what `import --json` printed, or the page's stderr |
 * | `ID.cancel` | who wants it stopped | nothing |
 * | `ID.opening` | who wants something | nothing; the app is about to be opened for a job, by no person |
 * | `log.txt` | the app's side | what the last import printed on stderr |
 * | `built` | setup | what the app was built from; without it an app is not ours |
 * | `allowed` | setup | which build of the app macOS let control Photos |
 * | `notice-seen.json` | setup | whether the person saw a notification of the app |
 * | `by-itself` | `setup app` | nothing; the app is wanted without the agent, too |
 *
 * The page that a double click opens has the files of a job that was taken, and no job.
 * A job is not trusted: another program of the same user may have put it there.
 */
type JobFile = "job" | "taken" | "status" | "result" | "cancel";

const JOB_FILES = ["job", "taken", "status", "result", "cancel"] as const satisfies readonly JobFile[];

/** Beside the files of jobs. */
export const START_FILE = "start.sh";
export const LOG_FILE = "log.txt";
export const BUILT_FILE = "built";
export const ALLOWED_FILE = "allowed";
export const NOTICE_SEEN_FILE = "notice-seen.json";
export const BY_ITSELF_FILE = "by-itself";
const OTHER_FILES: readonly string[] = [
  START_FILE,
  LOG_FILE,
  BUILT_FILE,
  ALLOWED_FILE,
  NOTICE_SEEN_FILE,
  BY_ITSELF_FILE,
];
const OPENING = ".opening";
/** In which the app is built. */
const WORKSHOP_FOLDER = "building";

const LARGEST_JOB_BYTES = 16 * 1024;
/** A document without its list of files takes a few thousand. */
const LARGEST_RESULT_BYTES = 1 << 20;
/** An app that has not begun by then is waited for no longer. */
const OPENING_MS = 60_000;
const OTHERS = 0o077;

/** Fixed, whatever `ROLLCALL_HOME` says: the app has no settings by which it could find another place. */
export function mailboxFolder({ home }: Pick<SetUpFolders, "home">): string {
  return join(home, "Library", "Application Support", "Rollcall", "app");
}

/** Whether Rollcall gives this name in that folder. */
export function isMailboxEntry(entry: Dirent): boolean {
  const { name } = entry;
  if (entry.isDirectory()) return isWorkshop(entry);
  const isJobFile = JOB_FILES.some(
    (file) => name.endsWith(`.${file}`) && JOB_ID.test(name.slice(0, -file.length - 1)),
  );
  const isOpening = name.endsWith(OPENING) && JOB_ID.test(name.slice(0, -OPENING.length));
  const isOther = OTHER_FILES.includes(name.replace(/\.partial$/, ""));
  return entry.isFile() && (isJobFile || isOpening || isOther || isPartialName(name));
}

/** Makes the folder, or finds that it is Rollcall's. @throws RollcallError FOLDER_NOT_OURS; the system's error */
export function claimMailbox(folders: Pick<SetUpFolders, "home">): void {
  claimIfAbsent(dirname(mailboxFolder(folders)));
  claimFolder(mailboxFolder(folders), isMailboxEntry);
}

/** Makes the folder in which the app is built, or finds that it is Rollcall's. @throws as {@link claimMailbox} */
export function claimWorkshop(folders: Pick<SetUpFolders, "home">): string {
  claimMailbox(folders);
  const folder = mailboxFolder(folders);
  clearWorkshop(folders);
  claimFolder(join(folder, WORKSHOP_FOLDER), isWorkshopEntry);
  return join(folder, WORKSHOP_FOLDER);
}

/** Removes it. */
export function clearWorkshop(folders: Pick<SetUpFolders, "home">): void {
  const folder = mailboxFolder(folders);
  adoptFolder(join(folder, WORKSHOP_FOLDER), isWorkshopEntry); // of an earlier version that was killed
  removeFrom(folder, isWorkshop);
}

function isWorkshop(entry: Dirent): boolean {
  return entry.isDirectory() && entry.name === WORKSHOP_FOLDER && isFolderOf(entry, isWorkshopEntry);
}

function isWorkshopEntry({ name }: Dirent): boolean {
  return /^Rollcall\.(app|js(\.partial)?)$/.test(name) || isPartialName(name);
}

/** @returns the folder, where it is gone; otherwise what was removed from it */
export function removeMailbox(folders: Pick<SetUpFolders, "home">): string[] {
  const folder = mailboxFolder(folders);
  adoptFolder(folder, isMailboxEntry);
  clearWorkshop(folders);
  const removed = removeFrom(folder, isMailboxEntry);
  return removeIfEmpty(folder) ? [folder] : removed;
}

export function jobFile(folder: string, id: string, file: JobFile): string {
  return join(folder, `${id}.${file}`);
}

/** Puts a job where the app will find it; what nobody waits for any more is cleared. */
export function putJob(folder: string, wish: AppRequest): AppJob {
  claimFolder(folder, isMailboxEntry);
  clearLeftBehind(folder);
  const askedAt = new Date().toISOString();
  const job: AppJob = { job: 1, id: randomUUID(), asker: process.pid, askedAt, ...wish };
  // First, so that no copy of the app finds a job of which it cannot know that no person opened it.
  writeSetUpFile({ path: join(folder, `${job.id}${OPENING}`), text: "" }, 0o600);
  writeSetUpFile({ path: jobFile(folder, job.id, "job"), text: `${JSON.stringify(job)}\n` }, 0o600);
  return job;
}

/** @returns whether it was there still: nobody has taken it, and nobody will */
export function withdrawJob(folder: string, { id }: AppJob): boolean {
  return removeFrom(folder, ({ name }) => name === `${id}.job`).length > 0;
}

/** Whether no copy of the app has begun since it was opened for this job, or one that counts for it. */
export function isOpening(folder: string, { id }: AppJob): boolean {
  return isThere(join(folder, `${id}${OPENING}`));
}

/** Nobody waits any more for a copy of the app to begin. */
export function withdrawOpening(folder: string, { id }: AppJob): void {
  removeFrom(folder, ({ name }) => name === `${id}${OPENING}`);
}

/**
 * Whether the copy of the app that begins now was opened for a job. Copies cannot be told apart when they are opened, so
 * they are counted: each takes one of the notes that are there. The notes outlive their jobs, which another copy may
 * have done by now.
 */
export function takeOpening(folder: string, now: Date): boolean {
  const isFresh = (name: string) => {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stats !== undefined && Math.abs(now.getTime() - stats.mtimeMs) < OPENING_MS;
  };
  removeFrom(folder, ({ name }) => name.endsWith(OPENING) && !isFresh(name));
  const notes = readdirSync(folder).filter((name) => name.endsWith(OPENING));
  return notes.some((note) => removeFrom(folder, ({ name }) => name === note).length > 0);
}

/** The page was opened by a process of its own, under a name by which it can be waited for and stopped. */
export function putPage(folder: string, id: string, pid: number): void {
  clearLeftBehind(folder);
  putStatus(folder, { job: id, state: "started", pid, startedAt: new Date().toISOString() });
  writeSetUpFile({ path: jobFile(folder, id, "taken"), text: "" }, 0o600);
}

/** Nothing is left of it. */
export function clearJob(folder: string, id: string): void {
  const names = new Set(JOB_FILES.map((file) => `${id}.${file}`));
  removeFrom(folder, ({ name }) => names.has(name));
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

/** Whether an import, or the page, is at work inside the app. */
export function isAppAtWork(folder: string): boolean {
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
export function statusOf(folder: string, { id }: Pick<AppJob, "id">): AppJobStatus | null {
  const status = readStatus(json(jobFile(folder, id, "status")));
  return status?.job === id ? status : null;
}

/** What an import printed, or a page that could not be opened; empty where nothing of ours is there. */
export function resultOf(folder: string, { id }: Pick<AppJob, "id">): string {
  const path = jobFile(folder, id, "result");
  return isPrivateFile(path, LARGEST_RESULT_BYTES) ? (textOf(path) ?? "") : "";
}

export function putCancel(folder: string, { id }: Pick<AppJob, "id">): void {
  writeSetUpFile({ path: jobFile(folder, id, "cancel"), text: "" }, 0o600);
}

export function isCancelled(folder: string, { id }: Pick<AppJob, "id">): boolean {
  return isThere(jobFile(folder, id, "cancel"));
}

/** Of one whose asker died: not while the app is still at it. */
function clearLeftBehind(folder: string): void {
  const ids = new Set(JOB_FILES.flatMap((file) => idsOf(folder, file)));
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
    if (hasErrno(error, "ENOENT", "ENOTDIR")) return [];
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
