import type { Clock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import type { PhotosMinder, RelaunchReason } from "../import/photos-minder.js";
import { PhotosEventError } from "../photos/photos-library.js";
import type { PhotosInstance } from "../photos/photos-process.js";
import type { Report } from "./run-events.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

const BETWEEN_LOOKS_MS = 500;
const MOST_LOOKS = 120;
const SILENCE_MS = 5_000;
const BETWEEN_LOOKS_AT_PERSON_MS = 5_000;
/** A person who sits there has restarted Photos by then; one who does not should not find a run that waits. */
const WAIT_FOR_PERSON_MS = { slow: 10 * 60_000, silent: 2 * 60_000 } as const;

type Running = PhotosInstance | null | "unknown";
type OpenParts = Pick<ImportParts, "photos" | "process" | "signal" | "clock" | "report">;

/** Photos, ready, looked after while it is used, and what it was before, so that it can be left as it was found. */
export class OpenPhotos implements PhotosMinder {
  /** Before this run touched it; "unknown" where the system cannot tell. */
  readonly runningBefore: Running;
  readonly #parts: OpenParts;
  readonly #mayRelaunch: boolean;
  #launched: PhotosInstance | null;
  #hasEndedTheirs = false;
  #record: ((launched: PhotosInstance) => void) | null = null;
  #isToStay = false;

  private constructor(
    runningBefore: Running,
    launched: PhotosInstance | null,
    parts: OpenParts,
    mayRelaunch: boolean,
  ) {
    this.runningBefore = runningBefore;
    this.#launched = launched;
    this.#parts = parts;
    this.#mayRelaunch = mayRelaunch;
  }

  /**
   * @param options.launchedEarlier the Photos that an interrupted run started
   * @param options.isToEndFirst an event was begun and never finished: if that Photos is ours, end it
   *   before looking, because only then can nothing more arrive from it
   * @throws RollcallError PHOTOS_UNAVAILABLE, PHOTOS_NOT_PERMITTED
   */
  static async open(
    parts: OpenParts,
    options: Pick<ImportRequest, "mayRelaunch"> & {
      readonly launchedEarlier: PhotosInstance | null;
      readonly isToEndFirst?: boolean;
    },
  ): Promise<OpenPhotos> {
    const { photos, process, signal, clock, report } = parts;
    const { launchedEarlier, mayRelaunch } = options;
    let runningBefore = await process.running(signal);
    const isOurs = isSame(runningBefore, launchedEarlier);
    if (isOurs && options.isToEndFirst === true) {
      await endPhotos(launchedEarlier!, parts, { byForce: true });
      runningBefore = await process.running(signal);
    }
    await ready(photos.makeReady(signal), clock, report);
    const isStarted = runningBefore === null;
    const launched = isStarted ? instanceOrNull(await process.running(signal)) : launchedEarlier;
    return new OpenPhotos(runningBefore, isStarted || isOurs ? launched : null, parts, mayRelaunch);
  }

  /** Whoever takes over after a crash has to know which Photos is ours: called now and at each relaunch. */
  onLaunched(record: (launched: PhotosInstance) => void): void {
    this.#record = record;
    if (this.#launched !== null) record(this.#launched);
  }

  async reopen(signal = this.#parts.signal): Promise<void> {
    const { photos, process } = this.#parts;
    if ((await process.running(signal)) !== null) return;
    await photos.makeReady(signal);
    // What was open before the run stays open after it, whoever started it again.
    if (this.runningBefore === null || this.#launched !== null)
      this.#remember(instanceOrNull(await process.running(signal)));
  }

  async relaunch(because: RelaunchReason, signal = this.#parts.signal): Promise<boolean> {
    const { process, report } = this.#parts;
    if (signal?.aborted) throw stopped(signal);
    const before = await process.running(signal);
    if (before === "unknown") return false;
    if (before === null) {
      await this.reopen(signal);
      return true;
    }
    const isOurs = isSame(before, this.#launched);
    if (isOurs || this.#mayRelaunch) {
      report({ type: "relaunching", because: BECAUSE[because] });
      if (await endPhotos(before, this.#parts, { byForce: isOurs })) {
        this.#hasEndedTheirs = !isOurs;
        await this.reopen(signal);
        return true;
      }
    }
    if (because === "worn" || because === "unfinished") return false;
    return await this.#waitForPerson(before, because, signal);
  }

  /** From now on it stays open, whoever started it. */
  leaveOpen(): void {
    this.#isToStay = true;
  }

  /** Quits the one that Rollcall started, and starts the person's again if it was ended. Whatever comes of that, the run's work is done. */
  async leaveAsFound(): Promise<void> {
    const { process } = this.#parts;
    try {
      const running = await process.running();
      if (running === null && this.#hasEndedTheirs) await process.start();
      else if (isSame(running, this.#launched) && !this.#isToStay) await process.quit();
    } catch (error) {
      if (!(error instanceof PhotosEventError) && !(error instanceof RollcallError)) throw error;
    }
  }

  /** Photos is the person's: they are told, and the run goes on as soon as they have ended it, or after a while. */
  async #waitForPerson(
    before: PhotosInstance,
    because: "slow" | "silent",
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { process, clock, report } = this.#parts;
    report({ type: "notice", ...TOLD[because] });
    const waitMs = WAIT_FOR_PERSON_MS[because];
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += BETWEEN_LOOKS_AT_PERSON_MS) {
      await waitOrStop(clock, BETWEEN_LOOKS_AT_PERSON_MS, signal);
      const running = await process.running(signal);
      if (isSame(running, before) || running === "unknown") continue;
      await this.reopen(signal);
      return true;
    }
    return false;
  }

  #remember(launched: PhotosInstance | null): void {
    this.#launched = launched;
    if (launched !== null) this.#record?.(launched);
  }
}

const BECAUSE: Readonly<Record<RelaunchReason, string>> = {
  worn: "it has taken many photos, and slows down after many",
  slow: "it has become slow",
  silent: "it does not answer",
  unfinished: "it did not say what became of the last photos",
};

const TOLD = {
  slow: {
    code: "PHOTOS_SLOW",
    message:
      "Photos has become slow, as it does after many photos. Quit it: the import opens it again and goes on. " +
      "(--relaunch lets Rollcall do that itself.)",
  },
  silent: {
    code: "PHOTOS_SILENT",
    message:
      "Photos does not answer. Look at its window: a message there may wait for you. If there is none, quit " +
      "Photos: the import opens it again and goes on.",
  },
} as const;

/**
 * Asks Photos to quit; one that answers nothing is ended without asking, where that is allowed.
 * @returns true when it has ended
 */
async function endPhotos(
  instance: PhotosInstance,
  { process, clock, signal }: OpenParts,
  { byForce }: { readonly byForce: boolean },
): Promise<boolean> {
  const hasEndedInTime = async () => {
    for (let looks = 0; isSame(await process.running(signal), instance); looks += 1) {
      if (looks >= MOST_LOOKS) return false;
      await waitOrStop(clock, BETWEEN_LOOKS_MS, signal);
    }
    return true;
  };
  const polite = () => process.quit(signal);
  const forced = () => process.forceQuit(instance, signal);
  for (const end of byForce ? [polite, forced] : [polite]) {
    await end().catch((error: unknown) => {
      if (!(error instanceof PhotosEventError)) throw error;
    });
    if (await hasEndedInTime()) return true;
  }
  return false;
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

/** @throws RollcallError STOPPED */
async function waitOrStop(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.wait(ms, signal).catch((error: unknown) => {
    throw signal?.aborted ? stopped(signal) : error;
  });
}

function isSame(a: Running, b: PhotosInstance | null): boolean {
  if (a === null || a === "unknown" || b === null) return false;
  return a.pid === b.pid && a.startedAt.getTime() === b.startedAt.getTime();
}

function instanceOrNull(running: Running): PhotosInstance | null {
  return running === "unknown" ? null : running;
}
