import { resolve } from "node:path";
import { type Clock, systemClock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import type { FirstTouch, FreeSpace, LibraryAccess } from "../photos/library-access.js";
import { type AskedInChild, type AskInChild, askInChild } from "./ask-in-child.js";
import type { TouchAnswer } from "./first-touch-work.js";
import { libraryNotAnswered } from "./library-trouble.js";

/** So long a question about a library may keep a run. */
export const ANSWER_WITHIN_MS = 10_000;

interface LibraryAccessOptions {
  /** The app that macOS asks about, "Terminal"; null where nobody knows. */
  readonly app: string | null;
  readonly ask?: AskInChild;
  readonly clock?: Clock;
  /** Whether the disk takes `a` for `A`: a Mac's usually does. */
  readonly isCaseBlind?: boolean;
}

/** {@link LibraryAccess} by child processes that can be left behind. */
export function libraryAccess({
  app,
  ask = askInChild,
  clock = systemClock,
  isCaseBlind = process.platform === "darwin",
}: LibraryAccessOptions): LibraryAccess {
  const touches = new Map<string, FirstTouch>();
  const inTime = (asked: AskedInChild, leftMs: number, signal: AbortSignal | undefined) =>
    answerInTime(asked, { clock, leftMs, signal });

  return {
    async locate(given, signal) {
      const path = resolve(given);
      const asked = ask({ ask: "locate", path, isCaseBlind });
      try {
        const answer = await inTime(asked, ANSWER_WITHIN_MS, signal);
        if (answer?.kind !== "folder" && answer?.kind !== "other" && answer?.kind !== "absent")
          return { kind: "silent", path };
        return { kind: answer.kind, path: answer.path };
      } finally {
        asked.cancel();
      }
    },

    async freeSpace(path, signal): Promise<FreeSpace | null> {
      const asked = ask({ ask: "freeSpace", path: resolve(path), isCaseBlind });
      try {
        const answer = await inTime(asked, ANSWER_WITHIN_MS, signal);
        return answer?.kind === "space" ? { volume: answer.volume, freeBytes: answer.freeBytes } : null;
      } finally {
        asked.cancel();
      }
    },

    touch(given) {
      const path = resolve(given);
      let touch = touches.get(path);
      if (touch === undefined) {
        const asked = ask({ ask: "touch", path, isCaseBlind });
        touches.set(path, (touch = new TouchInChild(asked, libraryNotAnswered(path, app), clock)));
        // What failed tells nothing of the package, nor does a disk that is away: whoever comes next asks anew.
        void asked.answer.then(({ kind }) => kind === "touched" || touches.delete(path));
      }
      return touch;
    },
  };
}

/** Nothing is there, or what is there was touched: the next look at it waits for nobody. */
function isAnswer({ kind }: TouchAnswer): boolean {
  return kind === "touched" || kind === "absent";
}

class TouchInChild implements FirstTouch {
  readonly answer: Promise<void>;
  readonly waiting: FirstTouch["waiting"];
  readonly #asked: AskedInChild;
  readonly #clock: Clock;
  readonly #begunMs: number;

  constructor(asked: AskedInChild, waiting: FirstTouch["waiting"], clock: Clock) {
    this.#asked = asked;
    this.#clock = clock;
    this.#begunMs = clock.now().getTime();
    this.waiting = waiting;
    // What failed is no answer: the package stays untouched from here.
    this.answer = asked.answer.then((answer) => (isAnswer(answer) ? undefined : new Promise(() => {})));
  }

  async inTime(signal?: AbortSignal): Promise<boolean> {
    const leftMs = Math.max(0, this.#begunMs + ANSWER_WITHIN_MS - this.#clock.now().getTime());
    const answer = await answerInTime(this.#asked, { clock: this.#clock, leftMs, signal });
    return answer !== null && isAnswer(answer);
  }

  async answered(signal?: AbortSignal): Promise<void> {
    const answer = await answerInTime(this.#asked, { clock: this.#clock, leftMs: null, signal });
    if (answer !== null && isAnswer(answer)) return;
    throw new RollcallError("LIBRARY_UNREADABLE", {
      message: "It is not known whether the Photos library may be read.",
      why: answer?.kind === "failed" ? answer.message : undefined,
      remedy: "Run the same command again.",
    });
  }
}

/**
 * @param leftMs null: however long it takes
 * @returns null where it was late
 * @throws RollcallError STOPPED
 */
async function answerInTime(
  asked: AskedInChild,
  {
    clock,
    leftMs,
    signal,
  }: { readonly clock: Clock; readonly leftMs: number | null; readonly signal: AbortSignal | undefined },
): Promise<Awaited<AskedInChild["answer"]> | null> {
  if (signal?.aborted) throw stopped(signal);
  const release = asked.hold();
  const timer = new AbortController();
  let onAbort = () => {};
  const abort = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal === undefined ? undefined : stopped(signal));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  const late = leftMs === null ? [] : [clock.wait(leftMs, timer.signal).then(() => null)];
  for (const one of late) one.catch(() => {});
  try {
    return await Promise.race([asked.answer, abort, ...late]);
  } finally {
    timer.abort();
    signal?.removeEventListener("abort", onAbort);
    release();
  }
}
