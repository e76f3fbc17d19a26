import { join } from "node:path";
import { stopped } from "../../errors.js";
import { type ProgramEnd, type RunProgram, succeeded, whyNot } from "../run-program.js";
import { type SetUpFolders, textOf } from "../set-up-files.js";
import { appPath } from "./app-bundle.js";
import { type AppJob, MAILBOX, mailboxFolder, putCancel, putJob, statusOf, withdrawJob } from "./mailbox.js";

/** How a job inside Rollcall.app ended. */
export type AppJobEnd =
  | {
      readonly kind: "ended";
      readonly exitStatus: number | null;
      readonly errorNumber: number | null;
      /** What an import printed: its receipt as JSON, or its error. Empty for `ask`. */
      readonly document: string;
    }
  /** The app could not be opened, or did not get to the end of its work; one sentence. */
  | { readonly kind: "no-answer"; readonly why: string };

export interface RunInAppParts {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One import inside Rollcall.app, in the background, so that macOS judges it as that app. Ends when the import has ended.
 * When the signal aborts, the import is asked to stop at its next safe point, and its end is waited for.
 * @param args of the import, after the word itself; `--json` and `--no-input` are added
 */
export async function importInApp(args: readonly string[], parts: RunInAppParts): Promise<AppJobEnd> {
  const { run, folders, signal } = parts;
  if (signal?.aborted) throw stopped(signal);
  const folder = mailboxFolder(folders);
  const job = putJob(folder, "import", args);
  const cancel = () => putCancel(folder, job);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    // -g: in the background; -n: a new one, since one that is open would not begin again; -W: until it ends.
    const end = await run("open", ["-g", "-n", "-W", appPath(folders)], { deadlineMs: null });
    return endOf(job, folder, end);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** A person has to find the prompt, read it and press a button. */
const ASKING_MS = 180_000;

/**
 * Has Rollcall.app send Photos one harmless event, in front, so that macOS asks the person whether it may. Photos is
 * started by that.
 */
export async function askForPhotos({ run, folders, signal }: RunInAppParts): Promise<AppJobEnd> {
  const folder = mailboxFolder(folders);
  const job = putJob(folder, "ask");
  const end = await run("open", ["-n", "-W", appPath(folders)], { deadlineMs: ASKING_MS, signal });
  return endOf(job, folder, end);
}

function endOf(job: AppJob, folder: string, opened: ProgramEnd): AppJobEnd {
  withdrawJob(folder);
  const status = statusOf(folder, job);
  if (status?.state === "ended") {
    const { exitStatus, errorNumber } = status;
    const document = job.want === "import" ? (textOf(join(folder, MAILBOX.result)) ?? "") : "";
    return { kind: "ended", exitStatus, errorNumber, document };
  }
  if (!succeeded(opened)) return { kind: "no-answer", why: whyNot("open", opened) };
  const why =
    status === null ? "Rollcall.app did not take the job." : "Rollcall.app ended before the import did.";
  return { kind: "no-answer", why };
}
