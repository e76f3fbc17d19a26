import { isSameChoice } from "./selection.js";
import type { Requests } from "./server-state.js";

type ChoiceRequest = Requests["/api/choice"];

interface ChoiceSyncHooks {
  /** Resolves once the server has taken it; rejects where it would not. */
  readonly send: (request: ChoiceRequest) => Promise<void>;
  /** The server's choice, after another tab changed it or the server refused ours. */
  readonly onChosen: (chosen: ReadonlySet<number>) => void;
  readonly onRefused: (error: unknown) => void;
}

/**
 * Brings the server, which holds the choice, what a person chose here: one request at a time, and the last wish wins.
 * What another tab chose is taken over once nothing of ours is on its way.
 */
export class ChoiceSync {
  readonly #hooks: ChoiceSyncHooks;
  #plan = -1;
  #revision = -1;
  /** What the server has, as far as known here. */
  #sent: ReadonlySet<number> = new Set();
  #wanted: ReadonlySet<number> = new Set();
  #sending: Promise<void> | null = null;
  /** What we sent and have not heard back of: the server tells every tab, and so us, of each. */
  #unheard: ReadonlySet<number>[] = [];
  #heardMeanwhile: ReadonlySet<number> | null = null;

  constructor(hooks: ChoiceSyncHooks) {
    this.#hooks = hooks;
  }

  /** Another list of photos, and what the server said of its choice together with it. */
  begin(plan: number, revision: number, chosen: Iterable<number>): void {
    this.#plan = plan;
    this.#revision = revision;
    this.#sent = this.#wanted = new Set(chosen);
    this.#unheard = [];
    this.#heardMeanwhile = null;
  }

  want(chosen: ReadonlySet<number>): void {
    this.#wanted = chosen;
    this.#sending ??= this.#sendUntilEqual();
  }

  /** Resolves once the server has what was wanted: an import begins with exactly that. */
  async settled(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
  }

  /** What the server told all its pages. */
  hear(plan: number, revision: number, ids: Iterable<number>): void {
    if (plan !== this.#plan || revision <= this.#revision) return;
    this.#revision = revision;
    if (this.#sending === null) this.#take(new Set(ids));
    else this.#heardMeanwhile = new Set(ids);
  }

  async #sendUntilEqual(): Promise<void> {
    try {
      while (!isSameChoice(this.#wanted, this.#sent)) {
        const { plan, wanted } = { plan: this.#plan, wanted: this.#wanted };
        for (const request of requestsFor(plan, this.#sent, wanted)) {
          await this.#hooks.send(request);
          if (plan !== this.#plan) break;
          this.#sent = afterRequest(this.#sent, request);
          this.#unheard.push(this.#sent);
        }
      }
      this.#sending = null;
      if (this.#heardMeanwhile !== null) this.#take(this.#heardMeanwhile);
    } catch (error) {
      this.#sending = null;
      this.#wanted = this.#sent = this.#heardMeanwhile ?? this.#sent;
      this.#hooks.onChosen(this.#wanted);
      this.#hooks.onRefused(error);
    } finally {
      this.#heardMeanwhile = null;
    }
  }

  #take(heard: ReadonlySet<number>): void {
    const isNow = isSameChoice(heard, this.#wanted);
    // An echo of something that was changed here since: the echo of that change is yet to come.
    if (!isNow && this.#unheard.some((own) => isSameChoice(own, heard))) return;
    this.#unheard = [];
    this.#sent = this.#wanted = heard;
    if (!isNow) this.#hooks.onChosen(heard);
  }
}

/** The shorter way from one choice to another: what was added and what was taken away, or the whole anew. */
function requestsFor(plan: number, from: ReadonlySet<number>, to: ReadonlySet<number>): ChoiceRequest[] {
  const added = [...to].filter((id) => !from.has(id));
  const removed = [...from].filter((id) => !to.has(id));
  if (added.length + removed.length >= to.size) return [{ plan, change: "replace", ids: [...to] }];
  const requests: ChoiceRequest[] = [];
  if (added.length > 0) requests.push({ plan, change: "add", ids: added });
  if (removed.length > 0) requests.push({ plan, change: "remove", ids: removed });
  return requests;
}

function afterRequest(chosen: ReadonlySet<number>, { change, ids }: ChoiceRequest): ReadonlySet<number> {
  if (change === "replace") return new Set(ids);
  const after = new Set(chosen);
  for (const id of ids)
    if (change === "add") after.add(id);
    else after.delete(id);
  return after;
}
