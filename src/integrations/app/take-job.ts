import { spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { openOwnFile } from "../../owned-file.js";
import { ASK_LIBRARY, unattendedImportWords } from "../unattended-import.js";
import { type AppJob, isAlive, JOB_ID } from "./app-job.js";
import {
  askUnderWay,
  isCancelled,
  isTaken,
  jobFile,
  LOG_FILE,
  putCancel,
  putStatus,
  takeJob,
  takenJob,
} from "./mailbox.js";

/**
 * What runs inside Rollcall.app, started by its `start.sh`: takes the job that waits and has it done, or writes down what
 * the app was told. Its stdout is the reply that the app goes by (applet.ts).
 *
 * Arguments: the folder of the jobs, the program, and
 *
 * | words | from | does |
 * |---|---|---|
 * | `next` | the app | takes the next job; an import, or a touch of the library, is started as a process of its own |
 * | `poll ID PID` | the app | "poll" again while that import is under way, else as `next` |
 * | `quit ID PID` | the app, before it quits | asks the import to stop |
 * | `asked NUMBER`, maybe `next` | the app | notes what Photos answered |
 * | `run ID` | this program | does the import |
 * | none | an app of an earlier Rollcall, which waits for the end | takes the next job; the end of this is the end of the import |
 */
const BETWEEN_LOOKS_MS = 500;
const BETWEEN_POLLS_SECONDS = 5;

type ProgramJob = Extract<AppJob, { want: "import" | "touch" }>;

const [folder = "", program = "", word, ...more] = process.argv.slice(2);
if (!isAbsolute(folder) || !isAbsolute(program)) process.exit(2);

switch (word) {
  case "next":
    reply(next());
    break;
  case "poll":
    reply(isUnderWay(more) ? pollAgain(more) : next());
    break;
  case "quit":
    if (JOB_ID.test(more[0] ?? "")) putCancel(folder, { id: more[0]! });
    break;
  case "asked":
    noteAsked(more[0] ?? "");
    if (more[1] === "next") reply(next());
    break;
  case "run":
    await runTaken(more[0] ?? "");
    break;
  default:
    await untilNoImportWaits();
}

/** What the app is to do about the job that has waited longest; nothing where none waits. */
function next(): string {
  const job = takeJob(folder, new Date());
  if (job === null) return "";
  return isOfProgram(job) ? startProgram(job) : answerTo(job);
}

function answerTo(job: Exclude<AppJob, ProgramJob>): string {
  if (job.want === "ask") return "ask";
  putEnd(job, {});
  return `show ${ascii({ title: job.title, body: job.body })}`;
}

/** A process of its own, which the app need not wait for and which goes on without it. */
function startProgram(job: ProgramJob): string {
  const child = spawn(process.execPath, [process.argv[1] ?? "", folder, program, "run", job.id], {
    detached: true,
    stdio: "ignore",
  });
  child.once("error", () => {});
  child.unref();
  if (child.pid !== undefined) return pollAgain([job.id, String(child.pid)]);
  putEnd(job, {});
  return "";
}

function pollAgain([id = "", pid = ""]: readonly string[]): string {
  return `poll ${BETWEEN_POLLS_SECONDS} ${id} ${pid}`;
}

/** Also whether anybody waits for it: a process number may have been given again. */
function isUnderWay([id = "", pid = ""]: readonly string[]): boolean {
  return JOB_ID.test(id) && /^[1-9]\d{0,9}$/.test(pid) && isTaken(folder, { id }) && isAlive(Number(pid));
}

function noteAsked(errorNumber: string): void {
  const job = askUnderWay(folder);
  if (job !== null && /^-?\d{1,9}$/.test(errorNumber)) putEnd(job, { errorNumber: Number(errorNumber) });
}

/** What is taken no more is wanted no more. */
async function runTaken(id: string): Promise<void> {
  const job = takenJob(folder, id);
  if (job !== null && isOfProgram(job)) putEnd(job, { exitStatus: await runRollcall(job) });
}

/**
 * As an app of an earlier Rollcall knows it. Copies of the app cannot be told apart: one that was opened for a notice
 * may get the import. Whoever is done with that takes what still waits.
 */
async function untilNoImportWaits(): Promise<void> {
  let job = takeJob(folder, new Date());
  for (; job !== null && isOfProgram(job); job = takeJob(folder, new Date()))
    putEnd(job, { exitStatus: await runRollcall(job) });
  if (job !== null) reply(answerTo(job));
}

/** Done by the program itself, started by the app so that macOS takes it for the app. */
function isOfProgram(job: AppJob): job is ProgramJob {
  return job.want === "import" || job.want === "touch";
}

function reply(text: string): void {
  if (text !== "") writeSync(1, text);
}

/** @returns its exit status; null where a signal ended it, or it could not be started */
async function runRollcall(job: ProgramJob): Promise<number | null> {
  const words = job.want === "import" ? unattendedImportWords(job) : [ASK_LIBRARY];
  const stdout = openOwnFile(jobFile(folder, job.id, "result"), "empty");
  const stderr = openOwnFile(join(folder, LOG_FILE), "empty");
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ["ignore", stdout, stderr],
  });
  closeSync(stdout);
  closeSync(stderr);
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (status) => resolve(status));
  });
  if (child.pid !== undefined) {
    putStatus(folder, { job: job.id, state: "started", pid: child.pid, startedAt: new Date().toISOString() });
  }
  // A clean stop: what was begun is written down, and the next run goes on.
  const stop = () => void child.kill("SIGTERM");
  const looking = setInterval(() => {
    if (isCancelled(folder, job)) stop();
  }, BETWEEN_LOOKS_MS);
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, stop);
  try {
    return await ended;
  } finally {
    clearInterval(looking);
  }
}

function putEnd({ id }: AppJob, end: { exitStatus?: number | null; errorNumber?: number }): void {
  const { exitStatus = null, errorNumber = null } = end;
  putStatus(folder, { job: id, state: "ended", exitStatus, errorNumber, endedAt: new Date().toISOString() });
}

/** JSON without a byte that the way through the shell could change. */
function ascii(value: object): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
