import { type Clock, systemClock } from "../clock.js";
import { hasErrno, stopped } from "../errors.js";
import type { MacProgram, MacProgramPaths } from "./mac-programs.js";

/** How one program of macOS ended. None of these is an exception: each is foreseen by who asked. */
export type ProgramEnd =
  | { readonly kind: "ended"; readonly status: number; readonly stdout: string; readonly stderr: string }
  /** Not there, or not to be executed. */
  | { readonly kind: "absent" }
  /** Its deadline passed; it was killed with everything that it started. */
  | { readonly kind: "too-slow"; readonly deadlineMs: number }
  /** Ended by a signal that was not ours: macOS kills what it will not run. */
  | { readonly kind: "killed"; readonly signal: string };

interface RunProgramOptions {
  /** Bounds the wait and kills the child. Null: as long as it takes. */
  readonly deadlineMs?: number | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one program of macOS, with nothing on its stdin, and waits for its end.
 * @throws RollcallError STOPPED when the signal aborts; the child is killed then
 */
export type RunProgram = (
  program: MacProgram,
  args: readonly string[],
  options?: RunProgramOptions,
) => Promise<ProgramEnd>;

interface ProgramRunnerDeps {
  readonly programs: MacProgramPaths;
  /** Measures deadlines. */
  readonly clock?: Clock;
}

const USUAL_DEADLINE_MS = 60_000;
const LARGEST_OUTPUT_BYTES = 1 << 20;
const LONGEST_STDERR = 300;

/** Every command that a set-up gives to macOS goes through here. */
export function programRunner({ programs, clock = systemClock }: ProgramRunnerDeps): RunProgram {
  return async (program, args, { deadlineMs = USUAL_DEADLINE_MS, signal } = {}) => {
    if (signal?.aborted) throw stopped(signal);
    const { execa } = await import("execa");
    // A process group of its own, so that the deadline reaches what the program itself started.
    const child = execa(programs[program], args, {
      cwd: "/",
      detached: true,
      cleanup: false,
      maxBuffer: LARGEST_OUTPUT_BYTES,
      reject: false,
      stdin: "ignore",
    });
    const timer = new AbortController();
    const tooSlow =
      deadlineMs === null
        ? null
        : clock.wait(deadlineMs, timer.signal).then((): ProgramEnd => ({ kind: "too-slow", deadlineMs }));
    tooSlow?.catch(() => {});
    const ended = child.then((result): ProgramEnd => {
      if (hasErrno(result.cause, "ENOENT", "EACCES", "ENOEXEC", "ENOTDIR")) return { kind: "absent" };
      if (result.signal !== undefined) return { kind: "killed", signal: result.signal };
      const { exitCode = 1, stdout, stderr } = result;
      return { kind: "ended", status: exitCode, stdout, stderr };
    });
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(stopped(signal!));
      signal?.addEventListener("abort", onAbort, { once: true });
    });
    let end: ProgramEnd | null = null;
    try {
      end = await Promise.race([ended, aborted, ...(tooSlow === null ? [] : [tooSlow])]);
      return end;
    } finally {
      timer.abort();
      signal?.removeEventListener("abort", onAbort);
      if (end === null || end.kind === "too-slow") killGroup(child.pid);
    }
  };
}

/** A program that waits for a person, or for another one, need not act on SIGTERM. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ended already
  }
}

export function succeeded(end: ProgramEnd): boolean {
  return end.kind === "ended" && end.status === 0;
}

/** Why it did not do what it was asked, as a sentence. */
export function whyNot(program: MacProgram, end: ProgramEnd): string {
  switch (end.kind) {
    case "absent":
      return `This Mac has no ${program}.`;
    case "too-slow":
      return `${program} did not end within ${Math.round(end.deadlineMs / 1000)} s, and was ended.`;
    case "killed":
      return `${program} was ended by ${end.signal}.`;
    case "ended": {
      const firstWords = end.stderr.trim().replaceAll(/\s+/g, " ").slice(0, LONGEST_STDERR);
      return `${program} ended with status ${end.status}${firstWords === "" ? "." : `: ${firstWords}`}`;
    }
  }
}
