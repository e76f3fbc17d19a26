import { existsSync } from "node:fs";
import { type FoundAboutPhotos, type LastRun, RUNS } from "../../doctor/last-run.js";
import type { RollcallError } from "../../errors.js";
import { lastingPath } from "../../integrations/how-to-start.js";
import type { StartedFrom } from "../../integrations/started-from.js";
import type { ReceiptHead } from "../../receipt/receipt.js";
import { claimDataFolder } from "../process/folders.js";
import type { Settings } from "../process/settings.js";
import { toolVersion } from "../process/tool-version.js";
import { inCommandWords } from "../terminal/command-words.js";
import { lastRunPath, writeLastRun } from "./last-run-file.js";

/** A message may name a file of the phone; nobody needs all of a long one. */
const LONGEST_TEXT = 500;

/** How a command ended. */
export interface CommandEnd {
  /** The real one, also with `--exit-zero`. */
  readonly status: number;
  readonly error: RollcallError | null;
  readonly isStopped: boolean;
}

/**
 * What a run that nobody watches leaves behind for `rollcall doctor --from`: when, by what it was started, how it
 * ended, and what macOS let it do. No argument, no environment and no answer about a file is among it. Best effort
 * throughout: a run is not to fail for it.
 */
export class LastRunRecorder {
  readonly #path: string;
  readonly #settings: Settings;
  #run: LastRun;
  #mayWrite = false;

  private constructor(settings: Settings, from: StartedFrom, command: LastRun["command"]) {
    this.#settings = settings;
    this.#path = lastRunPath(settings.dataFolder, from, command);
    this.#run = {
      from,
      command,
      pid: process.pid,
      startedAt: new Date(),
      endedAt: null,
      status: null,
      nodePath: lastingPath(process.execPath),
      nodeVersion: process.versions.node,
      programPath: process.argv[1] ?? "",
      version: toolVersion(),
      failure: null,
      photos: null,
    };
  }

  /**
   * Writes down that a run has begun: where one waits for ever, or is killed, that is what is found.
   * @returns null for a terminal, and for a command that leaves nothing
   */
  static async begin(settings: Settings, name: string): Promise<LastRunRecorder | null> {
    const command = RUNS.find((one) => one === name);
    if (settings.startedFrom === null || command === undefined) return null;
    const leaving = new LastRunRecorder(settings, settings.startedFrom, command);
    try {
      await claimDataFolder(settings.dataFolder);
      leaving.#mayWrite = true;
    } catch {
      // a data folder that cannot be used is told by the run itself
    }
    leaving.#write();
    return leaving;
  }

  /** What an import that came to its end shows about the rights it had. */
  sawImport({ destination, totals, evidence }: ReceiptHead): void {
    const { items } = totals.thisRun;
    this.#run = {
      ...this.#run,
      photos: {
        control: items > 0 ? "allowed" : null,
        // Rung 3 and 4 come from inside the package. Without new photos the evidence is an earlier run's.
        library: items > 0 && evidence.rung >= 3 ? "allowed" : null,
        libraryPath: destination.kind === "photos" ? destination.library : null,
      },
    };
  }

  /** Writes down the end. Where a set-up was removed meanwhile, with what was left behind, it stays removed. */
  async ended({ status, error, isStopped }: CommandEnd): Promise<void> {
    if (!existsSync(this.#path)) return;
    const failure = error && {
      code: error.code,
      message: cut(error.message),
      why: error.why === undefined ? null : cut(error.why),
      remedy: cut(inCommandWords(error.remedy)),
    };
    this.#run = { ...this.#run, endedAt: new Date(), status, failure };
    this.#write();
    if (this.#run.command !== "import" || isStopped) return;
    this.#run = { ...this.#run, photos: await this.#rights(error) };
    this.#write();
  }

  /** What the run did not show by itself is asked of macOS, which asks nobody about it. */
  async #rights(error: RollcallError | null): Promise<FoundAboutPhotos> {
    const shown = this.#run.photos;
    const isKnown = shown?.control != null && shown.library !== null && shown.libraryPath !== null;
    const asked = isKnown ? null : await (await import("./ask-rights.js")).askRights(this.#settings);
    const control = shown?.control ?? asked?.control ?? null;
    const isRefused = error?.code === "PHOTOS_NOT_PERMITTED" && control !== "not-asked-yet";
    return {
      control: isRefused ? "refused" : control,
      library:
        shown?.library ?? (error?.code === "LIBRARY_NOT_PERMITTED" ? "refused" : asked?.library) ?? null,
      libraryPath: shown?.libraryPath ?? asked?.libraryPath ?? null,
    };
  }

  #write(): void {
    if (!this.#mayWrite) return;
    try {
      writeLastRun(this.#path, this.#run);
    } catch {
      // a folder that cannot be written to is told by the run itself
    }
  }
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 3)}...`;
}
