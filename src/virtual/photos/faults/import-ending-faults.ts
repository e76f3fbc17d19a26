import { connectionInvalid, EventFailure, notRunning, timedOut } from "../event-failure.js";
import { newUuid } from "../virtual-library.js";
import { type FaultContext, type FaultTable, isEvent, type Trigger } from "./fault.js";

/** An event ends badly, and what it was to do is done all the same, or in part, or later. */
export type ImportEndingFault =
  /**
   * -1712 after the sender's own wait, or after `waitMs` (for an executable, which sleeps in real time), while Photos
   * goes on: the items appear `lateByMs` after the wait (at once where 0), all together or one every `everyMs`;
   * `comes`: only so many of them ever do. `readsBlock`: until then other events wait too. `thenBrokenMs`: after it,
   * every event gets -609 for so long.
   */
  | ({
      readonly name: "import-times-out";
      readonly lateByMs: number;
      readonly waitMs?: number;
      readonly everyMs?: number;
      readonly comes?: number;
      readonly readsBlock?: boolean;
      readonly thenBrokenMs?: number;
    } & Trigger)
  /**
   * -609 after `afterItems` of the items (none unless given) came in. Either Photos is dead, or it was a plain
   * time-out, Photos lives, and the others come `lateByMs` later.
   */
  | ({
      readonly name: "import-loses-connection";
      readonly photos: "dies" | "lives";
      readonly afterItems?: number;
      readonly lateByMs?: number;
    } & Trigger)
  /** -600 from a Photos that runs and has imported everything. */
  | ({ readonly name: "import-says-not-running" } & Trigger)
  /** Any event, or every one of that name, fails with this number; `isDone`: though what it asked for was done. */
  | ({
      readonly name: "event-fails";
      readonly number: number;
      readonly event?: string;
      readonly isDone?: boolean;
    } & Trigger);

export const importEndingFaults: FaultTable<ImportEndingFault> = {
  "import-times-out": {
    seen: "Photos does not answer in time, and the pictures appear all the same, later, or never.",
    source:
      'AppleScript Language Guide "With Timeout"; osxphotos #1836, #1757; s-morgan-jeffries/apple-mail-fast-mcp #227 (-609 for some 30 s); what comes, and when, is open',
    examples: [
      { lateByMs: 0 },
      { lateByMs: 45_000 },
      { lateByMs: 10_000, everyMs: 5000 },
      { lateByMs: 10_000, everyMs: 2000, comes: 1 },
      { lateByMs: 0, comes: 0 },
      { lateByMs: 45_000, readsBlock: true },
      { lateByMs: 45_000, thenBrokenMs: 30_000 },
    ],
    hook: ({ lateByMs, waitMs, everyMs, comes, readsBlock, thenBrokenMs = 0 }) => ({
      concerns: isEvent("import"),
      before: (event, context) => {
        const wait = waitMs ?? context.timeoutMs;
        let busyMs = wait + lateByMs;
        if (everyMs !== undefined || comes !== undefined) {
          const session = newUuid();
          const count = context.countComing(event);
          const end = Math.min(comes ?? count, count);
          for (let item = 0; item < end; item++) {
            busyMs = wait + lateByMs + item * (everyMs ?? 0);
            context.postpone(event, busyMs, { from: item, to: item + 1, session });
          }
        } else if (lateByMs === 0) context.carryOut(event);
        else context.postpone(event, busyMs);
        if (readsBlock) stayBusy(context, busyMs);
        if (thenBrokenMs > 0) {
          context.application.remember("brokenUntil", context.time.now().getTime() + wait + thenBrokenMs);
        }
        context.time.pass(wait);
        throw new EventFailure(timedOut);
      },
    }),
  },
  "import-loses-connection": {
    seen: "The connection to Photos breaks in the middle of an import; some pictures are in.",
    source: 'codez/ImportPhotoFolders #24; SwiftAutomation manual "commands" (-609 for a time-out)',
    examples: [
      { photos: "dies" },
      { photos: "dies", afterItems: 1 },
      { photos: "lives", afterItems: 1, lateByMs: 20_000 },
      { photos: "lives", lateByMs: 0 },
    ],
    hook: ({ photos, afterItems = 0, lateByMs = 0 }) => ({
      concerns: isEvent("import"),
      before: (event, context) => {
        const session = newUuid();
        if (afterItems > 0) context.carryOut(event, { to: afterItems, session });
        if (photos === "dies") context.application.end();
        else context.postpone(event, lateByMs, { from: afterItems, session });
        throw new EventFailure(connectionInvalid);
      },
    }),
  },
  "import-says-not-running": {
    seen: "macOS says that Photos is not running, though it runs and has taken the pictures.",
    source: "osxphotos #1474",
    examples: [{}],
    hook: () => ({
      concerns: isEvent("import"),
      after: () => {
        throw new EventFailure(notRunning);
      },
    }),
  },
  "event-fails": {
    seen: "Something asked of Photos ends in an error, which says nothing about whether it was done.",
    source: 'Apple "Error Numbers and Error Messages"',
    examples: [
      { number: -10000, event: "import" },
      { number: -1712, event: "make", isDone: true },
      { number: -609, isDone: true, times: 1 },
      { number: -1728, times: 1 },
    ],
    hook: ({ number, event: name, isDone }) => ({
      concerns: (event) => name === undefined || event.event === name,
      before: (event) => {
        if (!isDone) throw new EventFailure(number);
        return event;
      },
      after: () => {
        throw new EventFailure(number);
      },
    }),
  },
};

function stayBusy({ application, time }: FaultContext, ms: number): void {
  const until = time.now().getTime() + ms;
  application.remember("busyUntil", Math.max(until, application.recall<number>("busyUntil") ?? 0));
}
