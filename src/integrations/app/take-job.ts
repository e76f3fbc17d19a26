import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { ASK_LIBRARY, unattendedImportWords } from "../unattended-import.js";
import type { AppJob } from "./app-job.js";
import { askUnderWay, isCancelled, jobFile, LOG_FILE, putStatus, takeJob } from "./mailbox.js";

/**
 * What runs inside Rollcall.app, started by its `start.sh`: takes the job that waits and does it, or writes down what
 * the app was told.
 *
 * Arguments: the folder of the jobs, the program, and after an `ask` the word `asked` with the error number. Its stdout
 * is read by the app: "ask", "show" with a title and a body as JSON, or nothing.
 */
const BETWEEN_LOOKS_MS = 500;

const [folder = "", program = "", word, errorNumber = ""] = process.argv.slice(2);
if (!isAbsolute(folder) || !isAbsolute(program)) process.exit(2);

if (word === "asked") {
  const job = askUnderWay(folder);
  if (job !== null && /^-?\d{1,9}$/.test(errorNumber)) putEnd(job, { errorNumber: Number(errorNumber) });
} else {
  let job = takeJob(folder, new Date());
  // Copies of the app cannot be told apart: one that was opened for a notice may get the import. Whoever is done with
  // that takes what still waits.
  for (; job?.want === "import" || job?.want === "touch"; job = takeJob(folder, new Date()))
    putEnd(job, { exitStatus: await runRollcall(job) });
  if (job?.want === "ask") writeSync(1, "ask");
  if (job?.want === "show") {
    writeSync(1, `show ${ascii({ title: job.title, body: job.body })}`);
    putEnd(job, {});
  }
}

/** @returns its exit status; null where a signal ended it, or it could not be started */
async function runRollcall(job: Extract<AppJob, { want: "import" | "touch" }>): Promise<number | null> {
  const words = job.want === "import" ? unattendedImportWords(job) : [ASK_LIBRARY];
  const stdout = openSync(jobFile(folder, job.id, "result"), "w", 0o600);
  const stderr = openSync(join(folder, LOG_FILE), "w", 0o600);
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
