import type { StartedFrom } from "../integrations/started-from.js";

/** How a place is called in a sentence, what to do to run Rollcall from it, and whose name macOS shows in Settings. */
export interface Place {
  /** "from Shortcuts" */
  readonly from: string;
  /** The command that makes its files anew. */
  readonly setUp: string;
  /** How a person runs it from there once. */
  readonly runOnce: string;
  /** The app that macOS holds responsible. (unverified on macOS) */
  readonly app: string;
}

export const PLACES: Readonly<Record<StartedFrom, Place>> = {
  shortcuts: {
    from: "from Shortcuts",
    setUp: "rollcall setup shortcuts",
    runOnce:
      'Run "Import from iPhone" in the Shortcuts app once (Shortcuts > Settings > Advanced: Allow Running Scripts has to be on)',
    app: "Shortcuts",
  },
  automator: {
    from: "from the Quick Action",
    setUp: "rollcall setup automator",
    runOnce: "Choose Services > General > Import from iPhone in the menu of an app once",
    app: "the app whose menu you used",
  },
  agent: {
    from: "by the agent",
    setUp: "rollcall setup agent",
    runOnce: "Plug in an iPhone that you approved",
    app: "Rollcall",
  },
};
