import type { AppleEvent } from "./apple-event.js";
import type { ApplicationState } from "./application-state.js";
import type { FaultContext, Hook, Trigger } from "./faults/fault.js";
import type { ImportBehavior } from "./import-behavior.js";
import { hookFor, isAdmission, type PhotosFault, rankOf } from "./photos-fault.js";
import { chanceOf } from "./seeded-chance.js";
import type { StandingBehavior } from "./standing-behavior.js";

interface StoredFault {
  readonly how: PhotosFault;
  struck: number;
  /** The number of the first event that it struck; null where it has struck none. */
  struckAt: number | null;
  memory: unknown;
}

interface StoredFaults {
  events: number;
  faults: StoredFault[];
}

/** What a fault's world needs beyond what is its own. */
export type SharedFaultContext = Omit<FaultContext, "chance" | "seed" | "memory">;

/** One fault that strikes the event at hand. */
export interface ActiveFault {
  readonly hook: Hook;
  readonly context: FaultContext;
  /** It stands between the sender and a Photos that listens. */
  readonly isAdmission: boolean;
}

const stateName = "faults";

const neverStruck = { struck: 0, struckAt: null, memory: null };

/** The faults that are switched on, kept in the package so that every process of the stand-in has them. */
export class ActiveFaults {
  readonly #application: ApplicationState;

  constructor(application: ApplicationState) {
    this.#application = application;
  }

  replace(faults: readonly PhotosFault[]): void {
    for (const how of faults) hookFor(how);
    if (faults.length === 0) this.#application.forget(stateName);
    else this.#keep({ events: 0, faults: faults.map((how) => ({ how, ...neverStruck })) });
  }

  /** Counts the event and says which faults strike it, in the order in which it meets them. */
  faultsOn(event: AppleEvent, shared: SharedFaultContext): ActiveFault[] {
    if (this.#recall() === null) return [];
    // Kept before anything happens: an event whose sender is killed was an event.
    return this.#application.inTransaction(() => this.#countAndChoose(event, shared));
  }

  #countAndChoose(event: AppleEvent, shared: SharedFaultContext): ActiveFault[] {
    const stored = this.#recall();
    if (stored === null) return [];
    stored.events++;
    const activeFaults: (ActiveFault & { readonly rank: number })[] = [];
    stored.faults.forEach((fault, place) => {
      const hook = hookFor(fault.how);
      const context = this.#worldOf(fault, place, stored, shared);
      if (!isDue(fault, hook, stored.events, place) || hook.concerns?.(event, context) === false) return;
      fault.struck++;
      fault.struckAt ??= stored.events;
      activeFaults.push({ hook, context, isAdmission: isAdmission(fault.how), rank: rankOf(fault.how) });
    });
    this.#keep(stored);
    return activeFaults.sort((one, other) => one.rank - other.rank);
  }

  standing(): StandingBehavior {
    const faults = this.#recall()?.faults ?? [];
    return Object.assign({}, ...faults.map(({ how }) => hookFor(how).standing));
  }

  /** For each fault the number of the event that it struck first, counted since it was switched on; null where none. */
  firstOccurrences(): (number | null)[] {
    return (this.#recall()?.faults ?? []).map(({ struckAt }) => struckAt);
  }

  /** What the probe for permission answers; 0 where events are let through. */
  permission(): number {
    for (const { how, memory } of this.#recall()?.faults ?? []) {
      const answer = hookFor(how).permission?.(memory) ?? 0;
      if (answer !== 0) return answer;
    }
    return 0;
  }

  /** The number with which starting Photos fails; null where it starts. */
  startFailure(): number | null {
    for (const { how } of this.#recall()?.faults ?? []) {
      const number = hookFor(how).startFails;
      if (number !== undefined) return number;
    }
    return null;
  }

  #worldOf(
    fault: StoredFault,
    place: number,
    stored: StoredFaults,
    shared: SharedFaultContext,
  ): FaultContext {
    const seed = occasionOf(fault).seed ?? 0;
    const remember = (value: unknown) => this.#remember(place, fault.how, value);
    const number = stored.events;
    return {
      ...shared,
      // Another fault may have another package opened meanwhile.
      get library() {
        return shared.library;
      },
      seed,
      chance: (salt) => chanceOf(seed, place, number, salt),
      get memory() {
        return fault.memory;
      },
      set memory(value: unknown) {
        fault.memory = value;
        remember(value);
      },
    };
  }

  /** By then another process may have counted on, or other faults may be switched on. */
  #remember(place: number, how: PhotosFault, memory: unknown): void {
    this.#application.inTransaction(() => {
      const stored = this.#recall();
      const fault = stored?.faults[place];
      if (stored === null || fault?.how.name !== how.name) return;
      fault.memory = memory;
      this.#keep(stored);
    });
  }

  #recall(): StoredFaults | null {
    return this.#application.recall<StoredFaults>(stateName);
  }

  #keep(faults: StoredFaults): void {
    this.#application.remember(stateName, faults);
  }
}

/** What all strikes together make of an import. */
export function importBehaviorOf(activeFaults: readonly ActiveFault[]): ImportBehavior {
  return Object.assign({}, ...activeFaults.map(({ hook, context }) => hook.behavior?.(context)));
}

function isDue(fault: StoredFault, hook: Hook, eventNumber: number, place: number): boolean {
  const {
    atEvent = 1,
    times = hook.usualTimes ?? Number.POSITIVE_INFINITY,
    chance,
    seed = 0,
  } = occasionOf(fault);
  if (eventNumber < atEvent || fault.struck >= times) return false;
  return chance === undefined || chanceOf(seed, place, eventNumber, -1) < chance;
}

function occasionOf({ how }: StoredFault): Trigger {
  return how as Trigger;
}
