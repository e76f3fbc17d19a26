import { RunProgress } from "../../words/run-progress.js";
import { bytes, counted } from "../../words/wording.js";
import { barLines } from "./live-lines.js";

const BETWEEN_LINES_MS = 10_000;
const BETWEEN_DRAWINGS_MS = 250;

/** What is to be read. */
export interface CheckUpSize {
  readonly items: number;
  readonly bytes: number;
  /** "photos and videos", "files" */
  readonly words: string;
}

/** How far a check-up is, for a person. */
export interface CheckUpScreen {
  see(done: { readonly items: number; readonly bytes: number }): void;
  /** Takes the live part off the screen. */
  pause(): void;
  /** May be called twice. */
  close(): void;
  /** What a timer does by itself: draws again, or writes a line. */
  tick(): void;
}

interface CheckUpScreenDeps {
  readonly write: (text: string) => void;
  readonly now: () => number;
  /** Null where there is no terminal: then a line when it begins, and every 10 s. */
  readonly columns: (() => number) | null;
}

/** On a terminal one line that is drawn over itself, and gone at the end; else plain lines. */
export function checkUpScreen(size: CheckUpSize, { write, now, columns }: CheckUpScreenDeps): CheckUpScreen {
  // A reading and a copy are told in the same words: so many of so many, at a rate.
  const progress = new RunProgress();
  const begun = { type: "begun", runId: "", isContinued: false, library: null } as const;
  progress.see({ ...begun, items: size.items, bytes: size.bytes }, now());
  const parts = () => progress.copyingParts(now(), false).slice(0, size.bytes > 0 ? undefined : 1);
  let isDrawn = false;
  let isClosed = false;
  const erase = () => {
    if (isDrawn) write("\u001b[1A\u001b[0J");
    isDrawn = false;
  };
  const tick = () => {
    if (isClosed) return;
    if (columns === null) {
      write(
        `checked ${parts()
          .map(({ text }) => text)
          .join(", ")}\n`,
      );
      return;
    }
    const share = progress.copied.items / Math.max(1, size.items);
    const lines = barLines([{ label: "checking", share, parts: parts() }], columns());
    erase();
    write(`${lines.join("\n")}\n`);
    isDrawn = true;
  };
  if (columns === null) {
    const howMuch = size.bytes > 0 ? `, ${bytes(size.bytes)}` : "";
    write(`checking ${counted(size.items, size.words, size.words)}${howMuch}\n`);
  } else tick();
  const timer = setInterval(tick, columns === null ? BETWEEN_LINES_MS : BETWEEN_DRAWINGS_MS);
  timer.unref();
  return {
    tick,
    see: ({ items, bytes: done }) => progress.see({ type: "copied", items, bytes: done }, now()),
    pause: erase,
    close() {
      clearInterval(timer);
      erase();
      isClosed = true;
    },
  };
}
