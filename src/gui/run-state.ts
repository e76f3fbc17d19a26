import type { RunEvent } from "../run/run-events.js";
import { LOOK_AT_PHOTOS, RunProgress } from "../words/run-progress.js";
import type { RunEnd, RunNow } from "./page/server-state.js";

const MOST_NOTICES = 50;

/** One import as the page shows it. Pure: it is told the time. */
export class RunState {
  readonly #number: number;
  readonly #phone: string;
  readonly #progress: RunProgress;
  readonly #notices: { code: string; message: string }[] = [];
  #proved = 0;
  #isStopping = false;
  #end: RunEnd | null = null;
  #isSafeToUnplug = false;

  /** @param earlierMsPerItem how long Photos took for an item in earlier imports; null where nobody knows */
  constructor(number: number, phone: string, earlierMsPerItem: number | null) {
    this.#number = number;
    this.#phone = phone;
    this.#progress = new RunProgress(earlierMsPerItem);
  }

  /** Bytes copied so far; null while nothing is copied, and once all is. */
  get copiedBytes(): number | null {
    const { total, isCopied, copied } = this.#progress;
    return total === null || isCopied || this.#end !== null ? null : copied.bytes;
  }

  see(event: RunEvent, nowMs: number): void {
    this.#progress.see(event, nowMs);
    if (event.type === "proved") this.#proved = event.items;
    if (event.type !== "notice") return;
    const { code, message } = event;
    this.#notices.push({ code, message });
    if (this.#notices.length > MOST_NOTICES) this.#notices.shift();
  }

  stopping(): void {
    this.#isStopping = true;
  }

  ended(end: RunEnd, isSafeToUnplug: boolean): void {
    this.#end = end;
    this.#isSafeToUnplug = isSafeToUnplug;
  }

  at(nowMs: number): RunNow {
    const progress = this.#progress;
    const total = progress.total ?? { items: 0, bytes: 0 };
    const waitingFor = this.#end === null ? progress.waitingText(nowMs) : null;
    const leftMs = this.#end === null ? progress.wholeLeftMs(nowMs) : null;
    const [, ...more] = progress.importingParts(nowMs);
    const photosIs = more.find(({ text }) => text.startsWith("Photos"))?.text ?? null;
    const isLate = this.#end === null && progress.isSheetLikely(nowMs);
    return {
      number: this.#number,
      phone: this.#phone,
      phase: this.#phase(waitingFor),
      waitingFor,
      copied: {
        items: progress.copied.items,
        ofItems: total.items,
        bytes: progress.copied.bytes,
        ofBytes: total.bytes,
      },
      imported: { items: progress.imported, ofItems: total.items },
      proved: this.#proved,
      bytesPerSecond: progress.isCopied ? null : progress.rate(nowMs),
      secondsLeft: leftMs === null ? null : leftMs / 1000,
      photosIs: this.#end === null ? (isLate ? LOOK_AT_PHOTOS : photosIs) : null,
      isLookAtPhotos: isLate,
      notices: [...this.#notices],
      isStopping: this.#isStopping,
      isSafeToUnplug: this.#isSafeToUnplug,
      end: this.#end,
    };
  }

  #phase(waitingFor: string | null): RunNow["phase"] {
    if (this.#end !== null) return "ended";
    if (this.#progress.total !== null) return "working";
    return waitingFor !== null || this.#progress.phone === "" ? "waiting" : "reading";
  }
}
