import type { AppleEvent, EventValue } from "../apple-event.js";
import type { ApplicationState } from "../application-state.js";
import type { ImportBehavior, Sheet } from "../import-behavior.js";
import type { StandingBehavior } from "../standing-behavior.js";
import type { VirtualLibrary } from "../virtual-library.js";
import type { VirtualTime } from "../virtual-time.js";

/**
 * When a fault strikes. Events are counted from 1 since the fault was switched on, whatever they ask; a fault that
 * concerns only some events (imports, say) strikes at the first of those from `atEvent` on.
 */
export interface Trigger {
  /** The first event that may be struck; 1 unless given. */
  readonly atEvent?: number;
  /** How many events are struck; some faults happen once by nature, all others strike every time unless told. */
  readonly times?: number;
  /** Strikes each event that it may with this chance (0 to 1), decided by `seed`. */
  readonly chance?: number;
  /** Everything that is left to chance follows from it; 0 unless given. */
  readonly seed?: number;
}

/** What a fault may see and touch. */
export interface FaultContext {
  readonly time: VirtualTime;
  readonly application: ApplicationState;
  /** The package that is open. */
  readonly library: VirtualLibrary;
  /** How long the sender of this event waits. */
  readonly timeoutMs: number;
  /** A number in [0, 1) that follows from the fault's seed, the event's number and `salt`. */
  chance(salt: number): number;
  /** Small whole number of the same kind, for whoever needs a seed. */
  readonly seed: number;
  /** What this fault kept of the events before, as plain JSON. */
  memory: unknown;
  /** Carries an event out now; what happens stays, whatever the sender is told. */
  carryOut(event: AppleEvent, behavior?: ImportBehavior): EventValue;
  /** Has the event carried out later: by then the sender, and its process, may be gone. */
  postpone(event: AppleEvent, lateByMs: number, behavior?: ImportBehavior): void;
  /** How many items an import event would import; 0 where it would fail. */
  countComing(event: AppleEvent): number;
  /** The sender waits as long as it cares to, then gets -1712. */
  timeOut(): never;
  /** The sender waits for ever; somebody has to end it. */
  blockForGood(): never;
  openSheet(sheet: Sheet): void;
  /** Another package is open from now on. */
  openLibrary(path: string): void;
}

/**
 * One fault at work. Each half may throw an EventFailure, which is then what the script gets. Faults that strike
 * together are asked in the order in which an event meets them (`photos-fault.ts`), whichever was switched on
 * first; the first that throws ends the event.
 */
export interface Hook {
  /** Does it concern this event? Where not, it neither strikes nor is used up. Every event unless given. */
  concerns?(event: AppleEvent, context: FaultContext): boolean;
  /** Comes before Photos is even started. */
  arrive?(event: AppleEvent, context: FaultContext): void;
  /** Comes before the event is carried out. What it returns is carried out instead; null means nothing is. */
  before?(event: AppleEvent, context: FaultContext): AppleEvent | null;
  /** Comes after the event was carried out. What it returns is answered instead. */
  after?(event: AppleEvent, reply: EventValue, context: FaultContext): EventValue;
  /** How this import is carried out. */
  behavior?(context: FaultContext): ImportBehavior;
  /** How Photos is as long as the fault is switched on; occasions do not count here. */
  readonly standing?: StandingBehavior;
  /** Answers whether events may be sent (`AEDeterminePermissionToAutomateTarget`): 0, -1743, -1744. */
  permission?(memory: unknown): number;
  /** Starting Photos fails with this number. */
  readonly startFails?: number;
  /** How often it strikes unless told: for ever where absent. */
  readonly usualTimes?: number;
}

export interface Fault<How> {
  /** One sentence: what the person at the Mac would see. */
  readonly seen: string;
  /** Who saw or documented it; "open" where no public source settles it. */
  readonly source: string;
  /** One for each manner that makes a difference; without `name`. */
  readonly examples: readonly Omit<How, "name">[];
  hook(how: How): Hook;
}

export type FaultTable<How extends { readonly name: string }> = {
  readonly [Name in How["name"]]: Fault<Extract<How, { readonly name: Name }>>;
};

export const isEvent = (name: string) => (event: AppleEvent) => event.event === name;

/** Events that change something. */
export const isWrite = ({ event }: AppleEvent): boolean =>
  ["import", "add", "make", "delete", "set"].includes(event);
