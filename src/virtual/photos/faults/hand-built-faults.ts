import { type AppleEvent, byId } from "../apple-event.js";
import { EventFailure } from "../event-failure.js";
import { newUuid } from "../virtual-library.js";
import type { FaultTable, Trigger } from "./fault.js";

/** An import event that was built by hand does not do what the plain one does; that one is as always. */
export type HandBuiltFault =
  /** It is answered with an error; `isDone`: though everything came in. */
  | ({
      readonly name: "hand-built-import-fails";
      readonly number: number;
      readonly isDone?: boolean;
    } & Trigger)
  /**
   * It is answered well, and nothing comes in: by missing value, an empty list, or an id that there is not.
   * `lateByMs`: everything comes so long after the answer.
   */
  | ({
      readonly name: "hand-built-import-does-nothing";
      readonly as?: "null" | "empty list" | "wrong id";
      readonly lateByMs?: number;
    } & Trigger);

/** A plain event says nothing of how long its sender waits. */
const isHandBuilt = ({ event, timeoutSeconds }: AppleEvent) =>
  event === "import" && timeoutSeconds !== undefined;

export const handBuiltFaults: FaultTable<HandBuiltFault> = {
  "hand-built-import-fails": {
    seen: "Photos refuses an import event that carries a time-out of its own, and takes the ordinary one.",
    source: "open: no public code sends the import event so; the numbers are those of the error catalogue",
    examples: [
      { number: -1728 },
      { number: -10000 },
      { number: -1708 },
      { number: -43 },
      { number: -128 },
      { number: -10004 },
      { number: -1743 },
      { number: -1700, isDone: true },
    ],
    hook: ({ number, isDone }) => ({
      concerns: isHandBuilt,
      before: (event) => {
        if (!isDone) throw new EventFailure(number);
        return event;
      },
      after: () => {
        throw new EventFailure(number);
      },
    }),
  },
  "hand-built-import-does-nothing": {
    seen: "Photos answers an import event that carries a time-out of its own as if all were well, and imports nothing.",
    source:
      "open; Apple's header of NSAppleEventDescriptor (default options annotate files for a sandboxed receiver)",
    examples: [{}, { as: "empty list" }, { as: "wrong id" }, { as: "empty list", lateByMs: 10_000 }],
    hook: ({ as = "null", lateByMs }) => ({
      concerns: isHandBuilt,
      before: (event, context) => {
        if (lateByMs !== undefined) context.postpone(event, lateByMs);
        return null;
      },
      after: () => {
        if (as === "wrong id") return [byId("mediaItems", `${newUuid()}/L0/001`)];
        return as === "null" ? null : [];
      },
    }),
  },
};
