import { RollcallError, stopped } from "../errors.js";
import type { LibraryAccess } from "../photos/library-access.js";
import { PhotosEventError } from "../photos/photos-library.js";
import type { PhotosInstance, PhotosProcess } from "../photos/photos-process.js";
import { askPhotos } from "./ask-photos.js";
import { libraryAmongOpenFiles } from "./open-files.js";
import type { RunScript } from "./run-script.js";
import { forceQuitPhotos } from "./scripts/force-quit-photos.js";
import { launchPhotos } from "./scripts/launch-photos.js";
import { photosRunning } from "./scripts/photos-running.js";
import { quitPhotos } from "./scripts/quit-photos.js";

const NO_EVENT_MS = 30_000;
const ONE_EVENT_MS = 150_000;
/** A Photos that is well quits within seconds; one that is not is waited for no longer than this, and then ended. */
const QUIT_MS = 30_000;

/** Programs of macOS, absolute. */
interface MacPrograms {
  readonly open: string;
  readonly lsof: string;
}

export interface JxaPhotosProcessDeps {
  readonly runScript: RunScript;
  /** Finds the true path of a library without touching it. */
  readonly access: Pick<LibraryAccess, "locate">;
  /**
   * Absent: those of the system, on macOS. Pass null where `runScript` does not reach the real Photos (an
   * osascript of one's own): these programs know no other.
   */
  readonly macPrograms?: MacPrograms | null;
  /** The library package that the person says is open; believed where nobody can look. Absolute. */
  readonly configuredLibrary?: string | undefined;
}

/** PhotosProcess over the scripts, with the comfort of two programs of macOS where they may be used. */
export class JxaPhotosProcess implements PhotosProcess {
  readonly #runScript: RunScript;
  readonly #access: Pick<LibraryAccess, "locate">;
  readonly #macPrograms: MacPrograms | null;
  readonly #configuredLibrary: string | undefined;

  constructor({
    runScript,
    access,
    macPrograms = systemPrograms(),
    configuredLibrary,
  }: JxaPhotosProcessDeps) {
    this.#runScript = runScript;
    this.#access = access;
    this.#macPrograms = macPrograms;
    this.#configuredLibrary = configuredLibrary;
  }

  async running(signal?: AbortSignal): Promise<PhotosInstance | null | "unknown"> {
    const options = { deadlineMs: NO_EVENT_MS, signal, changesSomething: false };
    const found = await askPhotos(this.#runScript, photosRunning, undefined, options).catch(
      (error: unknown) => {
        if (error instanceof PhotosEventError) return null;
        throw error;
      },
    );
    if (found?.running === false) return null;
    if (!found?.pid) return "unknown";
    // Without a start time the pid alone tells two runs of Photos apart, and seldom wrongly.
    return { pid: found.pid, startedAt: new Date(found.launchedAtMs ?? 0) };
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#macPrograms !== null) {
      // -g leaves it in the background, -j hides it
      const opened = await runProgram(this.#macPrograms.open, ["-gj", "-a", "Photos"], signal);
      if (opened.succeeded) return;
    }
    try {
      const options = { deadlineMs: ONE_EVENT_MS, signal, changesSomething: true };
      await askPhotos(this.#runScript, launchPhotos, { launch: true }, options);
    } catch (error) {
      // The script also asks whether Photos answers yet. It need not: waiting is makeReady's part.
      if (!(error instanceof PhotosEventError)) throw error;
    }
  }

  async quit(signal?: AbortSignal): Promise<void> {
    const options = { deadlineMs: QUIT_MS, signal, changesSomething: true };
    await askPhotos(this.#runScript, quitPhotos, undefined, options);
  }

  async forceQuit({ pid }: PhotosInstance, signal?: AbortSignal): Promise<void> {
    const options = { deadlineMs: NO_EVENT_MS, signal, changesSomething: true };
    await askPhotos(this.#runScript, forceQuitPhotos, { pid }, options);
  }

  async openLibrary(signal?: AbortSignal): Promise<string | null> {
    // Pictures is often a link to another disk. Where nobody answers, the path as it was given has to do.
    const truePath = async (path: string) => (await this.#access.locate(path, signal)).path;
    const configured = this.#configuredLibrary === undefined ? null : await truePath(this.#configuredLibrary);
    const inUse = await this.#libraryInUse(signal);
    const found = inUse === null ? null : await truePath(inUse);
    if (found !== null && configured !== null && found !== configured) {
      throw new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
        message: "Photos has another library open than ROLLCALL_PHOTOS_LIBRARY names.",
        why: `It names ${configured}; open is ${found}.`,
        remedy:
          "Open that one in Photos (hold Option while Photos starts), then run the same command again; or let " +
          "ROLLCALL_PHOTOS_LIBRARY name the open one.",
      });
    }
    return found ?? configured;
  }

  async #libraryInUse(signal: AbortSignal | undefined): Promise<string | null> {
    if (this.#macPrograms === null) return null;
    const instance = await this.running(signal);
    if (instance === null || instance === "unknown") return null;
    // -Fn: names only, each on a line after an "n"; -nP: no look-ups of hosts and ports, which can be slow.
    // Its status is 1 already when one open file could not be described, so only its output counts.
    const args = ["-nP", "-Fn", "-p", String(instance.pid)];
    return libraryAmongOpenFiles((await runProgram(this.#macPrograms.lsof, args, signal)).stdout);
  }
}

function systemPrograms(): MacPrograms | null {
  return process.platform === "darwin" ? { open: "/usr/bin/open", lsof: "/usr/sbin/lsof" } : null;
}

/** A program that is absent or takes longer than 30 s has not succeeded. */
async function runProgram(
  file: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ succeeded: boolean; stdout: string }> {
  const { execa } = await import("execa");
  const result = await execa(file, args, {
    cwd: "/",
    env: { LC_ALL: "en_US.UTF-8" }, // or lsof escapes names outside ASCII
    reject: false,
    stdin: "ignore",
    timeout: NO_EVENT_MS,
    killSignal: "SIGKILL",
    ...(signal && { cancelSignal: signal }),
  });
  if (signal?.aborted) throw stopped(signal);
  return { succeeded: !result.failed, stdout: result.stdout ?? "" };
}
