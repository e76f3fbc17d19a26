import {
  type ActiveFault,
  ActiveFaults,
  importBehaviorOf,
  type SharedFaultContext,
} from "./active-faults.js";
import { type AppleEvent, type EventValue, isList } from "./apple-event.js";
import type { ApplicationState } from "./application-state.js";
import { type CarriedOut, carryOut } from "./carry-out.js";
import { inLanguage } from "./error-texts.js";
import { connectionInvalid, EventFailure, notRunning, timedOut } from "./event-failure.js";
import { type HeldEvent, type ImportBehavior, SheetOpened } from "./import-behavior.js";
import { countComing } from "./import-event.js";
import { letLateFilesCome } from "./late-files.js";
import { letLateRowsCome } from "./late-rows.js";
import type { PhotosFault } from "./photos-fault.js";
import { PostponedWork } from "./postponed-work.js";
import type { StandingBehavior } from "./standing-behavior.js";
import { openVirtualLibrary, type VirtualLibrary } from "./virtual-library.js";
import type { VirtualTime } from "./virtual-time.js";

/** What osascript waits for one event when the script says nothing; 120 s is reported too. */
const usualTimeoutMs = 60_000;

/** How long somebody waits for ever who never says when they would have given up. */
const veryLongMs = 24 * 60 * 60 * 1000;

/** What a person may click in a sheet. */
export type SheetButton = "ok" | "cancel" | "import" | "don't import";

interface ModelDeps {
  /** The package that holds the state of the program, and is open unless another one was opened. */
  readonly home: VirtualLibrary;
  readonly version: string;
  readonly behavior: StandingBehavior;
  readonly time: VirtualTime;
}

/**
 * Photos answering events, one at a time. Each event is one transaction of the library, so whatever happens to the
 * process, the library is as before the event or as after it; what Photos goes on with alone waits in the package.
 */
export class PhotosModel {
  readonly #home: VirtualLibrary;
  readonly #application: ApplicationState;
  readonly #version: string;
  readonly #behavior: StandingBehavior;
  readonly #time: VirtualTime;
  readonly #faults: ActiveFaults;
  readonly #postponed: PostponedWork;
  #other: VirtualLibrary | null = null;

  constructor({ home, version, behavior, time }: ModelDeps) {
    this.#home = home;
    this.#application = home.application;
    this.#version = version;
    this.#behavior = behavior;
    this.#time = time;
    this.#faults = new ActiveFaults(home.application);
    this.#postponed = new PostponedWork(home.application);
  }

  /**
   * @param patienceMs how long the sender will wait at most before it is ended from outside, where that is known
   * @throws EventFailure what the script gets instead of an answer
   */
  answer(event: AppleEvent, patienceMs?: number): EventValue {
    let returned = 0;
    try {
      const reply = this.#answerWithFault(event, patienceMs);
      returned = countValues(reply);
      return reply;
    } catch (error) {
      const { language } = this.standing();
      throw error instanceof EventFailure && language !== undefined ? inLanguage(error, language) : error;
    } finally {
      this.#application.count(event.event, returned);
    }
  }

  faults(faults: readonly PhotosFault[]): void {
    this.#faults.replace(faults);
  }

  firstOccurrences(): (number | null)[] {
    return this.#faults.firstOccurrences();
  }

  standing(): StandingBehavior {
    return { ...this.#behavior, ...this.#faults.standing() };
  }

  /** Does what was to be done by now. Every event does so first; whoever looks at the package itself asks for it. */
  catchUp(): void {
    this.#postponed.carryOutDue(this.#time.now(), (held, dueAt) => this.#carryOutAlone(held, dueAt));
    letLateFilesCome(this.#openLibrary(), this.#time.now());
    letLateRowsCome(this.#openLibrary(), this.#time.now());
  }

  /** As `P.launch()` and Launch Services do. @throws EventFailure where Photos will not start */
  launch(): void {
    const failure = this.#faults.startFailure();
    if (this.#application.running === null && failure !== null) throw new EventFailure(failure);
    this.#application.launch(this.#time.now());
  }

  /** What `AEDeterminePermissionToAutomateTarget` answers when it may not ask: 0, -600, -1743 or -1744. */
  permission(): number {
    return this.#application.running === null ? notRunning : this.#faults.permission();
  }

  /** Somebody clicks in the sheet that is up. Returns whether there was one. */
  answerSheet(button: SheetButton): boolean {
    const { sheet } = this.#application;
    if (sheet === null) return false;
    this.#application.sheet = null;
    const { held } = sheet;
    if (held === null || button === "cancel") return true;
    const parameters = { ...held.event.parameters, skipCheckDuplicates: true };
    const leavesOutKnown = button === "don't import";
    const behavior = { ...held.behavior, leavesOutKnown };
    this.#carryOutAlone({ event: { ...held.event, parameters }, behavior }, this.#time.now());
    return true;
  }

  get openLibraryPath(): string {
    return this.#application.recall<string>("openLibrary") ?? this.#home.path;
  }

  /** Opens another package in place of the one that is open, which is made where there is none. */
  openLibrary(path: string): void {
    if (path === this.#home.path) this.#application.forget("openLibrary");
    else this.#application.remember("openLibrary", path);
    this.#openLibrary();
  }

  close(): void {
    this.#other?.close();
    this.#home.close();
  }

  #openLibrary(): VirtualLibrary {
    const path = this.openLibraryPath;
    if (path === this.#home.path) return this.#home;
    if (this.#other?.path !== path) {
      this.#other?.close();
      const { modelVersion } = this.#home.schema;
      this.#other = openVirtualLibrary(path, { modelVersion, hasFingerprints: this.#home.hasFingerprints });
    }
    return this.#other as VirtualLibrary;
  }

  #answerWithFault(event: AppleEvent, patienceMs: number | undefined): EventValue {
    this.catchUp();
    const timeoutMs = event.timeoutSeconds === undefined ? usualTimeoutMs : event.timeoutSeconds * 1000;
    let behavior: ImportBehavior = {};
    const waits = {
      timeOut: () => this.#timeOut(timeoutMs),
      blockForGood: () => this.#timeOut(patienceMs === undefined ? veryLongMs : patienceMs + 1),
    };
    const model = this;
    const shared: SharedFaultContext = {
      time: this.#time,
      application: this.#application,
      get library() {
        return model.#openLibrary();
      },
      timeoutMs,
      ...waits,
      carryOut: (done, more) => this.#carryOutForSender(done, { ...behavior, ...more }, waits),
      postpone: (late, lateByMs, more) =>
        this.#postpone({ event: late, behavior: { ...behavior, ...more } }, this.#time.now(), lateByMs),
      countComing: (asked) => countComing(asked, behavior),
      openSheet: (sheet) => {
        this.#application.sheet = sheet;
      },
      openLibrary: (path) => this.openLibrary(path),
    };
    const activeFaults = this.#faults.faultsOn(event, shared);
    behavior = importBehaviorOf(activeFaults);
    for (const { hook, context } of activeFaults) hook.arrive?.(event, context);
    // Any event to a closed Photos starts it, but for the one that ends it.
    if (event.event !== "quit") this.#application.launch(this.#time.now());
    const [atTheDoor, inside] = [
      activeFaults.filter((one) => one.isAdmission),
      activeFaults.filter((one) => !one.isAdmission),
    ];
    const admitted = passThrough(atTheDoor, event);
    this.#waitForWhatIsUp(event, timeoutMs, waits);
    const carried = passThrough(inside, admitted);
    let reply = carried === null ? null : this.#carryOutForSender(carried, behavior, waits);
    for (const { hook, context } of activeFaults) {
      if (hook.after !== undefined) reply = hook.after(event, reply, context);
    }
    return reply;
  }

  /** A sheet over the window, a connection that is broken for a while, or work that keeps Photos from answering. */
  #waitForWhatIsUp(event: AppleEvent, timeoutMs: number, waits: Waits): void {
    if (this.#application.sheet !== null && !this.#isAnsweredUnderSheet(event)) this.#waitUnderSheet(waits);
    const brokenUntil = this.#application.recall<number>("brokenUntil") ?? 0;
    if (brokenUntil > this.#time.now().getTime()) throw new EventFailure(connectionInvalid);
    const busyMs = (this.#application.recall<number>("busyUntil") ?? 0) - this.#time.now().getTime();
    if (busyMs <= 0) return;
    if (busyMs >= timeoutMs) waits.timeOut();
    this.#time.pass(busyMs);
    this.catchUp();
  }

  #isAnsweredUnderSheet({ event, direct }: AppleEvent): boolean {
    const asked = typeof direct === "object" && direct !== null && "object" in direct ? direct.object : null;
    const isVersion = event === "get" && asked?.form === "property" && asked.name === "version";
    return isVersion && this.standing().sheetAnswersVersion === true;
  }

  #waitUnderSheet(waits: Waits): never {
    return this.standing().sheetBlocksForGood ? waits.blockForGood() : waits.timeOut();
  }

  #carryOutForSender(event: AppleEvent, behavior: ImportBehavior, waits: Waits): EventValue {
    const now = this.#time.now();
    const plain = { held: { event, behavior }, finish: () => undefined };
    const { held, finish } =
      event.event === "import" ? this.#postponed.begin(plain.held, now.getTime()) : plain;
    try {
      const { reply, sheet } = this.#carryOut(held, now);
      if (event.event === "quit") this.#application.end();
      if (sheet === null) return reply;
      this.#application.sheet = sheet;
    } catch (error) {
      if (!(error instanceof SheetOpened)) throw error;
      this.#application.sheet = error.sheet;
    } finally {
      finish();
    }
    return this.#waitUnderSheet(waits);
  }

  /** One event as one transaction, and what it leads to. */
  #carryOut({ event, behavior }: HeldEvent, at: Date): CarriedOut {
    const library = this.#openLibrary();
    const context = { library, version: this.#version, behavior: this.standing() };
    const done = library.inTransaction(() => carryOut(context, event, at, behavior));
    if (done.imported > 0) {
      this.#application.remember(
        "importedSinceLaunch",
        this.#application.importedSinceLaunch + done.imported,
      );
    }
    if (done.later !== null)
      this.#postpone({ event: done.later.event, behavior: {} }, at, done.later.lateByMs);
    if (done.failure !== null) throw done.failure;
    return done;
  }

  /** Its sender has long gone; nobody hears how it ended. */
  #carryOutAlone(held: HeldEvent, at: Date): void {
    try {
      const { sheet } = this.#carryOut(held, at);
      if (sheet !== null) this.#application.sheet = sheet;
    } catch (error) {
      if (error instanceof SheetOpened) this.#application.sheet = error.sheet;
      else if (!(error instanceof EventFailure)) throw error;
    }
  }

  #postpone(held: HeldEvent, from: Date, lateByMs: number): void {
    this.#postponed.add(held, from.getTime() + lateByMs);
  }

  #timeOut(ms: number): never {
    this.#time.pass(ms);
    throw new EventFailure(timedOut);
  }
}

interface Waits {
  timeOut(): never;
  blockForGood(): never;
}

/** What the faults make of an event; null where nothing is to be carried out. */
function passThrough(activeFaults: readonly ActiveFault[], event: AppleEvent | null): AppleEvent | null {
  let carried = event;
  for (const { hook, context } of activeFaults) {
    if (carried !== null && hook.before !== undefined) carried = hook.before(carried, context);
  }
  return carried;
}

function countValues(value: EventValue): number {
  if (isList(value)) return value.reduce<number>((sum, part) => sum + countValues(part), 0);
  return value === null || value === undefined ? 0 : 1;
}
