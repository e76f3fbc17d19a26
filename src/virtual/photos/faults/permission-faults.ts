import { consentNeeded, EventFailure, notPermitted } from "../event-failure.js";
import type { FaultTable, Trigger } from "./fault.js";

/** The person, and the system on their behalf, let events through or do not. */
export type PermissionFault =
  /** No right to send events to Photos. */
  | ({ readonly name: "refuses-events" } & Trigger)
  /**
   * Nothing was decided yet: the probe says -1744, the first event blocks while macOS asks, for `afterMs`, and what
   * the person answers holds for every event after it; `nobody` leaves the question standing.
   */
  | ({
      readonly name: "asks-permission";
      readonly answer: "allow" | "deny" | "nobody";
      readonly afterMs?: number;
    } & Trigger)
  /** Photos cannot be started: no graphical session, or Launch Services is in disorder. */
  | ({ readonly name: "photos-will-not-start"; readonly number?: -600 | -10810 } & Trigger);

interface PermissionAnswer {
  readonly isAllowed: boolean;
}

export const permissionFaults: FaultTable<PermissionFault> = {
  "refuses-events": {
    seen: "macOS lets no event through to Photos, though Photos itself is started (-1743).",
    source: 'felix-schwarz.org "Apple Event sandboxing in macOS Mojave"; osxphotos #2076',
    examples: [{}],
    hook: () => ({
      before: () => {
        throw new EventFailure(notPermitted);
      },
      permission: () => notPermitted,
    }),
  },
  "asks-permission": {
    seen: "macOS asks whether Photos may be controlled, and everything waits for the answer.",
    source:
      'felix-schwarz.org "Apple Event sandboxing in macOS Mojave"; AEDeterminePermissionToAutomateTarget',
    examples: [{ answer: "allow", afterMs: 4000 }, { answer: "deny" }, { answer: "nobody" }],
    hook: ({ answer, afterMs = 0 }) => ({
      before: (event, context) => {
        if (context.memory === null) {
          if (answer === "nobody") context.blockForGood();
          context.time.pass(afterMs);
          context.memory = { isAllowed: answer === "allow" } satisfies PermissionAnswer;
        }
        if (!(context.memory as PermissionAnswer).isAllowed) throw new EventFailure(notPermitted);
        return event;
      },
      permission: (memory) => {
        if (memory === null) return consentNeeded;
        return (memory as PermissionAnswer).isAllowed ? 0 : notPermitted;
      },
    }),
  },
  "photos-will-not-start": {
    seen: "Photos does not start, however often it is asked.",
    source: 'osxphotos #1764 (-600); Apple "Error Numbers and Error Messages" (-10810)',
    examples: [{}, { number: -10810 }],
    hook: ({ number = -600 }) => ({
      startFails: number,
      concerns: (_event, context) => context.application.running === null,
      arrive: () => {
        throw new EventFailure(number);
      },
    }),
  },
};
