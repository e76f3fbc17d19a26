import type { ApplicationState } from "./application-state.js";
import type { HeldEvent } from "./import-behavior.js";
import { newUuid } from "./virtual-library.js";

interface Postponed extends HeldEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly dueAtMs: number;
}

const stateName = "postponed";

/**
 * What Photos still has to do for senders that wait no longer: a time-out bounds the wait, not the work. Kept in the
 * package and done when its time has come and anybody looks, so it outlives the process that sent the event; it goes
 * when Photos ends.
 */
export class PostponedWork {
  readonly #application: ApplicationState;

  constructor(application: ApplicationState) {
    this.#application = application;
  }

  add(held: HeldEvent, dueAtMs: number): void {
    this.begin(held, dueAtMs);
  }

  /**
   * Notes an event before it is carried out: should this process be killed meanwhile, as osascript may be, Photos has
   * the event all the same. `finish` crosses it out.
   */
  begin({ event, behavior }: HeldEvent, dueAtMs: number): { held: HeldEvent; finish: () => void } {
    const id = newUuid();
    const known = event.event === "import" ? { ...behavior, session: behavior.session ?? id } : behavior;
    const held = { event, behavior: known };
    this.#change((waiting) => [...waiting, { ...held, id, dueAtMs }]);
    return { held, finish: () => this.#crossOut(id) };
  }

  /** In the order in which it falls due. */
  carryOutDue(now: Date, carryOut: (work: HeldEvent, dueAt: Date) => void): void {
    for (;;) {
      const [next] = this.#waiting()
        .filter(({ dueAtMs }) => dueAtMs <= now.getTime())
        .sort((one, other) => one.dueAtMs - other.dueAtMs);
      if (next === undefined) return;
      // This process may be killed in between. What an import session holds already is not imported again, so an
      // import is crossed out afterwards; anything else must not be done twice.
      const isImport = next.event.event === "import";
      if (!isImport) this.#crossOut(next.id);
      carryOut(next, new Date(next.dueAtMs));
      if (isImport) this.#crossOut(next.id);
    }
  }

  #crossOut(done: string): void {
    this.#change((waiting) => waiting.filter(({ id }) => id !== done));
  }

  #change(change: (waiting: Postponed[]) => Postponed[]): void {
    this.#application.inTransaction(() => this.#application.remember(stateName, change(this.#waiting())));
  }

  #waiting(): Postponed[] {
    return this.#application.recall<Postponed[]>(stateName) ?? [];
  }
}
