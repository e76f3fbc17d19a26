import type { Clock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import type { LedgerDatabase } from "../ledger/ledger-database.js";
import type { StartedPhotos } from "../ledger/ledger-entry.js";
import {
  type PhotosChanges,
  PhotosEventError,
  type PhotosLibrary,
  type PhotosQuestions,
} from "../photos/photos-library.js";
import type { PhotosInstance, PhotosProcess } from "../photos/photos-process.js";
import { advise, choose } from "../remedy.js";
import { EventTimes } from "./event-times.js";
import { STARTS_WITHIN_MS } from "./has-ended.js";
import type { RelaunchReason, SupervisedPhotos } from "./photos-supervisor.js";
import { retryingPhotos } from "./retrying-photos.js";

const BETWEEN_LOOKS_MS = 500;
const MOST_LOOKS = 120;
const SILENCE_MS = 5_000;
const BETWEEN_LOOKS_AT_PERSON_MS = 5_000;
/** A person who sits there has restarted Photos by then; one who does not should not find a run that waits. */
const WAIT_FOR_PERSON_MS = { slow: 10 * 60_000, silent: 2 * 60_000 } as const;

type Running = PhotosInstance | null | "unknown";

/** What a session stands on. */
interface SessionDeps {
  readonly photos: PhotosLibrary;
  readonly process: PhotosProcess;
  readonly clock: Clock;
  readonly ledgerDatabase: Pick<
    LedgerDatabase,
    "startedPhotos" | "beginStartingPhotos" | "recordStartedPhotos" | "forgetStartedPhotos"
  >;
  readonly report: SessionReport;
  readonly signal?: AbortSignal | undefined;
}

/** What a session tells: that it waits or needs a person, and that it restarts Photos. */
type SessionReport = (
  event:
    | { readonly type: "notice"; readonly code: string; readonly message: string }
    | { readonly type: "ending"; readonly doing: "quitting-photos" }
    | { readonly type: "relaunching"; readonly because: string },
) => void;

/**
 * A running Photos: starts it, restarts it, and restores its earlier state at the end. One that Rollcall started, in
 * this run or in an interrupted one, is quit; a person's never. Where nobody can tell whose it is, it stays open.
 */
export class PhotosSession implements SupervisedPhotos {
  /** Before this run touched it; "unknown" where the system cannot tell. */
  readonly runningBefore: Running;
  readonly ask: PhotosQuestions;
  readonly askOnce: PhotosQuestions;
  readonly change: PhotosChanges;
  readonly #deps: SessionDeps;
  readonly #times: EventTimes;
  readonly #mayRelaunch: boolean;
  /** The one that Rollcall started, which the ledger knows too. */
  #ours: PhotosInstance | null;
  #hasEndedTheirs = false;
  #version = "";
  #isToStay = false;

  private constructor(
    runningBefore: Running,
    ours: PhotosInstance | null,
    deps: SessionDeps,
    mayRelaunch: boolean,
  ) {
    this.runningBefore = runningBefore;
    this.#ours = ours;
    this.#times = new EventTimes(deps.clock);
    const watched = this.#times.watch(deps.photos);
    this.ask = retryingPhotos(watched, this, deps);
    this.askOnce = watched;
    this.change = watched;
    this.#deps = deps;
    this.#mayRelaunch = mayRelaunch;
  }

  /**
   * @param options.isToEndFirst an event was begun and never finished: if that Photos is ours, end it
   *   before looking, because only then can nothing more arrive from it
   * @throws RollcallError PHOTOS_UNAVAILABLE, PHOTOS_NOT_PERMITTED
   */
  static async open(
    deps: SessionDeps,
    options: { readonly mayRelaunch: boolean; readonly isToEndFirst?: boolean },
  ): Promise<PhotosSession> {
    const { process, signal, ledgerDatabase } = deps;
    let runningBefore = await askTwice(process, signal);
    let ours = startedEarlier(runningBefore, ledgerDatabase.startedPhotos());
    if (ours !== null && options.isToEndFirst === true) {
      await endPhotos(ours, deps, { byForce: true });
      runningBefore = await process.running(signal);
      ours = isSame(runningBefore, ours) ? ours : null;
    }
    const opened = new PhotosSession(runningBefore, ours, deps, options.mayRelaunch);
    if (ours !== null) ledgerDatabase.recordStartedPhotos(ours);
    await opened.#start(runningBefore, async () => {
      const made = await ready(opened.change.makeReady(signal), deps.clock, deps.report);
      opened.#version = made.version;
    });
    return opened;
  }

  /** Of the Photos that was open when the run began, as it says. */
  get version(): string {
    return this.#version;
  }

  /** Quits the Photos that a run started which was cut off at its very end. A run that needs no Photos asks only this. */
  static async endLeftOpen({
    process,
    ledgerDatabase,
  }: Pick<SessionDeps, "process" | "ledgerDatabase">): Promise<void> {
    const started = ledgerDatabase.startedPhotos();
    if (started === null) return;
    await withoutTrouble(async () => {
      if (startedEarlier(await process.running(), started) !== null) await process.quit();
      ledgerDatabase.forgetStartedPhotos();
    });
  }

  async reopen(signal = this.#deps.signal): Promise<Running> {
    const running = await this.#running(signal);
    if (running !== null) return running;
    return await this.#start(running, () => this.change.makeReady(signal));
  }

  async relaunch(why: RelaunchReason, signal = this.#deps.signal): Promise<boolean> {
    const { report } = this.#deps;
    if (signal?.aborted) throw stopped(signal);
    const before = await this.#running(signal);
    if (before === "unknown") return false;
    if (before === null) {
      await this.reopen(signal);
      return true;
    }
    const isOurs = isSame(before, this.#ours);
    if (isOurs || this.#mayRelaunch) {
      report({ type: "relaunching", because: WHY_RELAUNCHED[why] });
      if (await endPhotos(before, this.#deps, { byForce: isOurs })) {
        this.#hasEndedTheirs = !isOurs;
        await this.reopen(signal);
        return true;
      }
    }
    if (why === "worn" || why === "unfinished") return false;
    return await this.#waitForPerson(before, why, signal);
  }

  /** From now on it stays open, whoever started it. */
  leaveOpen(): void {
    this.#isToStay = true;
  }

  /** As {@link leaveAsFound}. @returns true where one was quit and was seen to end, for which it has a minute */
  async seenToEnd(): Promise<boolean> {
    const quit = await this.leaveAsFound();
    return quit !== null && (await hasEndedInTime(quit, this.#deps));
  }

  /**
   * Quits the one that Rollcall started, and starts the person's again if it was ended.
   * @returns which one was asked to quit; null where none was
   */
  async leaveAsFound(): Promise<Running> {
    const { process, ledgerDatabase, report } = this.#deps;
    let quit: Running = null;
    await withoutTrouble(async () => {
      const running = await this.#running();
      if (running === null && this.#hasEndedTheirs) await process.start();
      if (!isSame(running, this.#ours) || this.#isToStay) return;
      report({ type: "ending", doing: "quitting-photos" });
      await process.quit().catch(async (error: unknown) => {
        if (isSame(await process.running(), this.#ours)) await process.quit();
        else if (!(error instanceof PhotosEventError)) throw error;
      });
      ledgerDatabase.forgetStartedPhotos();
      quit = running;
    });
    return quit;
  }

  /** Photos is the person's: they are told, and the run goes on as soon as they have ended it, or after a while. */
  async #waitForPerson(
    before: PhotosInstance,
    why: "slow" | "silent",
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { process, clock, report } = this.#deps;
    report({ type: "notice", ...TOLD[why] });
    const waitMs = WAIT_FOR_PERSON_MS[why];
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += BETWEEN_LOOKS_AT_PERSON_MS) {
      await waitOrStop(clock, BETWEEN_LOOKS_AT_PERSON_MS, signal);
      const running = await process.running(signal);
      if (isSame(running, before) || running === "unknown") continue;
      await this.reopen(signal);
      return true;
    }
    return false;
  }

  /** What was open before the run stays open after it, whoever started it again. */
  get #isOursToEnd(): boolean {
    return this.runningBefore === null || this.#ours !== null;
  }

  /**
   * Makes Photos ready. Where it is closed, that it is about to be started is in the ledger before.
   * @param before which one runs
   * @returns which one runs then
   */
  async #start(before: Running, making: () => Promise<unknown>): Promise<Running> {
    const { process, clock, ledgerDatabase } = this.#deps;
    if (before !== null || !this.#isOursToEnd) {
      await making();
      return before ?? (await process.running());
    }
    ledgerDatabase.beginStartingPhotos(clock.now());
    try {
      await making();
    } catch (error) {
      await withoutTrouble(async () => this.#hasStarted(await process.running()));
      throw error;
    }
    const running = await process.running();
    this.#hasStarted(running);
    return running;
  }

  #hasStarted(running: Running): void {
    if (running === null) this.#deps.ledgerDatabase.forgetStartedPhotos();
    else if (running !== "unknown") this.#remember(running);
  }

  /** Which Photos runs now. One that an event of ours started, in place of ours that had ended by itself, is ours too. */
  async #running(signal?: AbortSignal): Promise<Running> {
    const running = await askTwice(this.#deps.process, signal);
    if (running === null || running === "unknown") return running;
    const isKnown = isSame(running, this.#ours) || isSame(running, this.runningBefore);
    if (!isKnown && this.#isOursToEnd && this.#times.hasStarted(running.startedAt)) this.#remember(running);
    this.#times.forget();
    return running;
  }

  #remember(ours: PhotosInstance): void {
    this.#ours = ours;
    this.#deps.ledgerDatabase.recordStartedPhotos(ours);
  }
}

/** A question that got no answer once may get one. */
async function askTwice(process: PhotosProcess, signal: AbortSignal | undefined): Promise<Running> {
  const running = await process.running(signal);
  return running === "unknown" ? await process.running(signal) : running;
}

/** The Photos that runs, where a run before this one started it; null where it is somebody else's. */
function startedEarlier(running: Running, started: StartedPhotos | null): PhotosInstance | null {
  if (running === null || running === "unknown" || started === null) return null;
  if (started.instance !== null) return isSame(running, started.instance) ? running : null;
  // A kill came between the asking and the seeing. What started right after the asking is what was asked for.
  const afterMs = running.startedAt.getTime() - started.askedAt.getTime();
  return afterMs >= 0 && afterMs <= STARTS_WITHIN_MS ? running : null;
}

const WHY_RELAUNCHED: Readonly<Record<RelaunchReason, string>> = {
  worn: "it has taken many photos, and slows down after many",
  slow: "it has become slow",
  silent: "it does not answer",
  unfinished: "it did not say what became of the last photos",
};

const TOLD = {
  slow: {
    code: "PHOTOS_SLOW",
    message:
      "Photos has become slow, as it does after many photos. Quit it: the import opens it again and continues.",
    remedy: advise`(${choose("restart-photos")} lets Rollcall do that itself.)`,
  },
  silent: {
    code: "PHOTOS_SILENT",
    message:
      "Photos does not answer. Look at its window: a message there may wait for you. If there is none, quit " +
      "Photos: the import opens it again and continues.",
  },
} as const;

/**
 * Asks Photos to quit; one that answers nothing is ended without asking, where that is allowed.
 * @returns true when it has ended
 */
async function endPhotos(
  instance: PhotosInstance,
  { process, clock, signal }: SessionDeps,
  { byForce }: { readonly byForce: boolean },
): Promise<boolean> {
  const polite = () => process.quit(signal);
  const forced = () => process.forceQuit(instance, signal);
  for (const end of byForce ? [polite, forced] : [polite]) {
    await end().catch((error: unknown) => {
      if (!(error instanceof PhotosEventError)) throw error;
    });
    if (await hasEndedInTime(instance, { process, clock, signal })) return true;
  }
  return false;
}

/** It was asked to quit: it has a minute for that. */
async function hasEndedInTime(
  instance: Running,
  { process, clock, signal }: Pick<SessionDeps, "process" | "clock" | "signal">,
): Promise<boolean> {
  for (let looks = 0; isSame(await process.running(signal), instance); looks += 1) {
    if (looks >= MOST_LOOKS) return false;
    await waitOrStop(clock, BETWEEN_LOOKS_MS, signal);
  }
  return true;
}

/** The first event of all blocks while macOS asks, and a person who looks at the terminal does not see why. */
async function ready<Made>(making: Promise<Made>, clock: Clock, report: SessionReport): Promise<Made> {
  const made = new AbortController();
  const asked = clock.wait(SILENCE_MS, made.signal).then(
    () => {
      const message = "waiting for Photos; if macOS asks whether this app may control Photos, allow it";
      report({ type: "notice", code: "WAITING_FOR_PHOTOS", message });
    },
    () => undefined,
  );
  try {
    return await making;
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

/** Whatever comes of it, the run's work is done. */
async function withoutTrouble(ending: () => Promise<void>): Promise<void> {
  try {
    await ending();
  } catch (error) {
    if (!(error instanceof PhotosEventError) && !(error instanceof RollcallError)) throw error;
  }
}

function isSame(a: Running, b: Running): boolean {
  if (a === null || a === "unknown" || b === null || b === "unknown") return false;
  return a.pid === b.pid && a.startedAt.getTime() === b.startedAt.getTime();
}
