import { type AppleEvent, type EventValue, isSpecifierValue, type ObjectSpecifier } from "../apple-event.js";
import { EventFailure, noSuchObject } from "../event-failure.js";
import { type FaultContext, type FaultTable, isWrite, type Trigger } from "./fault.js";

/** For `readyAfterMs` after each launch Photos runs and cannot do its work yet; which way is not known. */
export type StartFault = {
  readonly name: "starts-slowly";
  readonly readyAfterMs: number;
  /** Events wait · fail with `number` (-600 unless given) · are answered as if the library were empty. */
  readonly manner: "blocks" | "fails" | "nothing-there";
  readonly number?: number;
} & Trigger;

export const startFaults: FaultTable<StartFault> = {
  "starts-slowly": {
    seen: "Photos is open, but for a while its library is not: early questions wait, fail or find nothing.",
    source: "open which way; PhotoScript #67; jablonkai/skills gotchas.md",
    examples: [
      { readyAfterMs: 8000, manner: "blocks" },
      { readyAfterMs: 8000, manner: "fails" },
      { readyAfterMs: 8000, manner: "fails", number: -1728 },
      { readyAfterMs: 8000, manner: "nothing-there" },
    ],
    hook: ({ readyAfterMs, manner, number = -600 }) => ({
      concerns: (event, context) =>
        leftMs(context, readyAfterMs) > 0 && (manner !== "nothing-there" || isAboutLibrary(event)),
      before: (event, context) => {
        if (manner === "fails") throw new EventFailure(number);
        if (manner === "nothing-there") {
          if (isWrite(event) || namesOneObject(event)) throw new EventFailure(noSuchObject);
          return null;
        }
        const wait = leftMs(context, readyAfterMs);
        if (wait > context.timeoutMs) {
          context.postpone(event, wait);
          context.timeOut();
        }
        context.time.pass(wait);
        return event;
      },
      after: (event, reply) => (manner === "nothing-there" ? emptyAnswer(event) : reply),
    }),
  },
};

function leftMs(context: FaultContext, readyAfterMs: number): number {
  const started = context.application.running?.startedAt;
  // An event that starts Photos finds it at its very beginning.
  return started === undefined
    ? readyAfterMs
    : readyAfterMs - (context.time.now().getTime() - started.getTime());
}

function specifiersIn(event: AppleEvent): ObjectSpecifier[] {
  return [event.direct, ...Object.values(event.parameters)]
    .filter(isSpecifierValue)
    .map(({ object }) => object);
}

/** From the outside in, without the application itself. */
function steps(specifier: ObjectSpecifier): ObjectSpecifier[] {
  if (specifier.form === "application") return [];
  return [specifier, ...steps("from" in specifier ? specifier.from : specifier.of)];
}

/** Not `version()`, and not an album that is made by its name alone. */
function isAboutLibrary(event: AppleEvent): boolean {
  if (event.event === "import" || event.event === "add") return true;
  return specifiersIn(event).some((specifier) => steps(specifier).some(({ form }) => form !== "property"));
}

function namesOneObject(event: AppleEvent): boolean {
  if (event.event === "exists") return false;
  const single = ["id", "name", "index"];
  return specifiersIn(event).some((specifier) => steps(specifier).some(({ form }) => single.includes(form)));
}

function emptyAnswer({ event }: AppleEvent): EventValue {
  if (event === "count") return 0;
  return event === "exists" ? false : [];
}
