import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, writeSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { openOwnFile } from "../../owned-file.js";
import { STARTED_FROM_VARIABLE } from "../started-from.js";
import { ASK_LIBRARY, unattendedImportWords } from "../unattended-import.js";
import { type AppJob, isAlive, JOB_ID } from "./app-job.js";
import {
  askUnderWay,
  clearJob,
  isCancelled,
  isTaken,
  jobFile,
  LOG_FILE,
  putCancel,
  putPage,
  putStatus,
  resultOf,
  statusOf,
  takeJob,
  takenJob,
  takeOpening,
} from "./mailbox.js";

/**
 * What runs inside Rollcall.app, started by its `start.sh`: takes the job that waits and has it done, or writes down what
 * the app was told. Its stdout is the reply that the app goes by (applet.ts).
 *
 * Arguments: the folder of the jobs, the program, and
 *
 * | words | from | does |
 * |---|---|---|
 * | `opened` | the app, when it begins | as `next`; where no job waits, and it was opened for none, a person opened it: opens the page |
 * | `reopened ID PID ...` | the app, opened again by a person | opens the page |
 * | `next` | the app | takes the next job; an import, or a touch of the library, is started as a process of its own |
 * | `poll ID PID ...` | the app | "poll" again while one of these is under way, else as `next`; what hindered the page is told |
 * | `quit ID PID ...` | the app, before it quits | asks them to stop |
 * | `asked NUMBER`, maybe `next` | the app | notes what Photos answered |
 * | `run ID` | this program | does the import |
 * | `page ID` | this program | runs `rollcall gui`, which opens the page, or that of one that runs already |
 * | none | an app of an earlier Rollcall, which waits for the end | takes the next job; the end of this is the end of the import |
 */
const BETWEEN_LOOKS_MS = 500;
const BETWEEN_POLLS_SECONDS = 5;
const LONGEST_TOLD = 800;

type ProgramJob = Extract<AppJob, { want: "import" | "touch" }>;

const [folder = "", program = "", word, ...more] = process.argv.slice(2);
if (!isAbsolute(folder) || !isAbsolute(program)) process.exit(2);

switch (word) {
  case "opened":
    reply(opened());
    break;
  case "reopened":
    reply(openPage(pairsIn(more)));
    break;
  case "next":
    reply(next());
    break;
  case "poll":
    reply(poll(pairsIn(more)));
    break;
  case "quit":
    for (const [id] of pairsIn(more).filter(isUnderWay)) putCancel(folder, { id });
    break;
  case "asked":
    noteAsked(more[0] ?? "");
    if (more[1] === "next") reply(next());
    break;
  case "run":
    await runTaken(more[0] ?? "");
    break;
  case "page":
    await runPage(more[0] ?? "");
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

function startProgram(job: ProgramJob): string {
  const pid = startMyself("run", job.id);
  if (pid !== null) return pollAgain([[job.id, pid]]);
  putEnd(job, {});
  return "";
}

function opened(): string {
  const isExpected = takeOpening(folder, new Date());
  const job = next();
  return job !== "" || isExpected ? job : openPage([]);
}

/** @param others what the app waits for already */
function openPage(others: readonly Pair[]): string {
  const id = randomUUID();
  const pid = startMyself("page", id);
  if (pid === null) return others.length > 0 ? pollAgain(others) : told("");
  putPage(folder, id, pid);
  return pollAgain([...others, [id, pid]]);
}

/** A process of its own, which the app need not wait for and which goes on without it. @returns its number */
function startMyself(word: "run" | "page", id: string): number | null {
  const child = spawn(process.execPath, [process.argv[1] ?? "", folder, program, word, id], {
    detached: true,
    stdio: "ignore",
  });
  child.once("error", () => {});
  child.unref();
  return child.pid ?? null;
}

/** What the app waits for: the name of a job, and the process that does it. */
type Pair = readonly [id: string, pid: number];

/** Anything else among the words is passed over. */
function pairsIn(words: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [id = "", pid = ""] = words.slice(at, at + 2);
    if (JOB_ID.test(id) && /^[1-9]\d{0,9}$/.test(pid)) pairs.push([id, Number(pid)]);
  }
  return pairs;
}

function pollAgain(pairs: readonly Pair[]): string {
  return `poll ${BETWEEN_POLLS_SECONDS} ${pairs.flat().join(" ")}`;
}

/** A page that could not be opened is told once nothing else is under way, since the app waits for nothing in its window. */
function poll(pairs: readonly Pair[]): string {
  if (pairs.some(isUnderWay)) return pollAgain(pairs);
  for (const [id] of pairs) {
    const isPage = takenJob(folder, id) === null && isTaken(folder, { id });
    if (!isPage) continue;
    const trouble = resultOf(folder, { id });
    const status = statusOf(folder, { id });
    clearJob(folder, id);
    if (status?.state === "ended") return told(trouble);
  }
  return next();
}

/** Also whether anybody waits for it: a process number may have been given again. */
function isUnderWay([id, pid]: Pair): boolean {
  return isTaken(folder, { id }) && isAlive(pid);
}

/** @param trouble what `rollcall gui` printed on stderr */
function told(trouble: string): string {
  const body = trouble.replaceAll(/^(?:error|why|do): +/gm, "").trim() || "No reason is known.";
  return `tell ${ascii({ title: "Rollcall could not open its page.", body: body.slice(0, LONGEST_TOLD) })}`;
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

/** Its files stay only where the page could not be opened, for the app to ask why. */
async function runPage(id: string): Promise<void> {
  if (!JOB_ID.test(id)) return;
  // What a person opens is no run of the agent's, whose start file this is.
  const { [STARTED_FROM_VARIABLE]: _, ...env } = process.env;
  const stderr = openOwnFile(jobFile(folder, id, "result"), "empty");
  const child = spawn(process.execPath, [program, "gui"], { env, stdio: ["ignore", "ignore", stderr] });
  closeSync(stderr);
  const status = await endOf(child, { id });
  if (status === 0 || status === null || isCancelled(folder, { id })) clearJob(folder, id);
  else putEnd({ id }, { exitStatus: status });
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
  if (child.pid !== undefined) {
    putStatus(folder, { job: job.id, state: "started", pid: child.pid, startedAt: new Date().toISOString() });
  }
  return await endOf(child, job);
}

/** Passes a wish to stop on to it. @returns as runRollcall */
async function endOf(child: ChildProcess, job: Pick<AppJob, "id">): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (status) => resolve(status));
  });
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

function putEnd({ id }: Pick<AppJob, "id">, end: { exitStatus?: number | null; errorNumber?: number }): void {
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
