import { type AppleEvent, type EventValue, isList } from "./apple-event.js";
import type { ApplicationState } from "./application-state.js";
import { cannotConvert, EventFailure, notPermitted, timedOut } from "./event-failure.js";
import type { VirtualTime } from "./virtual-time.js";

/** One thing that Photos was seen to do wrong, switched on by a test; plain JSON, so that it is kept in the package. */
export type PhotosMisbehaviour =
  /** No right to send events to Photos. */
  | { readonly name: "refuses-events" }
  /**
   * -1712, while the items still appear: after `lateByMs` of further time, at once where it is 0. `waitMs` shortens
   * the wait before it, for an executable that sleeps in real time.
   */
  | { readonly name: "import-times-out"; readonly lateByMs: number; readonly waitMs?: number }
  /** The items come in and the answer is missing value. */
  | { readonly name: "import-returns-nothing" }
  /** The album is made and the answer is missing value (Photos 12). */
  | { readonly name: "make-returns-nothing" }
  /** The album is made and the event fails with -1700 (Photos 12). */
  | { readonly name: "make-fails-though-made" }
  /** The first `add` leaves out every other item without a word. */
  | { readonly name: "add-drops-some" };

/** What a misbehaviour may touch. */
export interface MisbehaviourWorld {
  readonly time: VirtualTime;
  readonly application: ApplicationState;
  /** How long the sender of this event waits. */
  readonly timeoutMs: number;
  /** Has the event carried out later instead of now. */
  postpone(event: AppleEvent, lateByMs: number): void;
}

/** A hook around one event. Either half may throw an EventFailure, which is then what the script gets. */
interface Hook {
  /** Comes before anything happened. What it returns is carried out instead; null means nothing is. */
  before?(event: AppleEvent, world: MisbehaviourWorld): AppleEvent | null;
  /** Comes after the event was carried out. What it returns is answered instead. */
  after?(event: AppleEvent, reply: EventValue, world: MisbehaviourWorld): EventValue;
}

type Hooks = {
  readonly [Name in PhotosMisbehaviour["name"]]: (how: Extract<PhotosMisbehaviour, { name: Name }>) => Hook;
};

const hooks: Hooks = {
  "refuses-events": () => ({
    before: () => {
      throw new EventFailure(notPermitted);
    },
  }),
  "import-times-out": ({ lateByMs, waitMs }) => ({
    before: (event, world) => {
      if (event.event !== "import" || lateByMs === 0) return event;
      world.postpone(event, (waitMs ?? world.timeoutMs) + lateByMs);
      world.time.pass(waitMs ?? world.timeoutMs);
      throw new EventFailure(timedOut);
    },
    after: (event, reply, world) => {
      if (event.event !== "import") return reply;
      world.time.pass(waitMs ?? world.timeoutMs);
      throw new EventFailure(timedOut);
    },
  }),
  "import-returns-nothing": () => ({
    after: (event, reply) => (event.event === "import" ? null : reply),
  }),
  "make-returns-nothing": () => ({
    after: (event, reply) => (event.event === "make" ? null : reply),
  }),
  "make-fails-though-made": () => ({
    after: (event, reply) => {
      if (event.event !== "make") return reply;
      throw new EventFailure(cannotConvert);
    },
  }),
  "add-drops-some": () => ({
    before: (event, world) => {
      if (event.event !== "add" || !isList(event.direct) || world.application.recall("dropped")) return event;
      world.application.remember("dropped", true);
      return { ...event, direct: event.direct.filter((_item, index) => index % 2 === 0) };
    },
  }),
};

export function hookFor(misbehaviour: PhotosMisbehaviour): Hook {
  // The table above pairs every name with its own kind; the compiler cannot follow that through a lookup.
  const make = hooks[misbehaviour.name] as (how: PhotosMisbehaviour) => Hook;
  return make(misbehaviour);
}
