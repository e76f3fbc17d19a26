import { type Clock, systemClock } from "../../clock.js";
import { stopped } from "../../errors.js";
import { type ProgramEnd, type RunProgram, succeeded, whyNot } from "../run-program.js";
import type { SetUpFolders } from "../set-up-files.js";
import type { UnattendedImport } from "../unattended-import.js";
import { appPath } from "./app-identity.js";
import { type AppJob, type AppRequest, isAlive } from "./app-job.js";
import {
  clearJob,
  isOpening,
  isTaken,
  mailboxFolder,
  putCancel,
  putJob,
  resultOf,
  statusOf,
  withdrawJob,
  withdrawOpening,
} from "./mailbox.js";

/** How a job inside Rollcall.app ended. */
export type AppJobEnd =
  | {
      readonly kind: "ended";
      readonly exitStatus: number | null;
      readonly errorNumber: number | null;
      /** What an import printed: its receipt as JSON, or its error. Empty otherwise. */
      readonly document: string;
    }
  /** The app could not be opened, or did not get to the end of its work; one sentence. */
  | { readonly kind: "no-answer"; readonly why: string };

export interface RunInAppDeps {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  /** Measures how long the app takes; the system's where it is absent. */
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

const BETWEEN_LOOKS_MS = 500;
/** From asking until the app has begun. One that has not by then hangs, or macOS asks about it. */
const BEGINNING_MS = 60_000;
/** Between the end of what the app started and the note of it. */
const NOTING_MS = 10_000;
/** How long a copy of the app is waited for whose job another copy has done. */
const COMING_MS = 5_000;
/** A person has to find the prompt, read it and press a button. */
const ASKING_MS = 180_000;
const SHOWING_MS = 20_000;

/**
 * One import inside Rollcall.app, in the background, so that macOS judges it as that app. Ends when the import has ended.
 * When the signal aborts, the import is asked to stop at its next safe point, and its end is waited for.
 */
export async function importInApp(wanted: UnattendedImport, parts: RunInAppDeps): Promise<AppJobEnd> {
  const { folders, signal } = parts;
  if (signal?.aborted) throw stopped(signal);
  const folder = mailboxFolder(folders);
  const job = putJob(folder, { want: "import", ...wanted });
  const cancel = () => putCancel(folder, job);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    // A stop is asked for by file: the app is another process's child.
    return await inApp(job, { ...parts, signal: undefined }, { isInFront: false, deadlineMs: null });
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/**
 * Has Rollcall.app send Photos one harmless event, in front, so that macOS asks the person whether it may. Photos is
 * started by that.
 * @throws RollcallError STOPPED
 */
export async function askForPhotos(parts: RunInAppDeps): Promise<AppJobEnd> {
  const job = putJob(mailboxFolder(parts.folders), { want: "ask" });
  return await inApp(job, parts, { isInFront: true, deadlineMs: ASKING_MS });
}

/**
 * Has Rollcall.app touch the open library, so that macOS asks the person whether it may read it.
 * @returns its end; the exit status is 0 where it may
 * @throws RollcallError STOPPED
 */
export async function askForLibrary(parts: RunInAppDeps): Promise<AppJobEnd> {
  const job = putJob(mailboxFolder(parts.folders), { want: "touch" });
  return await inApp(job, parts, { isInFront: true, deadlineMs: ASKING_MS });
}

/**
 * Has Rollcall.app show a notification: it is its own then, with a row of its own in System Settings.
 * @returns whether the app took it; not whether anybody saw it
 * @throws RollcallError STOPPED
 */
export async function showInApp(
  notice: Omit<Extract<AppRequest, { want: "show" }>, "want">,
  parts: RunInAppDeps,
): Promise<boolean> {
  const job = putJob(mailboxFolder(parts.folders), { want: "show", ...notice });
  const end = await inApp(job, parts, { isInFront: false, deadlineMs: SHOWING_MS });
  return end.kind === "ended";
}

/** Opens the app, and waits for the end of the job: what the app's side notes counts, not how long `open` takes. */
async function inApp(
  job: AppJob,
  { run, folders, clock = systemClock, signal }: RunInAppDeps,
  { isInFront, deadlineMs }: { readonly isInFront: boolean; readonly deadlineMs: number | null },
): Promise<AppJobEnd> {
  const folder = mailboxFolder(folders);
  const ending = new AbortController();
  const onAbort = () => ending.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  // -g: in the background; -n: a new one, since one that is open would not begin again; -W: until it ends.
  const how = [...(isInFront ? [] : ["-g"]), "-n", "-W"];
  let opened: ProgramEnd | null = null;
  const opening = run("open", [...how, appPath(folders)], { deadlineMs: null, signal: ending.signal })
    .then((end) => {
      opened = end;
    })
    .catch(() => {}); // ended by us
  const pause = () => {
    const passed = clock.wait(BETWEEN_LOOKS_MS, ending.signal).catch(() => {});
    return opened === null ? Promise.race([opening, passed]) : passed;
  };
  /** One that began only after its note was withdrawn would take itself for opened by a person. */
  const untilBegun = async () => {
    const lastMs = clock.now().getTime() + COMING_MS;
    while (
      isOpening(folder, job) &&
      opened === null &&
      clock.now().getTime() < lastMs &&
      !ending.signal.aborted
    )
      await pause();
  };
  try {
    const waiting = new JobWatch(folder, job, deadlineMs);
    for (;;) {
      if (signal?.aborted) throw stopped(signal);
      const end = waiting.look(clock.now().getTime(), opened);
      if (end?.kind === "ended") await untilBegun();
      if (end !== null) return end;
      await pause();
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    ending.abort(new Error("the job has ended"));
    withdrawOpening(folder, job);
    clearJob(folder, job.id);
  }
}

/** What is known of one job, look by look. */
class JobWatch {
  readonly #folder: string;
  readonly #job: AppJob;
  readonly #deadlineMs: number | null;
  #begunMs: number | null = null;
  #quietSinceMs: number | null = null;

  constructor(folder: string, job: AppJob, deadlineMs: number | null) {
    this.#folder = folder;
    this.#job = job;
    this.#deadlineMs = deadlineMs;
  }

  /** @returns null while there is something to wait for */
  look(nowMs: number, opened: ProgramEnd | null): AppJobEnd | null {
    this.#begunMs ??= nowMs;
    const elapsedMs = nowMs - this.#begunMs;
    const status = statusOf(this.#folder, this.#job);
    if (status?.state === "ended") {
      const { exitStatus, errorNumber } = status;
      const document = resultOf(this.#folder, this.#job);
      return { kind: "ended", exitStatus, errorNumber, document };
    }
    if (this.#deadlineMs !== null && elapsedMs >= this.#deadlineMs)
      return noAnswer(`Rollcall.app did not answer within ${seconds(this.#deadlineMs)}.`);
    if (!isTaken(this.#folder, this.#job)) return this.#untaken(elapsedMs, opened);
    const isAtWork = status === null ? this.#mayBegin(elapsedMs, opened) : isAlive(status.pid);
    if (isAtWork) {
      this.#quietSinceMs = null;
      return null;
    }
    this.#quietSinceMs ??= nowMs;
    if (nowMs - this.#quietSinceMs < NOTING_MS) return null;
    return noAnswer(
      status === null
        ? "Rollcall.app took the job and did not begin it."
        : "Rollcall.app ended before its work did.",
    );
  }

  /** Only what runs Rollcall notes that it has begun. */
  #mayBegin(elapsedMs: number, opened: ProgramEnd | null): boolean {
    const isNoted = this.#job.want === "import" || this.#job.want === "touch";
    return opened === null && (!isNoted || elapsedMs < 2 * BEGINNING_MS);
  }

  #untaken(elapsedMs: number, opened: ProgramEnd | null): AppJobEnd | null {
    if (opened === null && elapsedMs < BEGINNING_MS) return null;
    // Between the look and this it may have been taken, and is looked at again then.
    if (!withdrawJob(this.#folder, this.#job)) return null;
    if (opened !== null && !succeeded(opened)) return noAnswer(whyNot("open", opened));
    return noAnswer(
      opened === null
        ? `Rollcall.app did not begin within ${seconds(BEGINNING_MS)}: look whether macOS asks something about it.`
        : "Rollcall.app did not take the job.",
    );
  }
}

function noAnswer(why: string): AppJobEnd {
  return { kind: "no-answer", why };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
