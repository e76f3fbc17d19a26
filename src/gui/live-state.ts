import type { Clock } from "../clock.js";
import { AutoResetEvent } from "../phone/auto-reset-event.js";
import type { Change, PageState, TileAnswer } from "./page/server-state.js";

/** A page that is not told anything for so long could not know whether the server is there. */
const MOST_SILENCE_MS = 10_000;
/** What changes in between is told together. */
const BETWEEN_CHANGES_MS = 100;

/** What is chosen, as all tabs are told. */
interface ChosenNow {
  readonly plan: number;
  readonly revision: number;
  readonly ids: readonly number[];
}

/**
 * The one state behind all tabs. It lives here and not in a page, so that a page that is closed loses nothing, and
 * whoever opens one again is where it is.
 */
export class LiveState {
  #state: PageState;
  #chosen: ChosenNow = { plan: 0, revision: 0, ids: [] };
  #run = { number: 0, plan: 0 };
  /** Of the run that is on, or was last; in the order in which they were given. */
  #answers: TileAnswer[] = [];
  #isOver = false;
  readonly #clock: Clock;
  readonly #listeners = new Set<AutoResetEvent>();

  constructor(state: PageState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  get now(): PageState {
    return this.#state;
  }

  get chosen(): ChosenNow {
    return this.#chosen;
  }

  /** Of how many tabs is told. */
  get pages(): number {
    return this.#listeners.size;
  }

  set(part: Partial<PageState>): void {
    this.#state = { ...this.#state, ...part };
    this.#wake();
  }

  setChosen(chosen: ChosenNow): void {
    this.#chosen = chosen;
    this.#wake();
  }

  /** Answers from here on are of this run, whose photos are those of this plan. */
  beginRun(number: number, plan: number): void {
    this.#run = { number, plan };
    this.#answers = [];
    this.#wake();
  }

  answer(answer: TileAnswer): void {
    this.#answers.push(answer);
    this.#wake();
  }

  /** Tells every page that the server ends. */
  quit(): void {
    this.#isOver = true;
    this.#wake();
  }

  /**
   * Everything as it is, then what changes, until the signal aborts or the server ends. A reader that is slow is told
   * the state of the moment when it reads, and not each one before.
   */
  async *changes(signal: AbortSignal): AsyncGenerator<Change, void, void> {
    const changed = new AutoResetEvent(this.#clock);
    this.#listeners.add(changed);
    let state: PageState | null = null;
    let chosen: ChosenNow | null = null;
    let run: { readonly number: number; readonly plan: number } | null = null;
    let told = 0;
    try {
      for (;;) {
        let isSilent = true;
        if (state !== this.#state) {
          state = this.#state;
          isSilent = false;
          yield { type: "state", state };
        }
        if (chosen !== this.#chosen) {
          chosen = this.#chosen;
          isSilent = false;
          yield { type: "choice", ...chosen };
        }
        if (run !== this.#run) {
          run = this.#run;
          told = 0;
        }
        if (told < this.#answers.length) {
          const answers = this.#answers.slice(told);
          told = this.#answers.length;
          isSilent = false;
          yield { type: "answers", run: run.number, plan: run.plan, answers };
        }
        if (this.#isOver) return yield { type: "quit" };
        if (isSilent) yield { type: "still-here" };
        await changed.waitFor(MOST_SILENCE_MS, signal);
        if (!this.#isOver) await this.#clock.wait(BETWEEN_CHANGES_MS, signal);
      }
    } finally {
      this.#listeners.delete(changed);
    }
  }

  #wake(): void {
    for (const listener of this.#listeners) listener.set();
  }
}
