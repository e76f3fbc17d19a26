import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stopped } from "../../../errors.js";
import type { ArrivalEnd, KnownPhone } from "../../../run/import-when-phone-arrives.js";
import type { Settings } from "../../process/settings.js";

/** The phone was ready a moment ago; longer than that it is for the watch to wait. */
const WAIT_SECONDS = 20;
/** A stop is asked for, and waited for no longer: the import ends by itself at its next safe point. */
const STOPPING_MS = 1_000;
const LARGEST_DOCUMENT_BYTES = 1 << 20;

export type StartImport = (phone: KnownPhone, signal: AbortSignal) => Promise<ArrivalEnd>;

/**
 * Imports in a child process of the same program: what an import loads and fills is gone with it, and the watch stays
 * small for weeks.
 */
export function importInChild(): StartImport {
  const main = fileURLToPath(new URL("../../../main.js", import.meta.url));
  return async (phone, signal) => {
    if (signal.aborted) throw stopped(signal);
    const { unattendedImportWords } = await import("../../../integrations/unattended-import.js");
    const args = [main, ...unattendedImportWords({ phone: phone.udid, waitSeconds: WAIT_SECONDS })];
    // In a group of its own: Ctrl-C in the terminal reaches it through the watch, once, and not twice.
    const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      if (text.length < LARGEST_DOCUMENT_BYTES) text += piece;
    });
    const ended = new Promise<number | null>((resolve) => {
      child.once("error", () => resolve(null));
      child.once("close", (status) => resolve(status));
    });
    const end = await endOrStopped(ended, signal, () => child.kill("SIGTERM"));
    if (end === STOPPED) {
      child.stdout.destroy();
      child.unref();
      throw stopped(signal);
    }
    return arrivalEnd(end, text);
  };
}

/** Imports through Rollcall.app, whose right it is to control Photos, by its job files. */
export function importThroughApp(settings: Settings): StartImport {
  return async (phone, signal) => {
    const { importInApp } = await import("../../../integrations/app/run-in-app.js");
    const { requireMacPrograms, setUpFolders } = await import("../../compose/mac-programs.js");
    const run = requireMacPrograms(settings, "rollcall watch");
    const { PERMIT_APP } = await import("../../../integrations/app/photos-right.js");
    const parts = { run, folders: setUpFolders(settings), signal };
    const wanted = { phone: phone.udid, waitSeconds: WAIT_SECONDS };
    const end = await endOrStopped(importInApp(wanted, parts), signal, () => {});
    if (end === STOPPED) throw stopped(signal);
    if (end.kind === "ended") {
      const arrived = arrivalEnd(end.exitStatus, end.document);
      // The import does not know that the app runs it, and names a terminal.
      const isRefused = arrived.kind === "trouble" && arrived.code === "PHOTOS_NOT_PERMITTED";
      return isRefused ? { ...arrived, remedy: PERMIT_APP } : arrived;
    }
    return {
      kind: "trouble",
      code: "APP_NO_ANSWER",
      message: end.why,
      remedy: "Run rollcall setup agent again. rollcall import in a terminal works without the app.",
    };
  };
}

const STOPPED = Symbol("stopped");

async function endOrStopped<End>(
  ended: Promise<End>,
  signal: AbortSignal,
  ask: () => void,
): Promise<End | typeof STOPPED> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const stopping = new Promise<typeof STOPPED>((resolve) => {
    onAbort = () => {
      ask();
      timer = setTimeout(() => resolve(STOPPED), STOPPING_MS);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    const end = await Promise.race([ended, stopping]);
    return signal.aborted ? STOPPED : end;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * What the document of an import says.
 * @param status null where a signal ended it
 */
export function arrivalEnd(status: number | null, text: string): ArrivalEnd {
  const { summary, remedy, error, newItems } = briefDocument(text);
  if (error !== null) return { kind: "trouble", ...error };
  if (summary === null || status === null) {
    return {
      kind: "trouble",
      code: "NO_DOCUMENT",
      message:
        status === null
          ? "The import was ended from outside."
          : `The import ended with status ${status} and did not say why.`,
      remedy: "Run rollcall import in a terminal: it says more, and resumes where this one stopped.",
    };
  }
  if (status !== 0) return { kind: "trouble", code: "WRONG_ANSWERS", message: summary, remedy };
  return { kind: "done", summary, newItems };
}

interface BriefDocument {
  readonly summary: string | null;
  readonly remedy: string;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  readonly newItems: number;
}

/** What of it is as it ought to be: through the app it comes by a file, in which there may be anything. */
function briefDocument(text: string): BriefDocument {
  const { summary, remedy, error, totals } = fieldsOf(json(text));
  const { code, message, remedy: remedyOfError } = fieldsOf(error);
  const { items } = fieldsOf(fieldsOf(totals).thisRun);
  return {
    summary: typeof summary === "string" ? summary : null,
    remedy: typeof remedy === "string" ? remedy : "",
    error:
      typeof code === "string" && typeof message === "string"
        ? { code, message, remedy: typeof remedyOfError === "string" ? remedyOfError : "" }
        : null,
    newItems: typeof items === "number" ? items : 0,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
