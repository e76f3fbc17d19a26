import type { StartedFrom } from "../integrations/started-from.js";
import { type Action, advise, type Remedy } from "../remedy.js";

/** How a place is called in a sentence, what to do to run Rollcall from it, and whose name macOS shows in Settings. */
interface Place {
  /** "from Shortcuts" */
  readonly from: string;
  /** What makes its files anew. */
  readonly setUp: Action;
  /** How a person runs it from there once. */
  readonly runOnce: string;
  /** The app that macOS holds responsible. (unverified on macOS) */
  readonly app: string;
  /** What to do where macOS refuses it Photos though it is switched on in Settings, or not listed there. */
  readonly ifRefused: Remedy;
}

export const PLACES: Readonly<Record<StartedFrom, Place>> = {
  shortcuts: {
    from: "from Shortcuts",
    setUp: { action: "setup", what: "shortcuts" },
    runOnce:
      'Run "Import from iPhone" in the Shortcuts app once (Shortcuts > Settings > Advanced: Allow Running Scripts has to be on)',
    app: "Shortcuts",
    ifRefused:
      "If it is not listed there, run the shortcut in the Shortcuts app and allow it when macOS asks. " +
      "If macOS does not ask, run Rollcall from Terminal.",
  },
  automator: {
    from: "from the Quick Action",
    setUp: { action: "setup", what: "automator" },
    runOnce: "Choose Services > General > Import from iPhone in the Finder's menu once",
    app: "the app whose menu you used",
    ifRefused:
      "If it is not listed there, use the Finder's menu: macOS may refuse another app's without a question. " +
      "If macOS does not ask then either, run Rollcall from Terminal.",
  },
  agent: {
    from: "by the agent",
    setUp: { action: "setup", what: "agent" },
    runOnce: "Plug in an iPhone that you approved",
    app: "Rollcall",
    ifRefused: advise`If it is on there, or not listed, run ${{ action: "setup", what: "agent" }} again: macOS holds it for an earlier Rollcall.app, and is made to forget that and to ask anew.`,
  },
};
