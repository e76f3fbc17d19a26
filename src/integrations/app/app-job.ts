import type { UnattendedImport } from "../unattended-import.js";

/** What Rollcall.app is asked to do; data alone, from which the app's side makes its own command. */
export type AppRequest =
  /** It asks macOS for the right to control Photos. */
  | { readonly want: "ask" }
  /** It touches the open library, so that macOS asks whether it may read it. */
  | { readonly want: "touch" }
  | ({ readonly want: "import" } & UnattendedImport)
  /** It shows a notification, which is its own then. */
  | { readonly want: "show"; readonly title: string; readonly body: string };

export type AppJob = AppRequest & {
  readonly job: 1;
  /** Lower-case UUID; also the name of its files. */
  readonly id: string;
  /** The process that waits for its end: without it nobody wants it any more. */
  readonly asker: number;
  readonly askedAt: string;
};

export type AppJobStatus =
  | { readonly job: string; readonly state: "started"; readonly pid: number; readonly startedAt: string }
  | {
      readonly job: string;
      readonly state: "ended";
      /** Of the import, or of `touch`; null where a signal ended it, or it could not be started. */
      readonly exitStatus: number | null;
      /** Of `ask`: 0, or the number of the Apple event error; null otherwise. */
      readonly errorNumber: number | null;
      readonly endedAt: string;
    };

export const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UDID = /^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/;
const LONGEST_WAIT_SECONDS = 600;
const LONGEST_TEXT = 1000;
/** An app that starts takes seconds; what is older was left behind. */
const FRESH_MS = 10 * 60_000;
const KEYS: Readonly<Record<AppRequest["want"], readonly string[]>> = {
  ask: [],
  touch: [],
  import: ["phone", "waitSeconds"],
  show: ["title", "body"],
};
const KEYS_OF_ALL = ["job", "id", "asker", "askedAt", "want"];

/**
 * A job as a file gives it: exactly our own keys, each of its kind and in its bounds.
 * @returns null where it is anything else
 */
export function readJob(value: unknown): AppJob | null {
  if (typeof value !== "object" || value === null) return null;
  const job = value as Record<string, unknown>;
  const { want, id, asker, askedAt, phone, waitSeconds, title, body } = job;
  if (want !== "ask" && want !== "touch" && want !== "import" && want !== "show") return null;
  const keys = [...KEYS_OF_ALL, ...KEYS[want]];
  if (Object.keys(job).length !== keys.length || !keys.every((key) => Object.hasOwn(job, key))) return null;
  const isWhole =
    job.job === 1 &&
    typeof id === "string" &&
    JOB_ID.test(id) &&
    isBetween(asker, 1, Number.MAX_SAFE_INTEGER) &&
    typeof askedAt === "string" &&
    !Number.isNaN(Date.parse(askedAt));
  if (!isWhole) return null;
  const isRequest = {
    ask: () => true,
    touch: () => true,
    import: () =>
      typeof phone === "string" && UDID.test(phone) && isBetween(waitSeconds, 0, LONGEST_WAIT_SECONDS),
    show: () => isText(title) && isText(body),
  }[want]();
  return isRequest ? (value as AppJob) : null;
}

/** @returns null where it is no status of ours */
export function readStatus(value: unknown): AppJobStatus | null {
  if (typeof value !== "object" || value === null) return null;
  const { job, state, pid, exitStatus, errorNumber } = value as Record<string, unknown>;
  if (typeof job !== "string") return null;
  const isStarted = state === "started" && isBetween(pid, 1, Number.MAX_SAFE_INTEGER);
  const isEnded = state === "ended" && isNumberOrNull(exitStatus) && isNumberOrNull(errorNumber);
  return isStarted || isEnded ? (value as AppJobStatus) : null;
}

/** Whether somebody still waits for it. */
export function isWanted({ asker, askedAt }: AppJob, now: Date): boolean {
  return Math.abs(now.getTime() - Date.parse(askedAt)) < FRESH_MS && isAlive(asker);
}

/** Whether a process of this user has this number; a number may have been given again. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // asks only whether it is there
    return true;
  } catch {
    return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length <= LONGEST_TEXT;
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || Number.isSafeInteger(value);
}
