import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type AppJob, isCancelled, MAILBOX, putStatus, takeJob, takenJob } from "./mailbox.js";

/**
 * What runs inside Rollcall.app, started by its `start.sh`: takes the job that waits and does it, or writes down what
 * the app was told.
 *
 * Arguments: the folder of the jobs, the program, and after an `ask` the word `asked` with the error number. Its stdout
 * is read by the app: "ask", or nothing.
 */
const BETWEEN_LOOKS_MS = 500;

const [folder = "", program = "", word, errorNumber] = process.argv.slice(2);

if (word === "asked") {
  const job = takenJob(folder);
  if (job !== null) putEnd(job, { exitStatus: null, errorNumber: Number(errorNumber) });
} else {
  const job = takeJob(folder);
  if (job?.want === "ask") writeSync(1, "ask");
  if (job?.want === "import") putEnd(job, { exitStatus: await runImport(job), errorNumber: null });
}

/** @returns its exit status; null where a signal ended it, or it could not be started */
async function runImport(job: AppJob): Promise<number | null> {
  const stdout = openSync(join(folder, MAILBOX.result), "w", 0o600);
  const stderr = openSync(join(folder, MAILBOX.log), "w", 0o600);
  const args = [program, "import", ...job.arguments, "--json", "--no-input"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", stdout, stderr] });
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

function putEnd(job: AppJob, end: { exitStatus: number | null; errorNumber: number | null }): void {
  putStatus(folder, { job: job.id, state: "ended", ...end, endedAt: new Date().toISOString() });
}
