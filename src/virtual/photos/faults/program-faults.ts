import { connectionInvalid, EventFailure, timedOut } from "../event-failure.js";
import { type FaultTable, isEvent, type Trigger } from "./fault.js";

/** The program Photos tires, hangs, ends, or shows something that somebody has to answer. */
export type ProgramFault =
  /**
   * After `afterItems` (2000) items since its launch every event takes `slowByMs` (5000) and more with each further
   * hundred; after `failsAfterItems` (500 more) every one fails, with `number` (-1712). A relaunch cures it.
   */
  | ({
      readonly name: "wears-out";
      readonly afterItems?: number;
      readonly failsAfterItems?: number;
      readonly slowByMs?: number;
      readonly number?: number;
    } & Trigger)
  /** Photos hangs: no event is answered until that process is gone. */
  | ({ readonly name: "stops-answering"; readonly manner: "times-out" | "blocks-for-good" } & Trigger)
  /**
   * Photos is quit or killed by somebody else, once: before the event (which starts it again), during it (-609;
   * `isDone`: what it asked for was done), or right after it answered.
   */
  | ({
      readonly name: "photos-ends";
      readonly when: "before" | "during" | "after";
      readonly isDone?: boolean;
    } & Trigger)
  /** A welcome, an upgrade or an iCloud notice covers the window, once, until somebody answers it. */
  | ({ readonly name: "sheet-opens"; readonly text?: string } & Trigger)
  /** How every sheet blocks: is `version()` answered under it, and does an event under it ever end? */
  | {
      readonly name: "sheets-differ";
      readonly answersVersion?: boolean;
      readonly blocksForGood?: boolean;
    };

export const programFaults: FaultTable<ProgramFault> = {
  "wears-out": {
    seen: "After some 2,000 pictures Photos becomes slow and then stops answering, until it is started anew.",
    source: "osxphotos #1960; codez/ImportPhotoFolders #27; akhudek/google-photos-to-apple-photos README",
    examples: [
      { afterItems: 2, failsAfterItems: 4 },
      { afterItems: 2, failsAfterItems: 2, number: -10000 },
    ],
    hook: ({
      afterItems = 2000,
      failsAfterItems = afterItems + 500,
      slowByMs = 5000,
      number = timedOut,
    }) => ({
      concerns: (_event, context) => context.application.importedSinceLaunch >= afterItems,
      before: (event, context) => {
        const items = context.application.importedSinceLaunch;
        if (items >= failsAfterItems) {
          if (number === timedOut) context.timeOut();
          throw new EventFailure(number);
        }
        const slowMs = slowByMs * (1 + Math.floor((items - afterItems) / 100));
        if (slowMs > context.timeoutMs) {
          context.postpone(event, slowMs);
          context.timeOut();
        }
        context.time.pass(slowMs);
        return event;
      },
    }),
  },
  "stops-answering": {
    seen: "Photos hangs until it is forced to quit.",
    source: "osxphotos #1970, #1974, #2219; PhotoScript #52",
    examples: [{ manner: "times-out" }, { manner: "blocks-for-good" }],
    hook: ({ manner }) => ({
      concerns: (_event, context) =>
        context.memory === null || context.memory === (context.application.running?.pid ?? null),
      before: (_event, context) => {
        context.memory = context.application.running?.pid ?? null;
        return manner === "times-out" ? context.timeOut() : context.blockForGood();
      },
    }),
  },
  "photos-ends": {
    seen: "Photos is quit or crashes in the middle of the work.",
    source: "codez/ImportPhotoFolders #24",
    examples: [{ when: "before" }, { when: "during" }, { when: "during", isDone: true }, { when: "after" }],
    hook: ({ when, isDone }) => ({
      usualTimes: 1,
      arrive: (_event, { application }) => {
        if (when === "before") application.end();
      },
      before: (event, context) => {
        if (when !== "during") return event;
        if (isDone) context.carryOut(event);
        context.application.end();
        throw new EventFailure(connectionInvalid);
      },
      after: (_event, reply, { application }) => {
        if (when === "after") application.end();
        return reply;
      },
    }),
  },
  "sheet-opens": {
    seen: "Photos shows a notice over its window and answers nothing until somebody clicks OK.",
    source: "actions/runner-images #553; jablonkai/skills gotchas.md",
    examples: [{}, { text: "Welcome to Photos" }],
    hook: ({ text = "Your library needs to be upgraded." }) => ({
      usualTimes: 1,
      before: (event, context) => {
        context.openSheet({ kind: "notice", text, held: null });
        return event;
      },
    }),
  },
  "sheets-differ": {
    seen: "While Photos shows a sheet, some questions are answered, or a question waits for ever.",
    source: 'open; AppleScript Language Guide "With Timeout" (a sheet can keep the time-out from firing)',
    examples: [{ answersVersion: true }, { blocksForGood: true }],
    hook: ({ answersVersion = false, blocksForGood = false }) => ({
      concerns: isEvent("nothing"),
      standing: { sheetAnswersVersion: answersVersion, sheetBlocksForGood: blocksForGood },
    }),
  },
};
