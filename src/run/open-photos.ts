import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import { PhotosEventError } from "../photos/photos-library.js";
import type { PhotosInstance, PhotosProcess } from "../photos/photos-process.js";
import type { Report } from "./run-events.js";
import type { ImportParts } from "./run-parts.js";

const BETWEEN_LOOKS_MS = 500;
const MOST_LOOKS = 120;
const SILENCE_MS = 5_000;

/** Photos, ready, and what it was before, so that it can be left as it was found. */
export class OpenPhotos {
  /** Before this run touched it; "unknown" where the system cannot tell. */
  readonly runningBefore: PhotosInstance | null | "unknown";
  /** The instance that Rollcall started, now or before it was interrupted: ours to quit. */
  readonly launched: PhotosInstance | null;
  readonly #process: PhotosProcess;
  #isToStay = false;

  private constructor(
    runningBefore: PhotosInstance | null | "unknown",
    launched: PhotosInstance | null,
    process: PhotosProcess,
  ) {
    this.runningBefore = runningBefore;
    this.launched = launched;
    this.#process = process;
  }

  /**
   * @param options.launchedEarlier the Photos that an interrupted run started
   * @param options.isToEndFirst an event was begun and never finished: if that Photos is ours, end it
   *   before looking, because only then can nothing more arrive from it
   * @throws RollcallError PHOTOS_UNAVAILABLE, PHOTOS_NOT_PERMITTED
   */
  static async open(
    { photos, process, signal, clock, report }: ImportParts,
    options: { readonly launchedEarlier: PhotosInstance | null; readonly isToEndFirst?: boolean },
  ): Promise<OpenPhotos> {
    let runningBefore = await process.running(signal);
    const isOurs = isSame(runningBefore, options.launchedEarlier);
    if (isOurs && options.isToEndFirst === true)
      runningBefore = await endOurs(options.launchedEarlier!, { process, clock, signal });
    await ready(photos.makeReady(signal), clock, report);
    if (runningBefore !== null)
      return new OpenPhotos(runningBefore, isOurs ? options.launchedEarlier : null, process);
    const now = await process.running(signal);
    return new OpenPhotos(null, now === "unknown" ? null : now, process);
  }

  /** From now on it stays open, whoever started it. */
  leaveOpen(): void {
    this.#isToStay = true;
  }

  /** Quits it if it is still the one that Rollcall started. Whatever comes of that, the run's work is done. */
  async leaveAsFound(): Promise<void> {
    if (this.launched === null || this.#isToStay) return;
    try {
      if (isSame(await this.#process.running(), this.launched)) await this.#process.quit();
    } catch (error) {
      if (!(error instanceof PhotosEventError) && !(error instanceof RollcallError)) throw error;
    }
  }
}

/** Asks the Photos that Rollcall started to quit; one that answers nothing is ended, once. */
async function endOurs(
  ours: PhotosInstance,
  { process, clock, signal }: Pick<ImportParts, "process" | "clock" | "signal">,
): Promise<PhotosInstance | null | "unknown"> {
  const untilItEnds = async () => {
    let running = await process.running(signal);
    for (let looks = 0; looks < MOST_LOOKS && isSame(running, ours); looks += 1) {
      await clock.wait(BETWEEN_LOOKS_MS, signal);
      running = await process.running(signal);
    }
    return running;
  };
  for (const end of [() => process.quit(signal), () => process.forceQuit(ours, signal)]) {
    await end().catch((error: unknown) => {
      if (!(error instanceof PhotosEventError)) throw error;
    });
    const running = await untilItEnds();
    if (!isSame(running, ours)) return running;
  }
  return ours;
}

/** The first event of all blocks while macOS asks, and a person who looks at the terminal does not see why. */
async function ready(making: Promise<unknown>, clock: Clock, report: Report): Promise<void> {
  const made = new AbortController();
  const asked = clock.wait(SILENCE_MS, made.signal).then(
    () => {
      const message = "waiting for Photos; if macOS asks whether this app may control Photos, allow it";
      report({ type: "notice", code: "WAITING_FOR_PHOTOS", message });
    },
    () => undefined,
  );
  try {
    await making;
  } finally {
    made.abort();
    await asked;
  }
}

function isSame(a: PhotosInstance | null | "unknown", b: PhotosInstance | null): boolean {
  if (a === null || a === "unknown" || b === null) return false;
  return a.pid === b.pid && a.startedAt.getTime() === b.startedAt.getTime();
}
